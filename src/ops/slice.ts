import { apply } from './apply.js';
import type { Operator } from './operator.js';
import { padTo } from './pad.js';
import { type View, viewOperator } from './strided.js';
import { require, type Shape, strides, type Tensor } from './tensor.js';

/** The part of x that begins at `start` and has `shape`. */
export const slice: Operator = {
  name: 'slice',
  infer: ([x], attributes) => {
    const start = attributes.start as Shape;
    const shape = attributes.shape as Shape;
    const inside =
      start.length === x!.shape.length &&
      shape.length === start.length &&
      x!.shape.every((n, i) => start[i]! >= 0 && shape[i]! >= 1 && start[i]! + shape[i]! <= n);
    require(inside, `slice: [${shape}] from [${start}] isn't inside [${x!.shape}]`);
    return { shape, dtype: 'f32' };
  },
  gradient: (node, up) => [padTo(up, node.attributes.start as Shape, node.inputs[0]!.shape)],
  ...viewOperator(from),
  cases: [
    { inputs: [{ shape: [5] }], attributes: { start: [2], shape: [3] } },
    { inputs: [{ shape: [7, 17] }], attributes: { start: [1, 3], shape: [5, 13] } },
    { inputs: [{ shape: [3, 4, 5] }], attributes: { start: [0, 1, 2], shape: [3, 2, 1] } },
  ],
};

function from(node: Tensor): View {
  const own = strides(node.inputs[0]!.shape);
  return {
    offset: (node.attributes.start as Shape).reduce((sum, n, i) => sum + n * own[i]!, 0),
    strides: own,
  };
}

/** The part of x from `start` with `shape`, all dimensions named. */
export function sliced(x: Tensor, start: Shape, shape: Shape): Tensor {
  return apply(slice, [x], { start: [...start], shape: [...shape] });
}
