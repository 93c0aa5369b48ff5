import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { checkShape, type Shape, sameShape, size } from '../graph/shape.js';
import { checkTensor, fill, type Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';

/** The same elements in another shape. It takes no instruction: it shares its input's memory. */
const reshapeRule: ShapeRule<'reshape'> = {
  name: 'reshape',
  infer: ([x], { shape }) => {
    demand(
      size(shape) === size(x!.shape),
      () => `reshape: [${x!.shape}] has another number of elements than [${shape}]`,
    );
    return { shape, dtype: x!.dtype };
  },
};

export const reshapeOp: Operator<'reshape'> = {
  rule: reshapeRule,
  reference: ([x]) => x!,
  cases: () => [{ inputs: [{ shape: [3, 5] }], attributes: { shape: [15] } }],
};

/** x in another shape with the same number of elements. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor(x, 'reshape');
  checkShape('reshape', shape);
  if (sameShape(x.shape, shape)) return x;
  if (x.op === 'fill') return fill(x.attributes.value, shape);
  return apply(reshapeRule, [x], { shape: [...shape] });
}

/** A row [n] as a column [n, 1]. */
export function column(x: Tensor): Tensor {
  return reshape(x, [x.shape[0]!, 1]);
}
