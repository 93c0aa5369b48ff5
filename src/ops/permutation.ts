import { apply } from './apply.js';
import type { Operator } from './operator.js';
import { philoxWords } from './philox.js';
import { require, type Tensor } from './tensor.js';

/** A shuffle of 0…n−1 for (seed, stream, step), padded with −1 to `capacity`: the order of an epoch in whole batches. */
export const permutation: Operator = {
  name: 'permutation',
  infer: (_inputs, attributes) => {
    const { n, capacity } = attributes as { n: number; capacity: number };
    require(Number.isInteger(n) &&
      n >= 1 &&
      capacity >= n, `permutation: ${n} numbers don't fit a capacity of ${capacity}`);
    return { shape: [capacity], dtype: 'i32' };
  },
  lower: (node) => {
    const { n, capacity, stream } = node.attributes as { n: number; capacity: number; stream: number };
    return {
      opcode: 'permutation',
      tiles: 1,
      fields: { n, capacity, y: node, stream },
      writes: ['y'],
      scratch: 64,
    };
  },
  reference: (_inputs, node, { seed, step }) => {
    const { n, capacity, stream } = node.attributes as { n: number; capacity: number; stream: number };
    const words = philoxWords(seed, stream, step, n);
    const order = Float64Array.from({ length: capacity }, (_, i) => (i < n ? i : -1));
    for (let i = n - 1; i > 0; i--) {
      // word·(i + 1) / 2³² is exact in float64: 32 + 21 bits at most.
      const j = Math.floor((words[n - 1 - i]! * (i + 1)) / 2 ** 32);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  },
  cases: [1, 3, 17, 1000].map((n) => ({ inputs: [], attributes: { n, capacity: n + (n % 3), stream: 7 } })),
};

/** The numbers 0…n−1 in random order, then −1 up to `capacity`. Its `step` is the epoch. */
export function shuffled(n: number, capacity: number, stream: number): Tensor {
  return apply(permutation, [], { n, capacity, stream });
}
