import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import { batchedMatmulRule } from './batched-matmul.js';
import { add } from './binary.js';
import type { Case, Operator } from './operator.js';
import { productForms, productSizes, products } from './product.js';

/** C = op(A)·op(B), 2-D. */
const matmulRule: ShapeRule<'matmul'> = {
  name: 'matmul',
  infer: ([a, b], attributes) => {
    demand(
      a!.shape.length === 2 && b!.shape.length === 2 && a!.dtype === 'f32' && b!.dtype === 'f32',
      () =>
        `matmul: both inputs must be f32 matrices, not ${a!.dtype} [${a!.shape}] and ${b!.dtype} [${b!.shape}]`,
    );
    const { m, n } = productSizes('matmul', a!.shape, b!.shape, attributes);
    return { shape: [m, n], dtype: 'f32' };
  },
};

export const matmulOp: Operator<'matmul'> = {
  rule: matmulRule,
  reference: ([a, b], { inputs, attributes }) =>
    products(a!, b!, productSizes('matmul', inputs[0]!.shape, inputs[1]!.shape, attributes), attributes),
  cases: () =>
    [
      [1, 1, 1],
      [3, 12, 17],
      [17, 3, 5],
      [4, 13, 1],
      [7, 70, 410],
      [50, 10, 33],
      [2, 100, 3],
      [1, 100, 7],
    ].flatMap(([m, n, k]) =>
      productForms({ m: m!, n: n!, k: k! }).map(
        ({ a, b, attributes }): Case<'matmul'> => ({ inputs: [{ shape: a }, { shape: b }], attributes }),
      ),
    ),
};

export interface MatmulOptions {
  /** The factor is stored transposed. */
  transposeA?: boolean;
  transposeB?: boolean;
}

/**
 * a·b, either transposed first: a [m, k], b [k, n] → [m, n]; or for each sample, a [batch, m, k], b [batch, k, n] →
 * [batch, m, n].
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  checkNames(options, 'matmul', ['transposeA', 'transposeB']);
  for (const x of [a, b]) checkTensor(x, 'matmul');
  const { transposeA = false, transposeB = false } = options;
  const attributes = { transposeA, transposeB };
  if (a.shape.length === 3) return apply(batchedMatmulRule, [a, b], attributes);
  return apply(matmulRule, [a, b], attributes);
}

/** x·w + b: x [batch, in], w [in, out], b [out]. Backends fuse it into one instruction, a following ReLU too. */
export function dense(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return add(matmul(x, w), b);
}
