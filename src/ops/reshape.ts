import { apply } from './apply.js';
import type { Operator } from './operator.js';
import { fill, require, type Shape, sameShape, size, type Tensor } from './tensor.js';

/** The same elements under another shape. Lowering gives it no instruction: it is its input's memory. */
export const reshape: Operator = {
  name: 'reshape',
  infer: ([x], attributes) => {
    const shape = attributes.shape as Shape;
    require(size(shape) ===
      size(x!.shape), `reshape: [${x!.shape}] has another number of elements than [${shape}]`);
    return { shape, dtype: x!.dtype };
  },
  gradient: (node, up) => [reshapeTo(up, node.inputs[0]!.shape)],
  lower: () => {
    throw new Error('a reshape is an alias and has no instruction');
  },
  reference: ([x]) => x!,
  cases: [{ inputs: [{ shape: [3, 5] }], attributes: { shape: [15] } }],
};

/** x under another shape of as many elements. */
export function reshapeTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (x.op === 'fill') return fill(x.attributes.value as number, shape);
  return apply(reshape, [x], { shape: [...shape] });
}
