import { type Dataset, makeDataset, select, take } from 'wasm-distill';
import { split } from 'wasm-distill/data';
import type { Indices, Parts, Reading } from './reader.ts';

/** The share of samples that tests are made on where no test data are there. */
export const TEST_SHARE = 0.2;

/**
 * Not the run's seed: which samples are for tests would change with it, results of two seeds wouldn't be comparable,
 * and `evaluate` would count errors on samples that were learned from.
 */
const SEED = 1;

export interface Shares {
  test?: number;
  val?: number;
  /** Only the first of what is left beside the test part; the validation part is one of these. */
  limit?: number;
}

/** Splits the training part: off go a test part and a validation part, by class, as far as shares are given. */
export function divided(reading: Reading, { test, val, limit }: Shares): Parts {
  const tested = test === undefined ? undefined : split(numbered(reading.train), test, SEED);
  const left = tested?.rest ?? numbered(reading.train);
  const first = limit === undefined ? left : take(left, limit);
  const validated = val === undefined ? undefined : split(first, val, SEED);
  const indices: Indices = {
    train: indicesOf(validated?.rest ?? first),
    ...(validated && { val: indicesOf(validated.part) }),
    ...(tested && { test: indicesOf(tested.part) }),
  };
  if (reading.divide) return { ...reading.divide(indices), indices };
  return {
    indices,
    train: select(reading.train, indices.train),
    ...(indices.val && { val: select(reading.train, indices.val) }),
    ...(indices.test && { test: select(reading.train, indices.test) }),
  };
}

/** The samples' numbers in place of the samples, with their labels. */
function numbered({ labels, classes, size }: Dataset): Dataset {
  const values = new Uint8Array(Uint32Array.from({ length: size }, (_, i) => i).buffer);
  return makeDataset({ inputs: { shape: [4], values }, labels, classes });
}

function indicesOf({ inputs: { values } }: Dataset): number[] {
  return [...new Uint32Array(new Uint8Array(values).buffer)];
}
