import { apply } from './apply.js';
import type { Operator } from './operator.js';
import { bytesOf, require, size, type Tensor } from './tensor.js';

/** This step's row of an array that has a row for each step (x[step mod rows]): batch order, learning rates. */
export const stepRead: Operator = {
  name: 'stepRead',
  infer: ([x]) => {
    require(x!.op === 'variable' &&
      x!.shape.length >= 1 &&
      x!.dtype !== 'u8', 'stepRead: x must be an f32 or i32 variable with a row for each step');
    return { shape: x!.shape.slice(1), dtype: x!.dtype };
  },
  lower: (node) => ({
    opcode: 'stepRead',
    tiles: 1,
    fields: { x: node.inputs[0], y: node, bytes: bytesOf(node), steps: node.inputs[0]!.shape[0]! },
    writes: ['y'],
  }),
  reference: ([x], node, { step }) => {
    const n = size(node.shape);
    const row = step % node.inputs[0]!.shape[0]!;
    return x!.slice(row * n, (row + 1) * n);
  },
  cases: [
    { inputs: [{ shape: [4] }] },
    { inputs: [{ shape: [3, 17] }] },
    { inputs: [{ shape: [5, 3], data: { labels: 9 }, dtype: 'i32' }] },
  ],
};

/** This step's row of x. */
export function atStep(x: Tensor): Tensor {
  return apply(stepRead, [x]);
}
