import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { checkShape, type Shape, sameShape, strides } from '../graph/shape.js';
import { checkTensor, fill, type Node, type Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { type View, viewReference } from './view.js';

/** Repeats x along dimensions of size 1 or absent in front, as NumPy's broadcast_to. */
const broadcastRule: ShapeRule<'broadcast'> = {
  name: 'broadcast',
  infer: ([x], { shape }) => {
    const fits =
      x!.shape.length <= shape.length &&
      x!.shape.every((n, i) => n === 1 || n === shape[i + shape.length - x!.shape.length]);
    demand(fits && x!.dtype === 'f32', () => `broadcast: [${x!.shape}] doesn't broadcast to [${shape}]`);
    return { shape, dtype: 'f32' };
  },
};

export const broadcastOp: Operator<'broadcast'> = {
  rule: broadcastRule,
  reference: viewReference(repeatedView),
  cases: () => [
    { inputs: [{ shape: [1] }], attributes: { shape: [7] } },
    { inputs: [{ shape: [] }], attributes: { shape: [3, 5] } },
    { inputs: [{ shape: [17] }], attributes: { shape: [3, 17] } },
    { inputs: [{ shape: [5, 1] }], attributes: { shape: [5, 33] } },
    { inputs: [{ shape: [3, 1, 2] }], attributes: { shape: [4, 3, 5, 2] } },
  ],
};

/** Strides of x seen under the node's shape: 0 where it repeats. */
export function repeatedView(node: Node<'broadcast'>): View {
  const x = node.inputs[0]!.shape;
  const own = strides(x);
  const front = node.shape.length - x.length;
  return {
    strides: node.shape.map((n, i) => (i < front || (x[i - front] === 1 && n !== 1) ? 0 : own[i - front]!)),
  };
}

/** x repeated to a shape, as NumPy's broadcast_to. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkTensor(x, 'broadcastTo');
  checkShape('broadcastTo', shape);
  if (sameShape(x.shape, shape)) return x;
  if (x.op === 'fill') return fill(x.attributes.value, shape);
  return apply(broadcastRule, [x], { shape: [...shape] });
}
