import { checkWhole } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { Tensor } from '../graph/tensor.js';
import type { Operator } from './operator.js';

/** labels [n] i32 → [n, classes] with 1 at the label; a label of −1 (unlabeled) gives a row of zeros. */
const oneHotRule: ShapeRule<'oneHot'> = {
  name: 'oneHot',
  infer: ([labels], { classes }) => {
    demand(labels!.dtype === 'i32' && labels!.shape.length === 1, 'oneHot: labels must be a row of i32');
    checkWhole(classes, 'oneHot: classes', 1, Infinity);
    return { shape: [labels!.shape[0]!, classes], dtype: 'f32' };
  },
};

export const oneHotOp: Operator<'oneHot'> = {
  rule: oneHotRule,
  reference: ([labels], { attributes: { classes } }) => {
    const y = new Float64Array(labels!.length * classes);
    labels!.forEach((label, r) => {
      if (label >= 0 && label < classes) y[r * classes + label] = 1;
    });
    return y;
  },
  cases: () => [
    { inputs: [{ shape: [1], data: { labels: 1 }, dtype: 'i32' }], attributes: { classes: 1 } },
    { inputs: [{ shape: [17], data: { labels: 10 }, dtype: 'i32' }], attributes: { classes: 10 } },
  ],
};

/** labels [n] (i32, −1 = none) → one-hot rows [n, classes]. */
export function oneHot(labels: Tensor, classes: number): Tensor {
  return apply(oneHotRule, [labels], { classes });
}
