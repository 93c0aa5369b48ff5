import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { size } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import { add } from './binary.js';
import type { Case, Operator } from './operator.js';

/** C = op(A)·op(B), 2-D. */
const matmulRule: ShapeRule<'matmul'> = {
  name: 'matmul',
  infer: ([a, b], { transposeA, transposeB }) => {
    demand(
      a!.shape.length === 2 && b!.shape.length === 2 && a!.dtype === 'f32' && b!.dtype === 'f32',
      () =>
        `matmul: both inputs must be f32 matrices, not ${a!.dtype} [${a!.shape}] and ${b!.dtype} [${b!.shape}]`,
    );
    const [m, k] = transposeA ? [a!.shape[1]!, a!.shape[0]!] : [a!.shape[0]!, a!.shape[1]!];
    const [k2, n] = transposeB ? [b!.shape[1]!, b!.shape[0]!] : [b!.shape[0]!, b!.shape[1]!];
    demand(k === k2, () => `matmul: [${m}, ${k}] times [${k2}, ${n}]: the inner sizes differ`);
    return { shape: [m, n], dtype: 'f32' };
  },
};

export const matmulOp: Operator<'matmul'> = {
  rule: matmulRule,
  reference: ([a, b], node) => {
    const { transposeA, transposeB } = node.attributes;
    const [m, n] = node.shape as [number, number];
    const k = size(node.inputs[0]!.shape) / m;
    const c = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++)
          sum += a![transposeA ? p * m + i : i * k + p]! * b![transposeB ? j * k + p : p * n + j]!;
        c[i * n + j] = sum;
      }
    }
    return c;
  },
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
    ].flatMap(([m, n, k]): Case<'matmul'>[] => [
      plain(m!, n!, k!, false, false),
      plain(m!, n!, k!, true, false),
      plain(m!, n!, k!, false, true),
      plain(m!, n!, k!, true, true),
    ]),
};

function plain(m: number, n: number, k: number, transposeA: boolean, transposeB: boolean): Case<'matmul'> {
  return {
    inputs: [{ shape: transposeA ? [k, m] : [m, k] }, { shape: transposeB ? [n, k] : [k, n] }],
    attributes: { transposeA, transposeB },
  };
}

export interface MatmulOptions {
  /** The factor is stored transposed. */
  transposeA?: boolean;
  transposeB?: boolean;
}

/** a·b, either transposed first. a: [m, k], b: [k, n] → [m, n]. */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  checkNames(options, 'matmul', ['transposeA', 'transposeB']);
  const { transposeA = false, transposeB = false } = options;
  return apply(matmulRule, [a, b], { transposeA, transposeB });
}

/** x·w + b: x [batch, in], w [in, out], b [out]. Backends fuse it into one instruction, a following ReLU too. */
export function dense(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return add(matmul(x, w), b);
}
