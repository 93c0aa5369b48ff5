import { evaluate } from 'wasm-distill';
import type { Row } from './experiments.js';
import { jobsOf } from './model.js';
import { deviation, mean, type ResultRow } from './result.js';
import type { Store, Trained } from './store.js';

/** Trains the models of all rows and counts their errors. */
export async function compare(
  store: Store,
  rows: readonly Row[],
): Promise<{ rows: ResultRow[]; trainingSeconds: number }> {
  await store.train(rows.flatMap(({ model, seeds }) => jobsOf(model, seeds)));
  const results: ResultRow[] = [];
  const seconds = new Map<string, number>();
  for (const row of rows) {
    const trained: Trained[] = [];
    for (const job of jobsOf(row.model, row.seeds)) trained.push(await store.load(job));
    for (const { weightsSha256, history } of trained) seconds.set(weightsSha256, history.at(-1)!.seconds);
    results.push(resultRow(row, await errors(store, row, trained), trained));
  }
  return { rows: results, trainingSeconds: [...seconds.values()].reduce((sum, s) => sum + s, 0) };
}

async function errors(store: Store, { together }: Row, trained: readonly Trained[]): Promise<number[]> {
  if (!together) return trained.map(({ history }) => history.at(-1)!.testErrors);
  const models = trained.map(({ model }) => model);
  const { errors } = await evaluate(store.engine, models, store.task.test, { signal: store.signal });
  return [errors];
}

function resultRow(
  { what, paper, goal, seeds }: Row,
  each: number[],
  trained: readonly Trained[],
): ResultRow {
  return {
    what,
    paper: paper ?? null,
    ours: mean(each),
    deviation: deviation(each),
    each,
    goal: goal ?? null,
    seeds: [...seeds],
    weightsSha256: trained.map(({ weightsSha256 }) => weightsSha256),
  };
}
