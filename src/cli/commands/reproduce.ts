import type { Command } from 'commander';
import { closest } from 'fastest-levenshtein';
import { DistillError, take } from 'wasm-distill';
import { type Context, loadData, withEngine } from '../context.js';
import { isAborted, rootOf } from '../interrupt.js';
import { addOptions, type OptionName, readOptions, type Settings } from '../options.js';
import { collect } from '../reproduce/collect.js';
import { resultText } from '../reproduce/document.js';
import { estimate } from '../reproduce/estimate.js';
import type { Experiment } from '../reproduce/experiment.js';
import { experiments } from '../reproduce/experiments.js';
import { FULL, QUICK } from '../reproduce/recipes.js';
import type { Result } from '../reproduce/result.js';
import { json, runExperiment, writeResult } from '../reproduce/run.js';
import { split, type Task } from '../reproduce/samples.js';
import { Store } from '../reproduce/store.js';
import { facts } from '../table.js';
import { UsageError } from '../usage.js';

const OPTIONS = [
  'all',
  'quick',
  'split',
  'collect',
  'threads',
  'out',
  'json',
] as const satisfies OptionName[];
type Options = Settings<(typeof OPTIONS)[number]>;

const OUT = 'runs/reproduce';

const EXAMPLES = `
Examples:
  wasm-distill reproduce                       the list of experiments
  wasm-distill reproduce mnist-soft            one of them, on all of MNIST; the same command continues after Ctrl-C
  wasm-distill reproduce mnist-soft --quick    the same ordering in a few minutes
  wasm-distill reproduce mnist-soft --split    to tune recipes: errors are counted on training images
  wasm-distill reproduce --all                 one after another
  wasm-distill reproduce --collect docs        what was run, as docs/results.md and docs/results.json`;

export function reproduceCommand(program: Command, context: Context): void {
  const command = program
    .command('reproduce')
    .summary("the paper's tables, each by one command")
    .description(
      "Runs experiments of Hinton, Vinyals and Dean 2015 and sets the results beside the paper's numbers. Trained models are kept under the hash of their configuration: experiments share them, and a stopped run goes on.",
    )
    .argument('[names...]', 'the experiments; without a name they are listed')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, { out: { help: `where models and results go (default: ${OUT})` } });
  command.action((names, raw) => run(names, readOptions(OPTIONS, raw), context));
}

async function run(names: string[], options: Options, context: Context): Promise<void> {
  const table = experiments(options.quick ? QUICK : FULL);
  const chosen = options.all ? table : names.map((name) => find(table, name));
  if (chosen.length > 0) await runAll(chosen, options, context);
  if (options.collect !== undefined) await collectAll(table, options.collect, options, context);
  else if (chosen.length === 0) process.stdout.write(list(table, options));
}

/** One after another; where one fails the others go on, and it is told at the end. */
async function runAll(chosen: readonly Experiment[], options: Options, context: Context): Promise<void> {
  const out = options.out ?? OUT;
  const folder = resultsFolder(out, options);
  const results: Result[] = [];
  const failures: string[] = [];
  await withEngine(options.threads, async (engine) => {
    const task = await taskOf(options);
    for (const experiment of chosen) {
      const own = separate(context);
      try {
        const store = await Store.open(engine, task, own, out);
        const command = commandLine(experiment.name, options);
        const result = await runExperiment(store, experiment, scaleName(options), command);
        await writeResult(folder, result);
        results.push(result);
      } catch (error) {
        const root = rootOf(error, own.controller.signal);
        if (!(root instanceof DistillError) || isAborted(root)) throw root;
        failures.push(`${experiment.name}: ${root.message}`);
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

/** What stops the whole stops this too, but a failure of this stops nothing else. */
function separate({ progress, controller: whole }: Context): Context {
  const controller = new AbortController();
  whole.signal.addEventListener('abort', () => controller.abort(), { once: true });
  return { progress, controller };
}

function textOf(results: readonly Result[], folder: string): string {
  return `${results.map(resultText).join('\n\n')}\n\nresults  ${folder}\n`;
}

async function collectAll(
  table: readonly Experiment[],
  folder: string,
  options: Options,
  { progress }: Context,
): Promise<void> {
  const from = resultsFolder(options.out ?? OUT, options);
  const names = table.map(({ name }) => name);
  for (const name of await collect(from, folder, names)) progress.say(`${name} hasn't been run`);
}

/** Images to learn from and to count errors on. */
async function taskOf({ quick, split: divided }: Options): Promise<Task> {
  const mnist = await loadData('mnist');
  const task = divided ? split(mnist.train) : mnist;
  const { limit } = quick ? QUICK : FULL;
  return limit === undefined ? task : { ...task, train: take(task.train, limit) };
}

function find(table: readonly Experiment[], name: string): Experiment {
  const found = table.find((experiment) => experiment.name === name);
  if (found) return found;
  const names = table.map((experiment) => experiment.name);
  throw new UsageError(
    `there is no experiment ${JSON.stringify(name)}, but there is ${closest(name, names)}`,
  );
}

function list(table: readonly Experiment[], options: Options): string {
  const images = (options.quick ? QUICK : FULL).limit ?? 60_000;
  const listed = table.map((experiment) => {
    const { name, shows } = experiment;
    return { name, shows, minutes: Math.ceil(estimate(experiment, images) / 60) };
  });
  if (options.json) return json(listed);
  const lines = facts(
    listed.map(({ name, shows, minutes }) => [name, `${about(minutes).padStart(8)}  ${shows}`]),
  );
  return `${lines}\n\nThe times are those of two cores where no model is found trained.\n`;
}

function about(minutes: number): string {
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function scaleName({ quick, split: divided }: Options): string {
  return [quick ? 'quick' : 'full', ...(divided ? ['split'] : [])].join('-');
}

function commandLine(name: string, { quick, split: divided }: Options): string {
  return `wasm-distill reproduce ${name}${quick ? ' --quick' : ''}${divided ? ' --split' : ''}`;
}

/** Results at the paper's scale lie at the top. */
function resultsFolder(out: string, options: Options): string {
  const scale = scaleName(options);
  return scale === 'full' ? out : `${out}/${scale}`;
}
