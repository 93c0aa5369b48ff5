import { type Dataset, makeDataset, select } from 'wasm-distill';
import { split } from 'wasm-distill/data';
import type { Indices, Parts, Reading } from './reader.ts';

/** The share of samples that tests are made on where no test data are there. */
export const TEST_SHARE = 0.2;

/**
 * Not the run's seed: which samples are for tests would change with it, results of two seeds wouldn't be comparable,
 * and `evaluate` would count errors on samples that were learned from.
 */
const SEED = 1;

/** Splits the training part: off go a test part and a validation part, by class, as far as shares are given. */
export function divided(reading: Reading, shares: { test?: number; val?: number }): Parts {
  let train = numbered(reading.train);
  const parts: { -readonly [P in keyof Indices]: Indices[P] } = { train: [] };
  for (const name of ['test', 'val'] as const) {
    const share = shares[name];
    if (share === undefined) continue;
    const { part, rest } = split(train, share, SEED);
    parts[name] = indicesOf(part);
    train = rest;
  }
  parts.train = indicesOf(train);
  if (reading.divide) return reading.divide(parts);
  return {
    train: select(reading.train, parts.train),
    ...(parts.val && { val: select(reading.train, parts.val) }),
    ...(parts.test && { test: select(reading.train, parts.test) }),
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
