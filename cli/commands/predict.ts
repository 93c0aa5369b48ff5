import type { Command } from 'commander';
import { DistillError, mostProbable, predict, take } from 'wasm-distill';
import { classesOf } from 'wasm-distill/graph';
import { type Context, withEngine } from '../context.ts';
import { SIZE_HELP } from '../data/ask.ts';
import { loadUnlabeled, withClasses } from '../data/load.ts';
import { type Data, likeOfModel } from '../data/reader.ts';
import { outlineOf } from '../data/stream.ts';
import { type LoadedModel, loadModels } from '../files/load-models.ts';
import { counted } from '../format/numbers.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';

const OPTIONS = ['input', 'size', 'crop', 'limit', 'threads', 'json'] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill predict student.safetensors t10k-images-idx3-ubyte.gz
  wasm-distill predict student.safetensors images-idx3-ubyte --limit 10 --json
  wasm-distill predict student.safetensors photo.png              resized as the images it was trained on
  wasm-distill predict student.safetensors new-rows.csv

Each line holds the sample's number from 0, the predicted class and its probability, separated by tabs;
with --json, each sample also has the probabilities of all classes.`;

export function predictCommand(program: Command, context: Context): void {
  const command = program
    .command('predict')
    .summary('classify images, or rows of a table')
    .description('Says of each image or row which class a saved model takes it for; labels are not read.')
    .argument('<model>', 'a safetensors file of wasm-distill')
    .argument(
      '<images>',
      'what --data takes elsewhere: an image, a folder of images, IDX, Parquet, CSV, npy, …',
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, { limit: { help: 'only the first n samples' }, size: { help: SIZE_HELP } });
  command.action((model, images, raw) => run(model, images, readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(path: string, images: string, options: Options, context: Context): Promise<void> {
  const loaded = (await loadModels([path]))[0]!;
  const { model } = loaded;
  const classes = classesOf(model.architecture);
  const data = await samplesOf(images, options, loaded, context);
  const probabilities = await withEngine(options.threads, async (engine) => {
    const bar = context.progress.start('prediction', data.size);
    const made = await predict(engine, [model], data, {
      signal: context.controller.signal,
      onProgress: ({ samples }) => bar.update(samples),
    });
    bar.done(counted(data.size, 'sample'));
    return made;
  });
  context.progress.close();
  const rows = Array.from({ length: data.size }, (_, i) =>
    probabilities.subarray(i * classes, (i + 1) * classes),
  );
  process.stdout.write(
    options.json
      ? `${JSON.stringify(rows.map((row, i) => asObject(row, i, model.classNames)))}\n`
      : `${rows.map((row, i) => asLine(row, i, model.classNames)).join('\n')}\n`,
  );
}

/** All samples of a place; labels aren't read. */
async function samplesOf(
  where: string,
  options: Options,
  loaded: LoadedModel,
  context: Context,
): Promise<Data> {
  const { architecture } = loaded.model;
  const like = likeOfModel(loaded, architecture.input.shape);
  const { limit, ...how } = options;
  const data = withClasses(await loadUnlabeled(where, how, context, like), classesOf(architecture));
  if (limit === undefined) return data;
  if (limit > data.size) {
    const what = outlineOf(data).inputs.shape.length === 3 ? 'image' : 'sample';
    throw new DistillError(
      'bad-argument',
      `--limit ${limit} is more than the ${counted(data.size, what)} of ${where}: give at most ${data.size}`,
    );
  }
  return take(data, limit);
}

type Names = readonly string[] | undefined;

function asObject(row: Float32Array, index: number, names: Names) {
  const label = mostProbable(row);
  const name = names && { name: names[label]! };
  return { index, label, ...name, probability: row[label], probabilities: [...row] };
}

function asLine(row: Float32Array, index: number, names: Names): string {
  const label = mostProbable(row);
  return [index, names?.[label] ?? label, row[label]!.toFixed(4)].join('\t');
}
