import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { Tensor } from '../graph/tensor.js';
import { philoxWords } from '../random/philox.js';
import { checkStream, type Stream } from '../random/streams.js';
import type { Operator } from './operator.js';

/** Inverted dropout: x/(1 − rate) or 0. The mask follows from (seed, stream, step, index), so it is never stored. */
export const dropoutRule: ShapeRule<'dropout'> = {
  name: 'dropout',
  infer: ([x], { rate, stream }) => {
    checkStream(stream);
    demand(rate >= 0 && rate < 1, () => `dropout: the rate must be at least 0 and below 1, not ${rate}`);
    return { shape: x!.shape, dtype: 'f32' };
  },
};

export const dropoutOp: Operator<'dropout'> = {
  rule: dropoutRule,
  reference: ([x], { attributes: { rate, stream } }, { seed, step }) => {
    const words = philoxWords(seed, stream, step, x!.length);
    return x!.map((v, i) => (words[i]! >= dropThreshold(rate) ? v / (1 - rate) : 0));
  },
  cases: () =>
    [1, 3, 17, 100].map((n) => ({
      inputs: [{ shape: [n] }],
      attributes: { rate: 0.4, stream: { kind: 'user', index: 3 } },
    })),
};

/** An element is dropped if its random word is below this. */
export function dropThreshold(rate: number): number {
  return Math.floor(rate * 2 ** 32);
}

/**
 * Drops elements with probability `rate` and scales the rest by 1/(1 − rate); `stream` distinguishes one dropout from
 * another.
 */
export function dropout(x: Tensor, options: { rate: number; stream: Stream }): Tensor {
  checkNames(options, 'dropout', ['rate', 'stream']);
  const { rate, stream } = options;
  return rate === 0 ? x : apply(dropoutRule, [x], { rate, stream });
}
