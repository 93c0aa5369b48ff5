import { setImmediate } from 'node:timers/promises';
import type { Dataset } from 'wasm-distill';
import { sampleAt } from 'wasm-distill/data';
import { load } from 'wasm-distill/infer';
import type { ComparedModel } from '../report/comparison.ts';

/** Samples that are predicted at once. */
const BATCH = 128;

/** A batch isn't tried where single samples say that it takes longer. */
const MOST_MILLISECONDS = 500;

/** Runs of which the median is taken, at least; where the first one took so long, one more is enough. */
const RUNS = 3;
const SLOW = 100;

/** How long wasm-distill/infer takes with a model's file, in about `budget` milliseconds for each of both. */
export async function speedOf(
  file: Uint8Array,
  data: Dataset,
  budget: number,
): Promise<NonNullable<ComparedModel['milliseconds']>> {
  const student = await load(file);
  const sample = sampleAt(data, 0);
  const one = await medianOf(() => student.predict(sample), budget);
  if (one * BATCH > MOST_MILLISECONDS) return { one };
  const batch = batchOf(data);
  return { one, batch: await medianOf(() => student.predictBatch(batch, BATCH), budget) };
}

/** As many samples as a batch has, the same ones again where there are fewer. */
function batchOf(data: Dataset): Uint8Array | Float32Array {
  const { shape, values } = data.inputs;
  const each = shape.reduce((a, b) => a * b, 1);
  const length = BATCH * each;
  const batch = values.BYTES_PER_ELEMENT === 1 ? new Uint8Array(length) : new Float32Array(length);
  for (let i = 0; i < BATCH; i++) batch.set(sampleAt(data, i % data.size), i * each);
  return batch;
}

/** The median of a run's milliseconds, after a first one in which everything warms up. */
async function medianOf(run: () => void, budget: number): Promise<number> {
  const first = taken(run);
  const least = first > SLOW ? 1 : RUNS;
  const times: number[] = [];
  for (let spent = first; times.length < least || spent < budget; ) {
    times.push(taken(run));
    spent += times.at(-1)!;
    if (times.length % 10 === 0) await setImmediate();
  }
  await setImmediate();
  times.sort((a, b) => a - b);
  // Further digits mean nothing.
  return Number(times[Math.floor(times.length / 2)]!.toPrecision(4));
}

function taken(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}
