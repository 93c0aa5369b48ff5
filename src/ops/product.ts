import { demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';

/** Which factors are stored transposed. */
export interface Transposes {
  transposeA: boolean;
  transposeB: boolean;
}

export interface ProductSizes {
  m: number;
  n: number;
  k: number;
}

/** Sizes of op(A)·op(B), which are the last two of their shapes. @throws DistillError 'bad-argument' */
export function productSizes(op: string, a: Shape, b: Shape, of: Transposes): ProductSizes {
  const [m, k] = of.transposeA ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const [k2, n] = of.transposeB ? [b.at(-1)!, b.at(-2)!] : [b.at(-2)!, b.at(-1)!];
  demand(k === k2, () => `${op}: [${m}, ${k}] times [${k2}, ${n}]: the inner sizes differ`);
  return { m, n, k };
}

/** The definition of both products in float64: `batch` pairs of matrices, one after the other. */
export function products(
  a: Float64Array,
  b: Float64Array,
  { m, n, k }: ProductSizes,
  { transposeA, transposeB }: Transposes,
  batch = 1,
): Float64Array {
  const c = new Float64Array(batch * m * n);
  for (let s = 0; s < batch; s++) {
    const [fromA, fromB] = [s * m * k, s * k * n];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++)
          sum +=
            a[fromA + (transposeA ? p * m + i : i * k + p)]! *
            b[fromB + (transposeB ? j * k + p : p * n + j)]!;
        c[(s * m + i) * n + j] = sum;
      }
    }
  }
  return c;
}

/** Shapes and attributes of a product in all four forms. */
export function productForms({ m, n, k }: ProductSizes): { a: Shape; b: Shape; attributes: Transposes }[] {
  return [false, true].flatMap((transposeB) =>
    [false, true].map((transposeA) => ({
      a: transposeA ? [k, m] : [m, k],
      b: transposeB ? [n, k] : [k, n],
      attributes: { transposeA, transposeB },
    })),
  );
}
