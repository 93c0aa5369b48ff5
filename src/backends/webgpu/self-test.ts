import { type Plans, type Variable, variable } from '../../graph/tensor.js';
import { dropout, dropThreshold } from '../../ops/dropout.js';
import { assign } from '../../ops/effects.js';
import { philoxWords } from '../../random/philox.js';

const COUNT = 1000;
const RATE = 0.5;
const STREAM = { kind: 'user', index: 1 } as const;

/** A plan, its input of ones, what it writes, and what must be there then. */
export interface SelfTest {
  readonly plans: Plans;
  readonly ones: Variable;
  readonly kept: Variable;
  readonly expected: Float32Array;
}

/** The step and seed of the self test. */
export const SELF_TEST = { from: 5, seed: 0xfedcba98 };

/**
 * A plan that drops some of a row of ones: the same ones as in wasm wherever whole numbers are computed right, on which
 * all random numbers rest.
 */
export function selfTest(): SelfTest {
  const ones = variable('ones', [COUNT]);
  const kept = variable('kept', [COUNT]);
  const plans: Plans = { run: [assign(kept, dropout(ones, { rate: RATE, stream: STREAM }))] };
  const expected = Float32Array.from(philoxWords(SELF_TEST.seed, STREAM, SELF_TEST.from, COUNT), (word) =>
    word >= dropThreshold(RATE) ? 1 / (1 - RATE) : 0,
  );
  return { plans, ones, kept, expected };
}
