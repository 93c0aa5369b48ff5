import { apply } from './apply.js';
import type { Operator } from './operator.js';
import { type View, viewOperator } from './strided.js';
import { require, strides, type Tensor } from './tensor.js';

/** Reorders dimensions: dimension i of the result is dimension order[i] of x. */
export const transpose: Operator = {
  name: 'transpose',
  infer: ([x], attributes) => {
    const order = attributes.order as readonly number[];
    const sorted = [...order].sort((a, b) => a - b);
    require(sorted.length === x!.shape.length &&
      sorted.every(
        (d, i) => d === i,
      ), `transpose: [${order}] isn't an order of ${x!.shape.length} dimensions`);
    return { shape: order.map((d) => x!.shape[d]!), dtype: 'f32' };
  },
  gradient: (node, up) => {
    const order = node.attributes.order as readonly number[];
    return [
      transposed(
        up,
        order.map((_, i) => order.indexOf(i)),
      ),
    ];
  },
  ...viewOperator(from),
  cases: [
    { inputs: [{ shape: [1, 1] }], attributes: { order: [1, 0] } },
    { inputs: [{ shape: [3, 17] }], attributes: { order: [1, 0] } },
    { inputs: [{ shape: [2, 3, 5] }], attributes: { order: [2, 0, 1] } },
    { inputs: [{ shape: [2, 3, 4, 5] }], attributes: { order: [3, 1, 0, 2] } },
  ],
};

function from(node: Tensor): View {
  const own = strides(node.inputs[0]!.shape);
  return { strides: (node.attributes.order as readonly number[]).map((d) => own[d]!) };
}

/** x with its dimensions in another order; reversed without one. */
export function transposed(
  x: Tensor,
  order: readonly number[] = x.shape.map((_, i) => x.shape.length - 1 - i),
): Tensor {
  return apply(transpose, [x], { order: [...order] });
}
