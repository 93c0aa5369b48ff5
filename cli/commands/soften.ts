import type { Command } from 'commander';
import { type SoftTargets, softTargets } from 'wasm-distill';
import { encodeSoftTargets } from 'wasm-distill/formats';
import { type Context, loadData, withEngine } from '../context.ts';
import { loadModels } from '../files/load-models.ts';
import { writeFormat } from '../files/replace.ts';
import { json } from '../format/json.ts';
import { counted } from '../format/numbers.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';

const OPTIONS = [
  'data',
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
  });
  command.action((paths, raw) => run(paths, readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(paths: string[], options: Options, context: Context): Promise<void> {
  const { temperature, out: file = 'soft-targets.safetensors' } = options;
  const how = { force: options.force, progress: context.progress };
  const soft = await writeFormat(file, 'wasm-distill soft targets', how, async () => {
    const made = await soften(paths, options, context);
    return { bytes: encodeSoftTargets(made), made };
  });
  context.progress.close();
  const { probabilities, classes, transferSet } = soft;
  const samples = probabilities.length / classes;
  const summary = { file, temperature, samples, classes, transferSet, teachers: soft.teachers };
  process.stdout.write(options.json ? json(summary) : `soft targets  ${file}\n`);
}

async function soften(
  paths: string[],
  { temperature, threads, data, limit }: Options,
  { progress, controller: { signal } }: Context,
): Promise<SoftTargets> {
  const teachers = (await loadModels(paths)).map(({ model }) => model);
  return withEngine(threads, async (engine) => {
    const { train } = await loadData(data, limit, progress);
    const bar = progress.start('soft targets', train.size);
    const onProgress = ({ samples }: { samples: number }) => bar.update(samples);
    const made = await softTargets(engine, teachers, train, { temperature, signal, onProgress });
    bar.done(`${counted(train.size, 'sample')} at T = ${temperature}`);
    return made;
  });
}
