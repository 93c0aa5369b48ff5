import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { size } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';

/** This step's row of an array with one row per step (x[step mod rows]): batch order, learning rates. */
const stepReadRule: ShapeRule<'stepRead'> = {
  name: 'stepRead',
  infer: ([x]) => {
    demand(
      x!.op === 'variable' && x!.shape.length >= 1 && x!.dtype !== 'u8',
      'stepRead: x must be an f32 or i32 variable with a row for each step',
    );
    return { shape: x!.shape.slice(1), dtype: x!.dtype };
  },
};

export const stepReadOp: Operator<'stepRead'> = {
  rule: stepReadRule,
  reference: ([x], node, { step }) => {
    const n = size(node.shape);
    const row = step % node.inputs[0]!.shape[0]!;
    return x!.slice(row * n, (row + 1) * n);
  },
  cases: () => [
    { inputs: [{ shape: [4] }], attributes: {} },
    { inputs: [{ shape: [3, 17] }], attributes: {} },
    { inputs: [{ shape: [5, 3], data: { labels: 9 }, dtype: 'i32' }], attributes: {} },
  ],
};

/** This step's row of x. */
export function atStep(x: Tensor): Tensor {
  return apply(stepReadRule, [x], {});
}
