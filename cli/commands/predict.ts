import type { Command } from 'commander';
import { DistillError, predict, take } from 'wasm-distill';
import { classesOf } from 'wasm-distill/graph';
import { type Context, withEngine } from '../context.ts';
import { SIZE_HELP } from '../data/ask.ts';
import { loadUnlabeled, withClasses } from '../data/load.ts';
import { type Data, likeOfModel } from '../data/reader.ts';
import { withInput } from '../data/standard-input.ts';
import { outlineOf } from '../data/stream.ts';
import { type LoadedModel, loadModels } from '../files/load-models.ts';
import { isSameFile } from '../files/targets.ts';
import { counted } from '../format/numbers.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';
import { formatOf, formatOption } from '../predictions/format.ts';
import { type Predictions, piecesOf } from '../predictions/rows.ts';
import { toFile, toOutput } from '../predictions/write.ts';

const OPTIONS = [
  ...['input', 'size', 'crop', 'limit', 'threads'],
  ...['out', 'force', 'json'],
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill predict student.safetensors t10k-images-idx3-ubyte.gz
  wasm-distill predict student.safetensors images-idx3-ubyte --limit 10 --json
  wasm-distill predict student.safetensors photo.png              resized as the images it was trained on
  wasm-distill predict student.safetensors new-rows.csv --out predicted.csv
  wasm-distill predict student.safetensors photos --format jsonl  of a folder, with the images' names
  curl https://example.org/photo.jpg | wasm-distill predict student.safetensors -

As text each line holds the sample's number from 0, the predicted class and its probability, separated by tabs, and of
several images the file's name. csv and jsonl have the probabilities of all classes, too; npy has these alone, as floats
[samples, classes]. With --json, an array of objects is printed.`;

export function predictCommand(program: Command, context: Context): void {
  const command = program
    .command('predict')
    .summary('classify images, or rows of a table')
    .description('Says of each image or row which class a saved model takes it for; labels are not read.')
    .argument('<model>', 'a safetensors file of wasm-distill')
    .argument(
      '<images>',
      'what --data takes elsewhere: an image, a folder of images, IDX, Parquet, CSV, npy, …; - is standard input',
    )
    .addHelpText('after', EXAMPLES);
  formatOption.addOptions(command, ['format']);
  addOptions(command, OPTIONS, {
    limit: { help: 'only the first n samples' },
    size: { help: SIZE_HELP },
    out: { flags: '--out <file>', help: 'the file to write (default: standard output)' },
  });
  command.action((model, images, raw) => {
    const options = { ...readOptions(OPTIONS, raw), ...formatOption.readOptions(['format'], raw) };
    return run(model, images, options, context);
  });
}

type Options = Settings<(typeof OPTIONS)[number]> & ReturnType<typeof formatOption.readOptions<'format'>>;

async function run(path: string, images: string, options: Options, context: Context): Promise<void> {
  const format = formatOf(options, process.stdout.isTTY === true);
  const { out, force } = options;
  const loaded = (await loadModels([path]))[0]!;
  const { signal } = context.controller;
  const make = () =>
    withInput(images, signal, async (where) =>
      piecesOf(await predictions(where, options, loaded, context), format),
    );
  if (out === undefined) return toOutput(await make(), signal);
  for (const input of [path, images])
    if (await isSameFile(out, input))
      throw new DistillError('bad-argument', `--out ${out} is what is read: give another file`);
  await toFile(out, force, make);
}

async function predictions(
  where: string,
  options: Options,
  loaded: LoadedModel,
  context: Context,
): Promise<Predictions> {
  const {
    progress,
    controller: { signal },
  } = context;
  const { model } = loaded;
  const { data, names: files } = await samplesOf(where, options, loaded, context);
  const probabilities = await withEngine(options.threads, async (engine) => {
    const bar = progress.start('prediction', data.size);
    const made = await predict(engine, [model], data, {
      signal,
      onProgress: ({ samples }) => bar.update(samples),
    });
    bar.done(counted(data.size, 'sample'));
    return made;
  });
  progress.close();
  const { classNames, architecture } = model;
  return { probabilities, classes: classesOf(architecture), classNames, files };
}

/** All samples of a place; labels aren't read. */
async function samplesOf(
  where: string,
  options: Options,
  loaded: LoadedModel,
  context: Context,
): Promise<{ data: Data; names: readonly string[] | undefined }> {
  const { architecture } = loaded.model;
  const like = likeOfModel(loaded, architecture.input.shape);
  const { input, size, crop, limit } = options;
  const found = await loadUnlabeled(where, { input, size, crop }, context, like);
  const data = withClasses(found.data, classesOf(architecture));
  if (limit === undefined) return { ...found, data };
  if (limit > data.size) {
    const what = outlineOf(data).inputs.shape.length === 3 ? 'image' : 'sample';
    throw new DistillError(
      'bad-argument',
      `--limit ${limit} is more than the ${counted(data.size, what)} of ${where}: give at most ${data.size}`,
    );
  }
  return { ...found, data: take(data, limit) };
}
