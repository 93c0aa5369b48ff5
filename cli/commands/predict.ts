import type { Command } from 'commander';
import { DistillError, predict, take } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { classesOf } from 'wasm-distill/graph';
import { type Context, withEngine } from '../context.ts';
import { SIZE_HELP } from '../data/ask.ts';
import { loadUnlabeled, withClasses } from '../data/load.ts';
import { type Data, type Like, likeOfModel } from '../data/reader.ts';
import { withInput } from '../data/standard-input.ts';
import { outlineOf } from '../data/stream.ts';
import { loadModels } from '../files/load-models.ts';
import { isSameFile } from '../files/targets.ts';
import { counted } from '../format/numbers.ts';
import { checkOnnxOptions, isOnnx, ONNX_OPTIONS, openOnnx } from '../onnx/teacher.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';
import { formatOf, formatOption } from '../predictions/format.ts';
import { type Predictions, piecesOf } from '../predictions/rows.ts';
import { toFile, toOutput } from '../predictions/write.ts';

const OPTIONS = [
  ...['input', 'size', 'crop', 'limit', 'threads', 'backend'],
  ...ONNX_OPTIONS,
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
    .argument('<model>', 'a safetensors file of wasm-distill, or an ONNX model')
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
  checkOnnxOptions(options, [path]);
  const ask = isOnnx(path) ? askOnnx(path) : await askOwn(path);
  const { signal } = context.controller;
  const make = () =>
    withInput(images, signal, async (where) =>
      piecesOf(await predictions(where, ask, options, context), format),
    );
  if (out === undefined) return toOutput(await make(), signal);
  for (const input of [path, images])
    if (await isSameFile(out, input))
      throw new DistillError('bad-argument', `--out ${out} is what is read: give another file`);
  await toFile(out, force, make);
}

async function predictions(
  where: string,
  ask: Ask,
  options: Options,
  context: Context,
): Promise<Predictions> {
  const { progress, controller } = context;
  const { signal } = controller;
  const { model, data, names: files, close } = await ask(where, options, context);
  try {
    const probabilities = await withEngine(options, async (engine) => {
      const bar = progress.start('prediction', data.size);
      const onProgress = ({ samples }: { samples: number }) => bar.update(samples);
      const made = await predict(engine, [model], data, { signal, onProgress });
      bar.done(counted(data.size, 'sample'));
      return made;
    });
    progress.close();
    return { probabilities, classes: data.classes, classNames: model.classNames, files };
  } finally {
    await close?.();
  }
}

/** A model, and what it is asked about. */
interface Asked {
  model: AnyModel;
  data: Data;
  /** Of images in a folder. */
  names: readonly string[] | undefined;
  close?(): Promise<void>;
}

type Ask = (where: string, options: Options, context: Context) => Promise<Asked>;

/** A model of ours says itself how samples are made. It is read before they are. */
async function askOwn(path: string): Promise<Ask> {
  const loaded = (await loadModels([path]))[0]!;
  const { model } = loaded;
  const like = likeOfModel(loaded, model.architecture.input.shape);
  return async (where, options, context) => {
    const { data, names } = await samplesOf(where, options, like, context);
    return { model, data: withClasses(data, classesOf(model.architecture)), names };
  };
}

/** An ONNX model takes samples as they are, or prepares them by what is said of it. */
function askOnnx(path: string): Ask {
  return async (where, options, context) => {
    const { data, names } = await samplesOf(where, options, {}, context);
    const { progress, controller } = context;
    const how = { samples: outlineOf(data).inputs, progress, signal: controller.signal };
    const model = await openOnnx(path, options, how);
    return { model, data: withClasses(data, model.classes), names, close: () => model.close() };
  };
}

/** All samples of a place, or the first ones; labels aren't read. */
async function samplesOf(
  where: string,
  { input, size, crop, limit }: Options,
  like: Like,
  context: Context,
): Promise<Pick<Asked, 'data' | 'names'>> {
  const found = await loadUnlabeled(where, { input, size, crop }, context, like);
  const { data } = found;
  if (limit === undefined) return found;
  if (limit > data.size) {
    const what = outlineOf(data).inputs.shape.length === 3 ? 'image' : 'sample';
    throw new DistillError(
      'bad-argument',
      `--limit ${limit} is more than the ${counted(data.size, what)} of ${where}: give at most ${data.size}`,
    );
  }
  return { ...found, data: take(data, limit) };
}
