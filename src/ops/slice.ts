import { demand } from '../errors.js';
import { apply } from '../graph/apply.js';
import { type Shape, strides } from '../graph/shape.js';
import type { Node, Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { type View, viewReference } from './view.js';

/** The part of x that begins at `start` and has `shape`. */
export const sliceOp: Operator<'slice'> = {
  name: 'slice',
  infer: ([x], { start, shape }) => {
    const inside =
      start.length === x!.shape.length &&
      shape.length === start.length &&
      x!.shape.every((n, i) => start[i]! >= 0 && shape[i]! >= 1 && start[i]! + shape[i]! <= n);
    demand(inside, () => `slice: [${shape}] from [${start}] isn't inside [${x!.shape}]`);
    return { shape, dtype: 'f32' };
  },
  reference: viewReference(partView),
  cases: [
    { inputs: [{ shape: [5] }], attributes: { start: [2], shape: [3] } },
    { inputs: [{ shape: [7, 17] }], attributes: { start: [1, 3], shape: [5, 13] } },
    { inputs: [{ shape: [3, 4, 5] }], attributes: { start: [0, 1, 2], shape: [3, 2, 1] } },
  ],
};

/** Strides of x, starting at the first element of the part. */
export function partView(node: Node<'slice'>): View {
  const own = strides(node.inputs[0]!.shape);
  return { offset: node.attributes.start.reduce((sum, n, i) => sum + n * own[i]!, 0), strides: own };
}

/** The part of x from `start` with `shape`, both given for all dimensions. */
export function slice(x: Tensor, { start, shape }: { start: Shape; shape: Shape }): Tensor {
  return apply(sliceOp, [x], { start: [...start], shape: [...shape] });
}
