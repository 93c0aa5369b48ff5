import { checkList } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { strides } from '../graph/shape.js';
import { checkF32, checkTensor, type Node, type Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { type View, viewReference } from './view.js';

/** Reorders dimensions: dimension i of the result is dimension order[i] of x. */
const transposeRule: ShapeRule<'transpose'> = {
  name: 'transpose',
  infer: ([x], { order }) => {
    checkF32('transpose', [x!]);
    const sorted = [...order].sort((a, b) => a - b);
    demand(
      sorted.length === x!.shape.length && sorted.every((d, i) => d === i),
      () => `transpose: [${order}] isn't an order of ${x!.shape.length} dimensions`,
    );
    return { shape: order.map((d) => x!.shape[d]!), dtype: 'f32' };
  },
};

export const transposeOp: Operator<'transpose'> = {
  rule: transposeRule,
  reference: viewReference(reorderedView),
  cases: () => [
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
export function transpose(x: Tensor, order: readonly number[] = reversed(x)): Tensor {
  checkList(order, 'the order of transpose', 'numbers', (d) => typeof d === 'number');
  return apply(transposeRule, [x], { order: [...order] });
}

function reversed(x: Tensor): number[] {
  checkTensor(x, 'transpose');
  return x.shape.map((_, i) => x.shape.length - 1 - i);
}
