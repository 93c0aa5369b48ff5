import type { Command } from 'commander';
import { closest } from 'fastest-levenshtein';
import { DistillError, loadMnist, take } from 'wasm-distill';
import { type Context, withEngine } from '../cli/context.ts';
import { inFolder } from '../cli/files/run-files.ts';
import { json } from '../cli/format/json.ts';
import { isAborted } from '../cli/terminal/interrupt.ts';
import { UsageError } from '../cli/terminal/usage.ts';
import { collect } from './collect.ts';
import { resultText } from './document.ts';
import type { Experiment } from './experiment.ts';
import { Laboratory } from './laboratory.ts';
import { list } from './list.ts';
import { addOptions, OPTIONS, type Options, readOptions } from './options.ts';
import type { Paper, Scaled } from './paper.ts';
import { COMMAND, collectedFolder, commandLine, OUT, resultsFolder, scaleName } from './places.ts';
import type { Result } from './result.ts';
import { runExperiment, writeResult } from './run.ts';
import { split, type Task } from './samples.ts';

const EXAMPLES = `
Examples:
  npm run reproduce                          the list of experiments
  ${COMMAND} mnist-soft            one of them, on all of MNIST; the same command continues after Ctrl-C
  ${COMMAND} mnist-soft --quick    the same ordering in a few minutes
  ${COMMAND} mnist-soft --split    to tune recipes: errors are counted on training images
  ${COMMAND} --all                 one after another
  ${COMMAND} --collect             what was run, as results.md and results.json`;

/** Gives the command line the experiments of a paper. */
export function reproduceCommand(command: Command, paper: Paper, context: Context): void {
  command
    .description(
      `Runs experiments of ${paper.title} and sets the results beside the paper's numbers. Trained models are kept under the hash of their configuration: experiments share them, and a stopped run goes on.`,
    )
    .argument('[names...]', 'the experiments; without a name they are listed')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    collect: {
      help: `join the results of what was run into results.md and results.json in this folder, with plots (default: ${paper.folder}, with --quick its folder quick)`,
    },
    out: { help: `where models and results go (default: ${OUT})` },
  });
  command.action((names, raw) => run(paper, names, readOptions(OPTIONS, raw), context));
}

async function run(paper: Paper, names: string[], options: Options, context: Context): Promise<void> {
  const scaled = options.quick ? paper.quick : paper.full;
  const { experiments } = scaled;
  const chosen = options.all ? experiments : names.map((name) => find(experiments, name));
  if (chosen.length > 0) await runAll(chosen, scaled, options, context);
  if (options.collect !== undefined) await collectAll(paper, experiments, options.collect, options, context);
  else if (chosen.length === 0) process.stdout.write(await list(scaled, options.json));
}

/** One after another; where one fails the others go on, and it is told at the end. */
async function runAll(
  chosen: readonly Experiment[],
  { limit }: Scaled,
  options: Options,
  context: Context,
): Promise<void> {
  const folder = resultsFolder(options);
  const results: Result[] = [];
  const failures: string[] = [];
  await inLaboratory(options, limit, context, async (laboratory) => {
    for (const experiment of chosen) {
      try {
        const command = commandLine(experiment.name, options);
        const result = await runExperiment(laboratory, experiment, scaleName(options), command);
        await writeResult(folder, result);
        results.push(result);
      } catch (error) {
        if (!(error instanceof DistillError) || isAborted(error)) throw error;
        failures.push(`${experiment.name}: ${error.message}`);
      }
    }
  });
  context.progress.close();
  if (results.length > 0)
    process.stdout.write(
      options.json ? json(chosen.length === 1 ? results[0] : results) : textOf(results, folder),
    );
  if (failures.length > 0) throw new DistillError('diverged', failures.join('; '));
}

/** Work in the folder of models, which no other process has meanwhile. */
function inLaboratory(
  options: Options,
  limit: number | undefined,
  context: Context,
  work: (laboratory: Laboratory) => Promise<void>,
): Promise<void> {
  const { out = OUT, threads } = options;
  return inFolder(out, () =>
    withEngine(threads, async (engine) =>
      work(await Laboratory.open(engine, await taskOf(options, limit), context, out)),
    ),
  );
}

function textOf(results: readonly Result[], folder: string): string {
  return `${results.map(resultText).join('\n\n')}\n\nresults  ${folder}\n`;
}

async function collectAll(
  paper: Paper,
  experiments: readonly Experiment[],
  asked: string | true,
  options: Options,
  { progress }: Context,
): Promise<void> {
  const names = experiments.map(({ name }) => name);
  const folder = collectedFolder(asked, paper, options);
  const missing = await collect(resultsFolder(options), folder, paper.introduction, names);
  for (const name of missing) progress.say(`${name} hasn't been run`);
}

/** Images to learn from and to count errors on. */
async function taskOf({ split: divided }: Options, limit: number | undefined): Promise<Task> {
  const mnist = await loadMnist();
  const task = divided ? split(mnist.train) : mnist;
  return limit === undefined ? task : { ...task, train: take(task.train, limit) };
}

function find(experiments: readonly Experiment[], name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found) return found;
  const names = experiments.map((experiment) => experiment.name);
  throw new UsageError(
    `there is no experiment ${JSON.stringify(name)}, but there is ${closest(name, names)}`,
  );
}
