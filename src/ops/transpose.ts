import { demand } from '../errors.js';
import { apply } from '../graph/apply.js';
import { strides } from '../graph/shape.js';
import type { Node, Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { type View, viewReference } from './view.js';

/** Reorders dimensions: dimension i of the result is dimension order[i] of x. */
export const transposeOp: Operator<'transpose'> = {
  name: 'transpose',
  infer: ([x], { order }) => {
    const sorted = [...order].sort((a, b) => a - b);
    demand(
      sorted.length === x!.shape.length && sorted.every((d, i) => d === i),
      () => `transpose: [${order}] isn't an order of ${x!.shape.length} dimensions`,
    );
    return { shape: order.map((d) => x!.shape[d]!), dtype: 'f32' };
  },
  reference: viewReference(reorderedView),
  cases: [
    { inputs: [{ shape: [1, 1] }], attributes: { order: [1, 0] } },
    { inputs: [{ shape: [3, 17] }], attributes: { order: [1, 0] } },
    { inputs: [{ shape: [2, 3, 5] }], attributes: { order: [2, 0, 1] } },
    { inputs: [{ shape: [2, 3, 4, 5] }], attributes: { order: [3, 1, 0, 2] } },
  ],
};

/** Strides of x in the order of the node's dimensions. */
export function reorderedView(node: Node<'transpose'>): View {
  const own = strides(node.inputs[0]!.shape);
  return { strides: node.attributes.order.map((d) => own[d]!) };
}

/** x with its dimensions reordered; reversed if no order is given. */
export function transpose(
  x: Tensor,
  order: readonly number[] = x.shape.map((_, i) => x.shape.length - 1 - i),
): Tensor {
  return apply(transposeOp, [x], { order: [...order] });
}
