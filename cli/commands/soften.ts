import type { Command } from 'commander';
import { softTargets } from 'wasm-distill';
import { encodeSoftTargets } from 'wasm-distill/formats';
import { type Context, loadData, withEngine } from '../context.ts';
import { loadModels } from '../files/load-models.ts';
import { prepareFile, writeAtomic } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import { counted } from '../format/numbers.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';

const OPTIONS = ['data', 'limit', 'temperature', 'threads', 'out', 'json'] as const satisfies OptionName[];

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

async function run(
  paths: string[],
  options: Settings<(typeof OPTIONS)[number]>,
  context: Context,
): Promise<void> {
  const { temperature, out: file = 'soft-targets.safetensors' } = options;
  await prepareFile(file);
  const teachers = await loadModels(paths);
  const soft = await withEngine(options.threads, async (engine) => {
    const { train } = await loadData(options.data, options.limit);
    const bar = context.progress.start('soft targets', train.size);
    const made = await softTargets(
      engine,
      teachers.map(({ model }) => model),
      train,
      {
        temperature,
        signal: context.controller.signal,
        onProgress: ({ samples }) => bar.update(samples),
      },
    );
    bar.done(`${counted(train.size, 'sample')} at T = ${temperature}`);
    return made;
  });
  await writeAtomic(file, encodeSoftTargets(soft));
  context.progress.close();
  const { probabilities, classes, transferSet } = soft;
  const samples = probabilities.length / classes;
  const summary = { file, temperature, samples, classes, transferSet, teachers: soft.teachers };
  process.stdout.write(options.json ? json(summary) : `soft targets  ${file}\n`);
}
