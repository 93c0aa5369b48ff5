import { adjustBias, evaluate, type TrainedModel, weightsSha256 } from 'wasm-distill';
import { round } from '../cli/format/numbers.ts';
import type { Comparison, Recovered, Row } from './experiment.ts';
import { jobsOf } from './model.ts';
import { measured, type ResultRow } from './result.ts';
import type { Store, Trained } from './store.ts';

/** Trains the models of all rows and measures them. */
export async function compare(store: Store, { rows, recovered = [] }: Comparison): Promise<ResultRow[]> {
  await store.train(rows.flatMap(({ model, seeds }) => jobsOf(model, seeds)));
  const results: ResultRow[] = [];
  for (const row of rows) results.push(await resultRow(store, row));
  return [...results, ...recovered.map((one) => recoveredRow(one, results))];
}

/** How much of the way from one row to another a third one gets, in per cent, seed by seed. */
function recoveredRow({ what, paper, goal, of, from, to }: Recovered, rows: readonly ResultRow[]): ResultRow {
  const [reached, start, end] = [of, from, to].map((name) => rows.find((row) => row.what === name)!);
  const each = reached!.each.map(
    (value, i) => (100 * (value - start!.each[i]!)) / (end!.each[i]! - start!.each[i]!),
  );
  return { ...reached!, what, paper, goal, ...measured(each) };
}

async function resultRow(store: Store, row: Row): Promise<ResultRow> {
  const trained: Trained[] = [];
  for (const job of jobsOf(row.model, row.seeds))
    trained.push(await adjusted(store, row, await store.load(job)));
  const each = row.together ? [await errorsTogether(store, trained)] : [];
  if (!row.together) for (const one of trained) each.push(await measure(store, row, one));
  return {
    what: row.what,
    ...UNITS[row.measure ?? 'errors'],
    paper: row.paper ?? null,
    ...measured(each),
    goal: row.goal ?? null,
    seeds: [...row.seeds],
    weightsSha256: trained.map(({ weightsSha256: hash }) => hash),
    trainingSeconds: trained.map(({ history }) => round(history.at(-1)!.seconds)),
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
async function adjusted(store: Store, { adjust }: Row, trained: Trained): Promise<Trained> {
  if (!adjust) return trained;
  const { train } = store.task;
  const frequency = train.labels.filter((label) => adjust.includes(label)).length / train.size;
  const model = await adjustBias(store.engine, trained.model, adjust, train, frequency);
  return { ...trained, model, weightsSha256: await weightsSha256(model) };
}

async function measure(store: Store, row: Row, { model, history }: Trained): Promise<number> {
  const { measure: what = 'errors', ofClass, adjust } = row;
  if (what === 'errors' && ofClass === undefined && !adjust) return history.at(-1)!.testErrors;
  const data = what === 'training accuracy' ? (await store.samples(row.model)).data : store.task.test;
  const { errors, size, confusion } = await evaluate(store.engine, model, data, { signal: store.signal });
  if (ofClass !== undefined) return mistaken(confusion, ofClass);
  if (what === 'errors') return errors;
  return (100 * (what === 'error' ? errors : size - errors)) / size;
}

function mistaken(confusion: readonly (readonly number[])[], label: number): number {
  return confusion[label]!.reduce((sum, n, predicted) => (predicted === label ? sum : sum + n), 0);
}

async function errorsTogether(store: Store, trained: readonly Trained[]): Promise<number> {
  const models: TrainedModel[] = trained.map(({ model }) => model);
  return (await evaluate(store.engine, models, store.task.test, { signal: store.signal })).errors;
}
