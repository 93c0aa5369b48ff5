import { demand } from '../errors.js';
import type { ShapeRule } from '../graph/apply.js';
import type { Case, Operator } from './operator.js';
import { productForms, productSizes, products } from './product.js';

/** C[s] = op(A[s])·op(B[s]) for each sample s: 3-D. `matmul` makes it. */
export const batchedMatmulRule: ShapeRule<'batchedMatmul'> = {
  name: 'batchedMatmul',
  infer: ([a, b], attributes) => {
    demand(
      a!.shape.length === 3 && b!.shape.length === 3 && a!.dtype === 'f32' && b!.dtype === 'f32',
      () =>
        `batchedMatmul: both inputs must be f32 matrices by sample, not ${a!.dtype} [${a!.shape}] and ${b!.dtype} [${b!.shape}]`,
    );
    demand(
      a!.shape[0] === b!.shape[0],
      () => `batchedMatmul: there are ${a!.shape[0]} matrices of the one, ${b!.shape[0]} of the other`,
    );
    const { m, n } = productSizes('batchedMatmul', a!.shape, b!.shape, attributes);
    return { shape: [a!.shape[0]!, m, n], dtype: 'f32' };
  },
};

export const batchedMatmulOp: Operator<'batchedMatmul'> = {
  rule: batchedMatmulRule,
  reference: ([a, b], { inputs, attributes, shape }) =>
    products(
      a!,
      b!,
      productSizes('batchedMatmul', inputs[0]!.shape, inputs[1]!.shape, attributes),
      attributes,
      shape[0],
    ),
  cases: () =>
    [
      [1, 1, 1, 1],
      [3, 3, 17, 1],
      [17, 1, 3, 17],
      [2, 17, 1, 3],
      [5, 16, 8, 49],
      [3, 4, 12, 410],
      [2, 7, 50, 9],
    ].flatMap(([batch, m, n, k]) =>
      productForms({ m: m!, n: n!, k: k! }).map(
        ({ a, b, attributes }): Case<'batchedMatmul'> => ({
          inputs: [{ shape: [batch!, ...a] }, { shape: [batch!, ...b] }],
          attributes,
        }),
      ),
    ),
};
