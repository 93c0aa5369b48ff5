import { join } from 'node:path';
import { DistillError } from 'wasm-distill';
import { type Context, withEngine } from '../cli/context.ts';
import { inFolder, readIfThere, writeAtomic } from '../cli/files/run-files.ts';
import { json } from '../cli/format/json.ts';
import { type Program, runProgram } from '../cli/terminal/program.ts';
import { UsageError } from '../cli/terminal/usage.ts';
import { nameOf } from './cell.ts';
import { GRID, QUICK } from './grid.ts';
import { Journal } from './journal.ts';
import { addOptions, OPTIONS, type Options, readOptions } from './options.ts';
import { documentOf, markdownOf, resultOf } from './report.ts';
import { finished, measure } from './run.ts';
import { judge } from './statistics.ts';

const COMMAND = 'npm run robustness --';

async function run(options: Options, context: Context): Promise<void> {
  const { quick, only, write, data, out = 'runs/robustness', threads } = options;
  const cells = (quick ? QUICK : GRID).filter((cell) => nameOf(cell).includes(only ?? ''));
  if (cells.length === 0) throw new UsageError(`no cell's line has the text ${JSON.stringify(only)}`);
  await inFolder(out, async () => {
    const journal = await Journal.open(join(out, 'journal.jsonl'));
    const work = options.finished ? finished : measure;
    const measured = await withEngine({ threads }, (engine) =>
      work(cells, { engine, journal, folder: out, data, context }),
    );
    context.progress.close();
    if (measured.length === 0) throw new DistillError('missing', `${out} has no finished cell of these`);
    const result = { judged: judge(measured), of: cells.length };
    if (write !== undefined) {
      const before = await readIfThere(write);
      await writeAtomic(write, documentOf(before && new TextDecoder().decode(before), result));
    }
    process.stdout.write(options.json ? json(resultOf(result)) : markdownOf(result));
  });
}

const program: Program = {
  name: 'robustness',
  define: (command, context) => {
    command
      .name(COMMAND)
      .description(
        'Distills by the default recipe in many settings, and compares each student with the same one on labels alone. Finished trainings are kept: a stopped run goes on.',
      );
    addOptions(command, OPTIONS).action((raw) => run(readOptions(OPTIONS, raw), context));
  },
  help: () => `${COMMAND} --help`,
  continued: () => '; the same command continues',
};

await runProgram(program, process.argv.slice(2));
