import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { Tensor } from '../graph/tensor.js';
import { shuffled } from '../random/shuffle.js';
import { checkStream, type Stream } from '../random/streams.js';
import type { Operator } from './operator.js';

/** A shuffle of 0…n−1 for (seed, stream, step), padded with −1 to `capacity`: the order of an epoch in whole batches. */
const permutationRule: ShapeRule<'permutation'> = {
  name: 'permutation',
  infer: (_inputs, { n, capacity }) => {
    demand(
      Number.isInteger(n) && n >= 1 && capacity >= n,
      () => `permutation: ${n} numbers don't fit a capacity of ${capacity}`,
    );
    return { shape: [capacity], dtype: 'i32' };
  },
};

export const permutationOp: Operator<'permutation'> = {
  rule: permutationRule,
  reference: (_inputs, { attributes: { n, capacity, stream } }, { seed, step }) => {
    const order = new Float64Array(capacity).fill(-1);
    order.set(shuffled(seed, stream, step, n));
    return order;
  },
  cases: () =>
    [1, 3, 17, 1000].map((n) => ({
      inputs: [],
      attributes: { n, capacity: n + (n % 3), stream: { kind: 'user', index: 7 } },
    })),
};

/** The numbers 0…n−1 in random order, then −1 up to `capacity`. Its `step` is the epoch. */
export function permutation(n: number, options: { capacity: number; stream: Stream }): Tensor {
  checkNames(options, 'permutation', ['capacity', 'stream']);
  const { capacity, stream } = options;
  checkStream(stream);
  return apply(permutationRule, [], { n, capacity, stream });
}
