import { apply } from './apply.js';
import type { Operator } from './operator.js';
import { require, type Tensor } from './tensor.js';

/** labels [n] i32 → [n, classes] with 1 at the label; a label of −1 (unlabeled) gives a row of zeros. */
export const oneHot: Operator = {
  name: 'oneHot',
  infer: ([labels], attributes) => {
    require(labels!.dtype === 'i32' && labels!.shape.length === 1, 'oneHot: labels must be a row of i32');
    return { shape: [labels!.shape[0]!, attributes.classes as number], dtype: 'f32' };
  },
  gradient: () => [undefined],
  lower: (node) => {
    const [rows, columns] = node.shape as [number, number];
    return {
      opcode: 'oneHot',
      tiles: rows,
      fields: { rows, columns, labels: node.inputs[0], y: node },
      writes: ['y'],
      local: ['labels', 'y'],
    };
  },
  reference: ([labels], node) => {
    const columns = node.shape[1]!;
    const y = new Float64Array(labels!.length * columns);
    labels!.forEach((label, r) => {
      if (label >= 0 && label < columns) y[r * columns + label] = 1;
    });
    return y;
  },
  cases: [
    { inputs: [{ shape: [1], data: { labels: 1 }, dtype: 'i32' }], attributes: { classes: 1 } },
    { inputs: [{ shape: [17], data: { labels: 10 }, dtype: 'i32' }], attributes: { classes: 10 } },
  ],
};

/** labels [n] (i32, −1 = none) → one-hot rows [n, classes]. */
export function oneHotRows(labels: Tensor, classes: number): Tensor {
  return apply(oneHot, [labels], { classes });
}
