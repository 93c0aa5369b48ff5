import type { Command } from 'commander';
import { type Architecture, DistillError, decodeModel } from 'wasm-distill';
import { score } from 'wasm-distill/data';
import { checkFits } from 'wasm-distill/graph';
import type { Context } from '../context.ts';
import { loadTests } from '../data/load.ts';
import { preparationIn } from '../data/preparation.ts';
import { type Data, type Like, likeOfModel } from '../data/reader.ts';
import { outlineOf } from '../data/stream.ts';
import { studentProbabilities } from '../evaluation/students.ts';
import { besides, modelFormats } from '../files/formats.ts';
import { writeFormat } from '../files/replace.ts';
import { read } from '../files/run-files.ts';
import { isSameFile } from '../files/targets.ts';
import { json } from '../format/json.ts';
import { count, counted, errorRate } from '../format/numbers.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';
import { table } from '../terminal/table.ts';

const OPTIONS = ['data', 'out', 'force', 'json'] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill quantize runs/distill-seed1/student.safetensors
  wasm-distill quantize student.safetensors --out student-8-bit.safetensors --json

Weights become whole numbers of 8 bits with a scale for each output. Nothing is calibrated: the inputs of a layer are
quantized when they come. wasm-distill/infer runs the file, \`evaluate\` counts its errors; training commands need the f32 model.`;

interface Counted {
  file: string;
  bytes: number;
  testErrors?: number;
}

export function quantizeCommand(program: Command, context: Context): void {
  const command = program
    .command('quantize')
    .summary('a model with 8-bit weights, a quarter of the size')
    .description(
      'Writes a model with 8-bit weights for wasm-distill/infer, and counts the errors of both on the test images.',
    )
    .argument('<model>', 'a safetensors file of wasm-distill')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    out: { flags: '--out <file>', help: 'the file to write (default: MODEL.int8.safetensors beside it)' },
  });
  command.action((path, raw) => run(path, readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(path: string, options: Options, context: Context): Promise<void> {
  const { kind, encode } = modelFormats.int8;
  const file = options.out ?? besides(path, 'int8');
  if (await isSameFile(file, path)) {
    throw new DistillError('bad-argument', `--out ${file} is the model itself: give another file`);
  }
  const f32 = await read(path);
  const { model, metadata } = decodeModel(f32, path);
  const how = { force: options.force, progress: context.progress };
  const { int8, test } = await writeFormat(file, kind, how, async () => {
    const like = likeOfModel(
      { ...(model.classNames && { classNames: model.classNames }), ...preparationIn(metadata, path) },
      model.architecture.input.shape,
    );
    const images = await testImages(options.data, model.architecture, like, context);
    const bytes = encode(model, metadata);
    return { bytes, made: { int8: bytes, test: images } };
  });
  const describe = async (title: string, name: string, bytes: Uint8Array): Promise<Counted> => ({
    file: name,
    bytes: bytes.length,
    ...(test && { testErrors: await countErrors(title, bytes, test, context) }),
  });
  const before = await describe('f32', path, f32);
  const after = await describe('8 bits', file, int8);
  context.progress.close();
  const summary = { before, after, ...(test && { testSize: test.size }) };
  process.stdout.write(options.json ? json(summary) : `${shown([before, after], test?.size)}\n`);
}

/** The test images, or undefined, after saying why, if MNIST isn't there or isn't what the model is for. */
async function testImages(
  where: string,
  architecture: Architecture,
  like: Like,
  context: Context,
): Promise<Data | undefined> {
  try {
    const { test } = await loadTests({ data: where }, context, like);
    checkFits(architecture, { shape: outlineOf(test).inputs.shape, classes: test.classes });
    return test;
  } catch (error) {
    const optional = error instanceof DistillError && ['missing', 'mismatch'].includes(error.code);
    if (where !== 'mnist' || !optional) throw error;
    context.progress.say(`errors are not counted: ${error.message}`);
    return undefined;
  }
}

async function countErrors(
  title: string,
  bytes: Uint8Array,
  test: Data,
  { progress, controller: { signal } }: Context,
): Promise<number> {
  const bar = progress.start(title, test.size);
  const onProgress = ({ samples }: { samples: number }) => bar.update(samples);
  const { errors } = score(await studentProbabilities(bytes, test, { signal, onProgress }), test);
  bar.done(counted(test.size, 'test sample'));
  return errors;
}

function shown(files: readonly Counted[], testSize: number | undefined): string {
  const heading = ['model', 'bytes', ...(testSize ? ['test errors', 'error'] : [])];
  const rows = files.map(({ file, bytes, testErrors }) => [
    file,
    count(bytes),
    ...(testSize && testErrors !== undefined ? [count(testErrors), errorRate(testErrors, testSize)] : []),
  ]);
  return table(heading, rows);
}
