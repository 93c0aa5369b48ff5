import type { Command } from 'commander';
import { closest } from 'fastest-levenshtein';
import { type Engine, take } from 'wasm-distill';
import { round } from '../build-report.js';
import { type Context, environment, loadData, withEngine } from '../context.js';
import { addOptions, type OptionName, readOptions, type Settings } from '../options.js';
import { compare } from '../reproduce/compare.js';
import { resultMarkdown, resultText } from '../reproduce/document.js';
import { type Experiment, experiments } from '../reproduce/experiments.js';
import { FULL, QUICK } from '../reproduce/recipes.js';
import type { Result } from '../reproduce/result.js';
import { split, type Task } from '../reproduce/samples.js';
import { Store } from '../reproduce/store.js';
import { prepareFolder, writeAtomic } from '../run-files.js';
import { facts } from '../table.js';
import { UsageError } from '../usage.js';

const OPTIONS = ['all', 'quick', 'split', 'threads', 'out', 'json'] as const satisfies OptionName[];
type Options = Settings<(typeof OPTIONS)[number]>;

const EXAMPLES = `
Examples:
  wasm-distill reproduce                       the list of experiments
  wasm-distill reproduce mnist-soft            one of them, on all of MNIST; the same command continues after Ctrl-C
  wasm-distill reproduce mnist-soft --quick    the same ordering in a few minutes
  wasm-distill reproduce mnist-soft --split    for tuning: learns from 50,000 training images, counts errors on the rest
  wasm-distill reproduce --all`;

export function reproduceCommand(program: Command, context: Context): void {
  const command = program
    .command('reproduce')
    .summary("the paper's tables, each by one command")
    .description(
      "Runs experiments of Hinton, Vinyals and Dean 2015 and sets the results beside the paper's numbers. Trained models are kept under the hash of their configuration, so experiments share them and a stopped run goes on.",
    )
    .argument('[names...]', 'the experiments; without a name they are listed')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    out: { help: 'where models and results go (default: runs/reproduce)' },
  });
  command.action((names, raw) => run(names, readOptions(OPTIONS, raw), context));
}

async function run(names: string[], options: Options, context: Context): Promise<void> {
  const table = experiments(options.quick ? QUICK : FULL);
  if (names.length === 0 && !options.all) {
    process.stdout.write(
      options.json ? json(table.map(({ name, shows }) => ({ name, shows }))) : `${list(table)}\n`,
    );
    return;
  }
  const chosen = options.all ? table : names.map((name) => find(table, name));
  const folder = options.out ?? 'runs/reproduce';
  const results = await withEngine(options.threads, async (engine) => {
    const store = await Store.open(engine, await taskOf(options), context, folder);
    const done: Result[] = [];
    for (const experiment of chosen) done.push(await reproduce(engine, store, experiment, options, folder));
    return done;
  });
  context.progress.close();
  process.stdout.write(
    options.json
      ? json(results.length === 1 ? results[0] : results)
      : `${results.map(resultText).join('\n\n')}\n\nresults  ${resultsFolder(folder, options)}\n`,
  );
}

async function reproduce(
  engine: Engine,
  store: Store,
  experiment: Experiment,
  options: Options,
  folder: string,
): Promise<Result> {
  const started = performance.now();
  const { name, shows, rows } = experiment;
  const { train, test } = store.task;
  const compared = await compare(store, rows);
  const result: Result = {
    name,
    shows,
    rows: compared.rows,
    config: {
      scale: scaleName(options),
      training: train.size,
      errorsOf: test.size,
      command: commandLine(name, options),
      rows,
    },
    environment: environment(engine),
    seconds: round((performance.now() - started) / 1000),
    trainingSeconds: round(compared.trainingSeconds),
  };
  const place = resultsFolder(folder, options);
  await prepareFolder(place);
  await writeAtomic(`${place}/${name}.json`, json(result));
  await writeAtomic(`${place}/${name}.md`, resultMarkdown(result));
  return result;
}

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

function list(table: readonly Experiment[]): string {
  return facts(table.map(({ name, shows }) => [name, shows]));
}

function scaleName({ quick, split: divided }: Options): string {
  return [quick ? 'quick' : 'full', ...(divided ? ['split'] : [])].join('-');
}

function commandLine(name: string, { quick, split: divided }: Options): string {
  return `wasm-distill reproduce ${name}${quick ? ' --quick' : ''}${divided ? ' --split' : ''}`;
}

/** Results at the paper's scale lie at the top. */
function resultsFolder(folder: string, options: Options): string {
  const scale = scaleName(options);
  return scale === 'full' ? folder : `${folder}/${scale}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
