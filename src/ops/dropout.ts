import { apply } from './apply.js';
import { elementTiles, type Operator } from './operator.js';
import { philoxWords } from './philox.js';
import { require, size, type Tensor } from './tensor.js';

/** Inverted dropout: x/(1 − rate) or 0. The mask follows from (seed, stream, step, index), so it is never stored. */
export const dropout: Operator = {
  name: 'dropout',
  infer: ([x], attributes) => {
    const rate = attributes.rate as number;
    require(rate >= 0 && rate < 1, `dropout: the rate must be at least 0 and below 1, not ${rate}`);
    return { shape: x!.shape, dtype: 'f32' };
  },
  gradient: (node, up) => [apply(dropout, [up], node.attributes)],
  lower: (node) => {
    const n = size(node.shape);
    const { rate, stream } = node.attributes as { rate: number; stream: number };
    return {
      opcode: 'dropout',
      tiles: elementTiles(n),
      fields: { n, x: node.inputs[0], y: node, stream, threshold: threshold(rate), scale: 1 / (1 - rate) },
      writes: ['y'],
      local: ['x', 'y'],
      scratch: 64,
    };
  },
  reference: ([x], node, { seed, step }) => {
    const { rate, stream } = node.attributes as { rate: number; stream: number };
    const words = philoxWords(seed, stream, step, x!.length);
    return x!.map((v, i) => (words[i]! >= threshold(rate) ? v / (1 - rate) : 0));
  },
  cases: [1, 3, 17, 100].map((n) => ({ inputs: [{ shape: [n] }], attributes: { rate: 0.4, stream: 3 } })),
};

function threshold(rate: number): number {
  return Math.floor(rate * 2 ** 32);
}

/** Drops elements with probability `rate` and scales the rest by 1/(1 − rate); `stream` sets one dropout apart from another. */
export function drop(x: Tensor, rate: number, stream: number): Tensor {
  return rate === 0 ? x : apply(dropout, [x], { rate, stream });
}
