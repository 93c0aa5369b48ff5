import { checkList, checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { checkShape, type Shape, strides } from '../graph/shape.js';
import { checkF32, type Node, type Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';
import { type View, viewReference } from './view.js';

/** The part of x that begins at `start` and has `shape`. */
const sliceRule: ShapeRule<'slice'> = {
  name: 'slice',
  infer: ([x], { start, shape }) => {
    const inside =
      start.length === x!.shape.length &&
      shape.length === start.length &&
      x!.shape.every(
        (n, i) =>
          Number.isInteger(start[i]) && start[i]! >= 0 && shape[i]! >= 1 && start[i]! + shape[i]! <= n,
      );
    checkF32('slice', [x!]);
    demand(inside, () => `slice: [${shape}] from [${start}] isn't inside [${x!.shape}]`);
    return { shape, dtype: 'f32' };
  },
};

export const sliceOp: Operator<'slice'> = {
  rule: sliceRule,
  reference: viewReference(partView),
  cases: () => [
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
export function slice(x: Tensor, options: { start: Shape; shape: Shape }): Tensor {
  checkNames(options, 'slice', ['start', 'shape']);
  const { start, shape } = options;
  checkList(start, 'the start of slice', 'numbers', (n) => typeof n === 'number');
  checkShape('slice', shape);
  return apply(sliceRule, [x], { start: [...start], shape: [...shape] });
}
