import type { Command } from 'commander';
import { type Dataset, DistillError, mostProbable, predict, take } from 'wasm-distill';
import { grayImages } from 'wasm-distill/data';
import { readIdx } from 'wasm-distill/formats';
import { classesOf } from 'wasm-distill/graph';
import { type Context, withEngine } from '../context.ts';
import { loadModels } from '../files/load-models.ts';
import { read } from '../files/run-files.ts';
import { counted } from '../format/numbers.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';

const OPTIONS = ['limit', 'threads', 'json'] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill predict student.safetensors t10k-images-idx3-ubyte.gz
  wasm-distill predict student.safetensors images-idx3-ubyte --limit 10 --json

Each line holds the image's number from 0, the predicted class and its probability, separated by tabs;
with --json, each image also has the probabilities of all classes.`;

export function predictCommand(program: Command, context: Context): void {
  const command = program
    .command('predict')
    .summary('classify the images of an IDX file')
    .description('Says of each image of an IDX file which class a saved model takes it for.')
    .argument('<model>', 'a safetensors file of wasm-distill')
    .argument('<images>', 'an IDX file of images (n × height × width bytes), plain or .gz')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, { limit: { help: 'only the first n images' } });
  command.action((model, images, raw) => run(model, images, readOptions(OPTIONS, raw), context));
}

async function run(
  path: string,
  images: string,
  options: Settings<(typeof OPTIONS)[number]>,
  context: Context,
): Promise<void> {
  const { model } = (await loadModels([path]))[0]!;
  const classes = classesOf(model.architecture);
  const data = await loadImages(images, classes, options.limit);
  const probabilities = await withEngine(options.threads, async (engine) => {
    const bar = context.progress.start('prediction', data.size);
    const made = await predict(engine, [model], data, {
      signal: context.controller.signal,
      onProgress: ({ samples }) => bar.update(samples),
    });
    bar.done(counted(data.size, 'image'));
    return made;
  });
  context.progress.close();
  const rows = Array.from({ length: data.size }, (_, i) =>
    probabilities.subarray(i * classes, (i + 1) * classes),
  );
  process.stdout.write(
    options.json ? `${JSON.stringify(rows.map(asObject))}\n` : `${rows.map(asLine).join('\n')}\n`,
  );
}

/** Only the images; a data set's labels aren't read. */
async function loadImages(file: string, classes: number, limit: number | undefined): Promise<Dataset> {
  const images = await readIdx(await read(file), file);
  const size = images.shape[0]!;
  const data = grayImages(images, undefined, { name: file, classes });
  if (limit === undefined) return data;
  if (limit > size) {
    throw new DistillError(
      'bad-argument',
      `--limit ${limit} is more than the ${counted(size, 'image')} of ${file}: give at most ${size}`,
    );
  }
  return take(data, limit);
}

function asObject(row: Float32Array, index: number) {
  const label = mostProbable(row);
  return { index, label, probability: row[label], probabilities: [...row] };
}

function asLine(row: Float32Array, index: number): string {
  const label = mostProbable(row);
  return [index, label, row[label]!.toFixed(4)].join('\t');
}
