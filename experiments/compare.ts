import { evaluate, weightsSha256 } from 'wasm-distill';
import { adjustBias } from 'wasm-distill/ensemble';
import type { EvaluationResult, Trained } from 'wasm-distill/jobs';
import { round } from '../cli/format/numbers.ts';
import type { Comparison, Recovered, Row } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';
import { measured, type ResultRow } from './result.ts';
import { meanOfAll, stepsUntil } from './steps.ts';

/** Trains the models of all rows and measures them. */
export async function compare(
  laboratory: Laboratory,
  { rows, recovered = [], stepsTo }: Comparison,
): Promise<ResultRow[]> {
  const jobs = await Promise.all(rows.map(({ model, seeds }) => laboratory.jobs(model, seeds)));
  await laboratory.train(jobs.flat());
  const results: ResultRow[] = [];
  for (const row of rows) results.push(await resultRow(laboratory, row));
  if (stepsTo !== undefined) await countSteps(laboratory, rows, results, stepsTo);
  return [...results, ...recovered.map((one) => recoveredRow(one, results))];
}

/** Tells each row, also the one itself, when it has no more errors than one of them has at its end. */
async function countSteps(
  laboratory: Laboratory,
  rows: readonly Row[],
  results: readonly ResultRow[],
  to: string,
): Promise<void> {
  const errors = results.find(({ what }) => what === to)!.ours;
  for (const [i, { model, seeds }] of rows.entries()) {
    const steps: (number | undefined)[] = [];
    for (const job of await laboratory.jobs(model, seeds))
      steps.push(await stepsUntil(laboratory, job, errors));
    results[i]!.stepsTo = meanOfAll(steps);
  }
}

/** How much of the way from one row to another a third one gets, in per cent, seed by seed. */
function recoveredRow({ what, paper, goal, of, from, to }: Recovered, rows: readonly ResultRow[]): ResultRow {
  const [reached, start, end] = [of, from, to].map((name) => rows.find((row) => row.what === name)!);
  const each = reached!.each.map(
    (value, i) => (100 * (value - start!.each[i]!)) / (end!.each[i]! - start!.each[i]!),
  );
  return { ...reached!, what, paper, goal, ...measured(each) };
}

async function resultRow(laboratory: Laboratory, row: Row): Promise<ResultRow> {
  const jobs = await laboratory.jobs(row.model, row.seeds);
  const each: number[] = [];
  const hashes: string[] = [];
  const seconds: number[] = [];
  const marks: NonNullable<ResultRow['marks']> = {};
  for (const [i, job] of jobs.entries()) {
    const trained = await adjusted(laboratory, row, await laboratory.trained(job));
    if (!row.together) each.push(await measure(laboratory, row, trained));
    hashes.push(await weightsSha256(trained.model));
    const { collapsed, silent } = trained;
    if (collapsed || silent) marks[i] = { ...(collapsed && { collapsed }), ...(silent && { silent }) };
    seconds.push(round(trained.history.at(-1)!.seconds));
  }
  if (row.together) each.push((await laboratory.evaluated(jobs, jobs[0]!.test)).errors);
  return {
    what: row.what,
    ...UNITS[row.measure ?? 'errors'],
    paper: row.paper ?? null,
    ...measured(each),
    goal: row.goal ?? null,
    seeds: [...row.seeds],
    weightsSha256: hashes,
    ...(Object.keys(marks).length > 0 && { marks }),
    trainingSeconds: seconds,
    ...(row.at && { at: row.at }),
  };
}

const UNITS = {
  errors: { unit: 'errors', better: 'less' },
  error: { unit: '%', better: 'less' },
  accuracy: { unit: '%', better: 'more' },
  'training accuracy': { unit: '%', better: 'more' },
} as const;

/** The model with the biases of some classes changed until it predicts these as often as the training images have them. */
async function adjusted({ engine, task }: Laboratory, { adjust }: Row, trained: Trained): Promise<Trained> {
  if (!adjust) return trained;
  const { train } = task;
  const frequency = train.labels.filter((label) => adjust.includes(label)).length / train.size;
  return {
    ...trained,
    model: await adjustBias(engine, trained.model, train, { classes: adjust, frequency }),
  };
}

async function measure(laboratory: Laboratory, row: Row, trained: Trained): Promise<number> {
  const { measure: what = 'errors', ofClass } = row;
  if (what === 'errors' && ofClass === undefined && !row.adjust) return trained.testErrors;
  const { errors, size, confusion } = await evaluation(laboratory, row, trained);
  if (ofClass !== undefined) return mistaken(confusion, ofClass);
  if (what === 'errors') return errors;
  return (100 * (what === 'error' ? errors : size - errors)) / size;
}

/** A model with other biases is no job's: what it gets wrong isn't kept. */
async function evaluation(
  laboratory: Laboratory,
  { adjust, measure: what }: Row,
  { job, model }: Trained,
): Promise<EvaluationResult> {
  const { engine, task, signal } = laboratory;
  if (adjust) return evaluate(engine, model, task.test, { signal });
  return laboratory.evaluated([job], what === 'training accuracy' ? job.data : job.test);
}

function mistaken(confusion: readonly (readonly number[])[], label: number): number {
  return confusion[label]!.reduce((sum, n, predicted) => (predicted === label ? sum : sum + n), 0);
}
