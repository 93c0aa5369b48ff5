import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { size } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';

/** Rows of x at `index` (i32 [n]); index −1 gives zeros, or −1 if x holds integers. */
const gatherRule: ShapeRule<'gather'> = {
  name: 'gather',
  infer: ([x, index]) => {
    demand(
      x!.dtype !== 'u8' && x!.shape.length >= 1 && index!.dtype === 'i32' && index!.shape.length === 1,
      'gather: x must be f32 or i32 rows, index a row of i32',
    );
    return { shape: [index!.shape[0]!, ...x!.shape.slice(1)], dtype: x!.dtype };
  },
};

export const gatherOp: Operator<'gather'> = {
  rule: gatherRule,
  reference: ([x, index], node) => {
    const columns = size(node.shape.slice(1));
    const y = new Float64Array(size(node.shape));
    index!.forEach((i, r) => {
      const row = y.subarray(r * columns, (r + 1) * columns);
      if (i < 0) row.fill(missingRow(node));
      else row.set(x!.subarray(i * columns, (i + 1) * columns));
    });
    return y;
  },
  cases: () => [
    { inputs: [{ shape: [1, 1] }, { shape: [1], data: { indices: 1 }, dtype: 'i32' }], attributes: {} },
    { inputs: [{ shape: [9, 17] }, { shape: [5], data: { indices: 9 }, dtype: 'i32' }], attributes: {} },
    {
      inputs: [
        { shape: [9], data: { labels: 10 }, dtype: 'i32' },
        { shape: [17], data: { indices: 9 }, dtype: 'i32' },
      ],
      attributes: {},
    },
  ],
};

/** The value in rows with index −1. */
export function missingRow({ dtype }: Pick<Tensor, 'dtype'>): number {
  return dtype === 'i32' ? -1 : 0;
}

/** Rows of x at `index`, as NumPy's take along axis 0. No gradient is defined. */
export function take(x: Tensor, index: Tensor): Tensor {
  return apply(gatherRule, [x, index], {});
}
