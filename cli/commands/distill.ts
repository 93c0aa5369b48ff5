import type { Command } from 'commander';
import { type Context, withEngine } from '../context.ts';
import { DATA_OPTIONS } from '../data/ask.ts';
import { dryRun, loadData } from '../data/load.ts';
import { checkFree } from '../files/earlier.ts';
import { files, inFolder, writeAtomic } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import {
  addOptions,
  checkOverwriting,
  configOf,
  type OptionName,
  readOptions,
  type Settings,
} from '../options/options.ts';
import { reportTable } from '../report/table.ts';
import { distill } from '../training/distill.ts';

const OPTIONS = [
  ...DATA_OPTIONS,
  'dryRun',
  'limit',
  'teachers',
  'teacher',
  'student',
  'temperature',
  'alpha',
  'loss',
  'epochs',
  'teacherEpochs',
  'batch',
  'lr',
  'teacherLr',
  'jitter',
  'dropout',
  'maxNorm',
  'unlabeled',
  'seed',
  'threads',
  'out',
  'resume',
  'force',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill distill                                     all of MNIST, three teachers
  wasm-distill distill --limit 3000 --epochs 4             a quick look
  wasm-distill distill --teachers 5 --temperature 4 --out runs/five
  wasm-distill distill --unlabeled 0.9 --loss two-term     few labels for the students
  wasm-distill distill --data photos --size 32             images in a folder for each class
  wasm-distill distill --data iris.csv --dry-run           what is understood of a table
  wasm-distill distill --resume                            go on after Ctrl-C or a crash
  wasm-distill distill --json > report.json`;

export function distillCommand(program: Command, context: Context): void {
  const command = program
    .command('distill')
    .summary('train teachers, distill them into a student, and compare')
    .description(
      'Trains an ensemble of teachers, averages their probabilities at a temperature into soft targets, trains a student on these and the same student on hard labels alone, and compares them all on the test images.',
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, { out: { help: 'where the files go (default: runs/distill-seed<n>)' } });
  command.action((raw) => run(readOptions(OPTIONS, raw), context));
}

async function run(options: Settings<(typeof OPTIONS)[number]>, context: Context): Promise<void> {
  if (options.dryRun) return dryRun(options, context.progress);
  const folder = options.out ?? `runs/distill-seed${options.seed}`;
  checkOverwriting(options);
  const report = await inFolder(folder, async () => {
    await checkFree(folder, options);
    const made = await withEngine(options.threads, async (engine) => {
      const data = await loadData(options, context.progress);
      const config = configOf({ ...options, limit: data.train.size, out: folder });
      const made = await distill(engine, context, {
        folder,
        resume: options.resume,
        data,
        plan: options,
        config,
      });
      return { data: data.facts, ...made };
    });
    const { reportHtml } = await import('../report/page/report-html.ts');
    await writeAtomic(files.html(folder), await reportHtml(made));
    await writeAtomic(files.json(folder), json(made));
    return made;
  });
  context.progress.close();
  process.stdout.write(options.json ? json(report) : `${reportTable(report)}\n\n${places(folder)}\n`);
}

function places(folder: string): string {
  return [
    `student  ${files.model(folder, 'student')}`,
    `report   ${files.html(folder)}`,
    `the rest ${folder}`,
  ].join('\n');
}
