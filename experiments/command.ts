import type { Command } from 'commander';
import { DistillError } from 'wasm-distill';
import { type Context, withEngine } from '../cli/context.ts';
import { inFolder } from '../cli/files/run-files.ts';
import { json } from '../cli/format/json.ts';
import { isAborted } from '../cli/terminal/interrupt.ts';
import { allOf, type Chosen, choose } from './chosen.ts';
import { collect } from './collect.ts';
import { type DataName, dataSet } from './data-sets.ts';
import { resultText } from './document.ts';
import { Laboratory } from './laboratory.ts';
import { list } from './list.ts';
import { addOptions, OPTIONS, type Options, readOptions } from './options.ts';
import type { Limits, Paper } from './paper.ts';
import { COMMAND, collectedFolder, commandLine, OUT, resultsFolder, scaleName } from './places.ts';
import type { Result } from './result.ts';
import { runExperiment, writeResult } from './run.ts';
import { limited, split, type Task } from './samples.ts';

const EXAMPLES = `
Examples:
  npm run reproduce                          the papers and their experiments
  ${COMMAND} mnist-soft            one of them, on all images; the same command continues after Ctrl-C
  ${COMMAND} mnist-soft --quick    the same ordering in a few minutes
  ${COMMAND} mnist-soft --split    to tune recipes: errors are counted on training images
  ${COMMAND} survey                all of a paper, one after another
  ${COMMAND} --all                 of all papers
  ${COMMAND} --collect             what was run, as results.md and results.json`;

/** Gives the command line the experiments of papers. */
export function reproduceCommand(command: Command, papers: readonly Paper[], context: Context): void {
  command
    .description(
      `Runs experiments and sets their results beside a paper's numbers: ${papers.map(({ title }) => title).join('; ')}. Trained models are kept under the hash of their configuration: experiments share them, and a stopped run goes on.`,
    )
    .argument('[names...]', 'experiments, or papers for all of theirs; without a name they are listed')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    collect: {
      help: 'join the results of what was run into results.md and results.json, with plots, in a folder for each paper within this one (default: experiments; with --quick theirs have a folder quick)',
    },
    out: { help: `where models and results go (default: ${OUT})` },
  });
  command.action((names, raw) => run(papers, names, readOptions(OPTIONS, raw), context));
}

async function run(
  papers: readonly Paper[],
  names: string[],
  options: Options,
  context: Context,
): Promise<void> {
  const all = allOf(papers, options.quick);
  const chosen = options.all ? all : choose(all, names);
  if (chosen.length > 0) await runAll(chosen, options, context);
  if (options.collect !== undefined) {
    const collected = all.filter(
      ({ paper }) => names.length === 0 || chosen.some((one) => one.paper === paper),
    );
    await collectAll(collected, options.collect, options, context);
  } else if (chosen.length === 0) process.stdout.write(await list(all, options.json));
}

/** One after another; where one fails the others go on, and it is told at the end. */
async function runAll(chosen: readonly Chosen[], options: Options, context: Context): Promise<void> {
  const folder = resultsFolder(options);
  const results: Result[] = [];
  const failures: string[] = [];
  await withLaboratories(options, context, async (laboratoryOf) => {
    for (const { experiment, ...limits } of chosen.flatMap(each)) {
      try {
        const command = commandLine(experiment.name, options);
        const laboratory = await laboratoryOf(experiment.data ?? 'mnist', limits);
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
  const count = chosen.reduce((sum, { experiments }) => sum + experiments.length, 0);
  if (results.length > 0)
    process.stdout.write(options.json ? json(count === 1 ? results[0] : results) : textOf(results, folder));
  if (failures.length > 0) throw new DistillError('diverged', failures.join('; '));
}

function each({ experiments, limit, tested }: Chosen) {
  return experiments.map((experiment) => ({ experiment, limit, tested }));
}

type LaboratoryOf = (data: DataName, limits: Limits) => Promise<Laboratory>;

/** Work in the folder of models, which no other process has meanwhile. */
function withLaboratories(
  options: Options,
  context: Context,
  work: (of: LaboratoryOf) => Promise<void>,
): Promise<void> {
  const { out = OUT, threads } = options;
  return inFolder(out, () =>
    withEngine({ threads }, async (engine) => {
      const opened = new Map<string, Promise<Laboratory>>();
      await work((data, limits) => {
        const name = JSON.stringify([data, limits]);
        const one = opened.get(name) ?? openOne(data, limits);
        opened.set(name, one);
        return one;
      });
      async function openOne(data: DataName, limits: Limits): Promise<Laboratory> {
        return Laboratory.open(engine, await taskOf(options, data, limits), context, out);
      }
    }),
  );
}

function textOf(results: readonly Result[], folder: string): string {
  return `${results.map(resultText).join('\n\n')}\n\nresults  ${folder}\n`;
}

/** All experiments of each paper; one of which none was run keeps the results that it has. */
async function collectAll(
  papers: readonly Chosen[],
  asked: string | true,
  options: Options,
  { progress }: Context,
): Promise<void> {
  for (const { paper, experiments } of papers) {
    const names = experiments.map(({ name }) => name);
    const folder = collectedFolder(asked, paper, options);
    const missing = await collect(resultsFolder(options), folder, paper.introduction, names);
    for (const name of missing) progress.say(`${name} hasn't been run`);
  }
}

/** Images to learn from and to count errors on. */
async function taskOf({ split: divided }: Options, data: DataName, limits: Limits): Promise<Task> {
  const all = await dataSet(data).load();
  return limited(divided ? split(all.train) : all, limits);
}
