import type { Command } from 'commander';
import { weightsSha256 } from 'wasm-distill';
import { type AnyModel, samplesSha256 } from 'wasm-distill/data';
import { jsonSha256 } from 'wasm-distill/jobs';
import type { OnnxTeacher } from 'wasm-distill/onnx';
import { type Context, withEngine } from '../context.ts';
import { DATA_OPTIONS, SIZE_HELP } from '../data/ask.ts';
import type { DataFacts } from '../data/facts.ts';
import { loadSamples } from '../data/load.ts';
import { type Data, likeOfModel } from '../data/reader.ts';
import { outlineOf, withBar } from '../data/stream.ts';
import { loadModels } from '../files/load-models.ts';
import { checkAbsent, writeFormat } from '../files/replace.ts';
import { json } from '../format/json.ts';
import { checkOnnxOptions, isOnnx, ONNX_OPTIONS, openOnnx } from '../onnx/teacher.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';
import { inPieces, type Question } from '../soft/pieces.ts';
import { Unfinished } from '../soft/unfinished.ts';
import { encoded, formatOf, nameOf, type Outputs } from '../soft/written.ts';
import { CLASSES_HELP, fitClasses, type Placed, withClassesOf } from '../training/fit-classes.ts';

const OPTIONS = [
  ...DATA_OPTIONS,
  ...ONNX_OPTIONS,
  'teacherClasses',
  'dropClasses',
  'limit',
  'temperature',
  'logits',
  'threads',
  'backend',
  'out',
  'force',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill soften runs/distill-seed1/teacher-*.safetensors
  wasm-distill soften teacher.safetensors --temperature 4 --limit 10000 --out soft-t4.npz
  wasm-distill soften teacher.safetensors --data photos --logits --out logits.npy
  wasm-distill soften big.onnx --data photos --teacher-mean 0.5 --teacher-std 0.25`;

export function softenCommand(program: Command, context: Context): void {
  const command = program
    .command('soften')
    .summary('soft targets of saved teachers on a transfer set')
    .description(
      "Averages saved teachers' probabilities at a temperature over the training samples: soft targets in a file, for --soft and for other programs. Where it was stopped, the same command goes on.",
    )
    .argument('<models...>', 'the teachers: safetensors files of wasm-distill, and ONNX models')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    out: {
      flags: '--out <file>',
      help: 'the file, .safetensors, .parquet, .npz or .npy (default: soft-targets.safetensors)',
    },
    size: { help: SIZE_HELP },
    teacherClasses: { help: CLASSES_HELP },
  });
  command.action((paths, raw) => run(paths, readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(paths: string[], options: Options, context: Context): Promise<void> {
  const { temperature, logits, force, out: file = 'soft-targets.safetensors' } = options;
  const question: Question = { what: logits ? 'logits' : 'probabilities', temperature };
  const format = formatOf(file);
  // Others than safetensors don't say whose they are: none is replaced unless that is asked for.
  if (format !== 'safetensors') await checkAbsent(file, force);
  const how = { force: force || format !== 'safetensors', progress: context.progress };
  const { outputs, facts, unfinished } = await writeFormat(file, nameOf(question), how, async () => {
    const made = await soften(paths, file, question, options, context);
    return { bytes: await encoded(format, made.outputs), made };
  });
  await unfinished.remove();
  context.progress.close();
  const { data, transferSet, teachers } = outputs;
  const summary = {
    ...{ data: facts, file },
    ...(logits ? { logits: true } : { temperature }),
    ...{ samples: data.size, classes: data.classes, transferSet, teachers },
  };
  const text = `${logits ? 'logits       ' : 'soft targets '} ${file}\n`;
  process.stdout.write(options.json ? json(summary) : text);
}

async function soften(
  paths: string[],
  file: string,
  question: Question,
  options: Options,
  context: Context,
): Promise<{ outputs: Outputs; facts: DataFacts; unfinished: Unfinished }> {
  checkOnnxOptions(options, paths);
  const own = await loadModels(paths.filter((path) => !isOnnx(path)));
  const [first] = own;
  const like = first && likeOfModel(first, first.model.architecture.input.shape);
  const { train, facts } = await loadSamples(options, context, like ?? {});
  const opened: OnnxTeacher[] = [];
  const { progress, controller } = context;
  try {
    const placed: Placed[] = [];
    for (const path of paths)
      if (!isOnnx(path)) placed.push({ file: path, model: own.shift()!.model });
      else {
        const how = { samples: outlineOf(train).inputs, progress, signal: controller.signal };
        opened.push(await openOnnx(path, options, how));
        placed.push({ file: path, model: opened.at(-1)! });
      }
    const data = withClassesOf(train, placed);
    const teachers: AnyModel[] = [];
    for (const { file: path, model } of placed)
      teachers.push(await fitClasses(path, model, outlineOf(data), options, progress));
    return { ...(await ask(teachers, data, file, question, options, context)), facts };
  } finally {
    for (const one of opened) await one.close();
  }
}

async function ask(
  teachers: readonly AnyModel[],
  data: Data,
  file: string,
  question: Question,
  options: Options,
  context: Context,
): Promise<{ outputs: Outputs; unfinished: Unfinished }> {
  const whose = {
    transferSet: await namedBy(data, context),
    teachers: await Promise.all(
      teachers.map((one) => ('architecture' in one ? weightsSha256(one) : one.sha256)),
    ),
  };
  const title = question.what === 'logits' ? 'logits' : 'soft targets';
  return withEngine(options, async (engine) => {
    const identity = await engine.identity();
    const unfinished = new Unfinished(file, await jsonSha256({ ...question, ...whose, identity }));
    const values = await inPieces(engine, context, { teachers, data, question, title, unfinished });
    return { outputs: { question, values, data, ...whose }, unfinished };
  });
}

/** What names the samples that outputs are of. A stream is read once for it. */
function namedBy(data: Data, context: Context): Promise<string> {
  return withBar(context, 'reading all data once', (control) => samplesSha256(data, control));
}
