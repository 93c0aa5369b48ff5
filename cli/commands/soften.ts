import type { Command } from 'commander';
import { type SoftTargets, softTargets } from 'wasm-distill';
import { encodeSoftTargets } from 'wasm-distill/formats';
import { classesOf } from 'wasm-distill/graph';
import { type Context, withEngine } from '../context.ts';
import { DATA_OPTIONS, SIZE_HELP } from '../data/ask.ts';
import type { DataFacts } from '../data/facts.ts';
import { loadSamples, withClasses } from '../data/load.ts';
import { likeOfModel } from '../data/reader.ts';
import { hashOf, isStream } from '../data/stream.ts';
import { loadModels } from '../files/load-models.ts';
import { writeFormat } from '../files/replace.ts';
import { json } from '../format/json.ts';
import { counted } from '../format/numbers.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';

const OPTIONS = [
  ...DATA_OPTIONS,
  'limit',
  'temperature',
  'threads',
  'out',
  'force',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill soften runs/distill-seed1/teacher-*.safetensors
  wasm-distill soften teacher.safetensors --temperature 4 --limit 10000 --out soft-t4.safetensors`;

export function softenCommand(program: Command, context: Context): void {
  const command = program
    .command('soften')
    .summary('soft targets of saved teachers on a transfer set')
    .description(
      "Averages saved teachers' probabilities at a temperature over the training images: soft targets in a file.",
    )
    .argument('<models...>', 'the teachers: safetensors files of wasm-distill')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    out: { flags: '--out <file>', help: 'the file of soft targets (default: soft-targets.safetensors)' },
    size: { help: SIZE_HELP },
  });
  command.action((paths, raw) => run(paths, readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(paths: string[], options: Options, context: Context): Promise<void> {
  const { temperature, out: file = 'soft-targets.safetensors' } = options;
  const how = { force: options.force, progress: context.progress };
  const { soft, facts } = await writeFormat(file, 'wasm-distill soft targets', how, async () => {
    const made = await soften(paths, options, context);
    return { bytes: encodeSoftTargets(made.soft), made };
  });
  context.progress.close();
  const { probabilities, classes, transferSet } = soft;
  const samples = probabilities.length / classes;
  const summary = { data: facts, file, temperature, samples, classes, transferSet, teachers: soft.teachers };
  process.stdout.write(options.json ? json(summary) : `soft targets  ${file}\n`);
}

async function soften(
  paths: string[],
  options: Options,
  context: Context,
): Promise<{ soft: SoftTargets; facts: DataFacts }> {
  const { temperature, threads } = options;
  const {
    progress,
    controller: { signal },
  } = context;
  const models = await loadModels(paths);
  const teachers = models.map(({ model }) => model);
  return withEngine(threads, async (engine) => {
    const { architecture } = teachers[0]!;
    const like = likeOfModel(models[0]!, architecture.input.shape);
    const loaded = await loadSamples(options, context, like);
    const train = withClasses(loaded.train, classesOf(architecture));
    // It names the samples that the soft targets are of, and is remembered.
    if (isStream(train)) await hashOf(train, context);
    const bar = progress.start('soft targets', train.size);
    const onProgress = ({ samples }: { samples: number }) => bar.update(samples);
    const soft = await softTargets(engine, teachers, train, { temperature, signal, onProgress });
    bar.done(`${counted(train.size, 'sample')} at T = ${temperature}`);
    return { soft, facts: loaded.facts };
  });
}
