import type { Command } from 'commander';
import { weightsSha256 } from 'wasm-distill';
import { samplesSha256 } from 'wasm-distill/data';
import { classesOf } from 'wasm-distill/graph';
import { jsonSha256 } from 'wasm-distill/jobs';
import { type Context, withEngine } from '../context.ts';
import { DATA_OPTIONS, SIZE_HELP } from '../data/ask.ts';
import type { DataFacts } from '../data/facts.ts';
import { loadSamples, withClasses } from '../data/load.ts';
import { type Data, likeOfModel } from '../data/reader.ts';
import { withBar } from '../data/stream.ts';
import { loadModels } from '../files/load-models.ts';
import { writeFormat } from '../files/replace.ts';
import { json } from '../format/json.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';
import { inPieces, type Question } from '../soft/pieces.ts';
import { Unfinished } from '../soft/unfinished.ts';
import { checkReplaces, encoded, formatOf, nameOf, type Outputs } from '../soft/written.ts';

const OPTIONS = [
  ...DATA_OPTIONS,
  'limit',
  'temperature',
  'logits',
  'threads',
  'out',
  'force',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill soften runs/distill-seed1/teacher-*.safetensors
  wasm-distill soften teacher.safetensors --temperature 4 --limit 10000 --out soft-t4.npz
  wasm-distill soften teacher.safetensors --data photos --logits --out logits.npy`;

export function softenCommand(program: Command, context: Context): void {
  const command = program
    .command('soften')
    .summary('soft targets of saved teachers on a transfer set')
    .description(
      "Averages saved teachers' probabilities at a temperature over the training samples: soft targets in a file, for --soft and for other programs. Where it was stopped, the same command goes on.",
    )
    .argument('<models...>', 'the teachers: safetensors files of wasm-distill')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    out: {
      flags: '--out <file>',
      help: 'the file, .safetensors, .npz or .npy (default: soft-targets.safetensors)',
    },
    size: { help: SIZE_HELP },
  });
  command.action((paths, raw) => run(paths, readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(paths: string[], options: Options, context: Context): Promise<void> {
  const { temperature, logits, force, out: file = 'soft-targets.safetensors' } = options;
  const question: Question = { what: logits ? 'logits' : 'probabilities', temperature };
  const format = formatOf(file);
  await checkReplaces(file, format, force);
  const how = { force: force || format !== 'safetensors', progress: context.progress };
  const { outputs, facts, unfinished } = await writeFormat(file, nameOf(question), how, async () => {
    const made = await soften(paths, file, question, options, context);
    return { bytes: encoded(format, made.outputs), made };
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
  const models = await loadModels(paths);
  const teachers = models.map(({ model }) => model);
  const { architecture } = teachers[0]!;
  const like = likeOfModel(models[0]!, architecture.input.shape);
  const loaded = await loadSamples(options, context, like);
  const data = withClasses(loaded.train, classesOf(architecture));
  const whose = {
    transferSet: await namedBy(data, context),
    teachers: await Promise.all(teachers.map(weightsSha256)),
  };
  const unfinished = new Unfinished(file, await jsonSha256({ ...question, ...whose }));
  const title = question.what === 'logits' ? 'logits' : 'soft targets';
  const values = await withEngine(options.threads, (engine) =>
    inPieces(engine, context, { teachers, data, question, title, unfinished }),
  );
  return { outputs: { question, values, data, ...whose }, facts: loaded.facts, unfinished };
}

/** What names the samples that outputs are of. A stream is read once for it. */
function namedBy(data: Data, context: Context): Promise<string> {
  return withBar(context, 'reading all data once', (control) => samplesSha256(data, control));
}
