import {
  type Dataset,
  encodeInt8Model,
  evaluate,
  makeDataset,
  type TrainedModel,
  weightsSha256,
} from 'wasm-distill';
import { adjustBias } from 'wasm-distill/ensemble';
import { decodeInt8Model } from 'wasm-distill/formats';
import type { EvaluationResult, Trained } from 'wasm-distill/jobs';
import { hiddenOf } from 'wasm-distill/objectives';
import { round } from '../cli/format/numbers.ts';
import type { Comparison, Recovered, Row } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';
import { measured, type ResultRow } from './result.ts';
import { retrieval } from './retrieval.ts';
import { choose } from './samples.ts';
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
  if (stepsTo !== undefined)
    for (const [i, row] of rows.entries())
      results[i]!.stepsTo = await stepsOf(
        laboratory,
        row,
        rows.find(({ what }) => what === (row.stepsTo ?? stepsTo))!,
      );
  return [...results, ...recovered.map((one) => recoveredRow(one, results))];
}

/** When a row, also the other one itself, has no more errors than the other one has at its end. */
async function stepsOf(laboratory: Laboratory, { model, seeds }: Row, to: Row): Promise<number | null> {
  const ends: number[] = [];
  for (const job of await laboratory.jobs(to.model, to.seeds))
    ends.push((await laboratory.trained(job)).testErrors);
  const errors = ends.reduce((sum, end) => sum + end, 0) / ends.length;
  const steps: (number | undefined)[] = [];
  for (const job of await laboratory.jobs(model, seeds))
    steps.push(await stepsUntil(laboratory, job, errors));
  return meanOfAll(steps);
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
  'recall at 1': { unit: '%', better: 'more' },
  'mean average precision': { unit: '%', better: 'more' },
} as const;

/** The model of 8 bits, or with the biases of some classes changed until it predicts these as often as the training images have them. */
async function adjusted(
  { engine, task }: Laboratory,
  { adjust, eightBits }: Row,
  trained: Trained,
): Promise<Trained> {
  if (eightBits) {
    const { title } = trained.job;
    return { ...trained, model: decodeInt8Model(encodeInt8Model(trained.model), title).model };
  }
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
  if (what === 'errors' && ofClass === undefined && !isOther(row)) return trained.testErrors;
  if (row.retrieved) return 100 * (await retrieved(laboratory, row, trained));
  const { errors, size, confusion } = await evaluation(laboratory, row, trained);
  if (ofClass !== undefined) return mistaken(confusion, ofClass);
  if (what === 'errors') return errors;
  return (100 * (what === 'error' ? errors : size - errors)) / size;
}

/** Whether it isn't the trained model that is measured, but one made of it. */
function isOther({ adjust, eightBits }: Row): boolean {
  return adjust !== undefined || eightBits === true;
}

/** How test images of some classes find those of their own. */
async function retrieved(
  { engine, task, signal }: Laboratory,
  { measure: what, retrieved: classes }: Row,
  { model }: Trained,
): Promise<number> {
  const test = choose(task.test, { classes: classes! }, 1);
  // Its classes are none that the model has.
  const values = await hiddenOf(engine, model, countedAs(test, model), { signal });
  const { recallAtOne, meanAveragePrecision } = retrieval({ values, labels: test.labels });
  return what === 'recall at 1' ? recallAtOne : meanAveragePrecision;
}

/** A model made of a trained one is no job's: what it gets wrong isn't kept. */
async function evaluation(
  laboratory: Laboratory,
  row: Row,
  { job, model }: Trained,
): Promise<EvaluationResult> {
  const { engine, task, signal } = laboratory;
  const { measure: what } = row;
  if (isOther(row)) return evaluate(engine, model, task.test, { signal });
  return laboratory.evaluated([job], what === 'training accuracy' ? job.data : job.test);
}

function mistaken(confusion: readonly (readonly number[])[], label: number): number {
  return confusion[label]!.reduce((sum, n, predicted) => (predicted === label ? sum : sum + n), 0);
}

/** Without labels, as samples of a model's classes. */
function countedAs({ inputs, size }: Dataset, { architecture }: TrainedModel): Dataset {
  const classes = lastUnits(architecture);
  return makeDataset({ inputs, labels: new Int32Array(size).fill(-1), classes });
}

function lastUnits({ layers }: TrainedModel['architecture']): number {
  const last = layers.at(-1)!;
  if (!('dense' in last)) throw new Error('experiments have a dense layer of classes');
  return last.dense;
}
