import { ops, variable } from 'wasm-distill/graph';
import { type Build, loadDirectly } from './direct.ts';
import type { Subject } from './measure.ts';

/** A product C[m, n] = op(A)·op(B) as the table names it. */
export interface Product {
  id: string;
  m: number;
  k: number;
  n: number;
  transposeA?: boolean;
  transposeB?: boolean;
  /** Least share of the peak. */
  goal: number;
}

export const products: readonly Product[] = [
  { id: 'gemm-1200', m: 1200, k: 1200, n: 1200, goal: 0.9 },
  { id: 'gemm-1024', m: 1024, k: 1024, n: 1024, goal: 0.9 },
  { id: 'gemm-fwd-784', m: 128, k: 784, n: 1200, goal: 0.9 },
  { id: 'gemm-fwd-1200', m: 128, k: 1200, n: 1200, goal: 0.9 },
  { id: 'gemm-dx', m: 128, k: 1200, n: 1200, transposeB: true, goal: 0.9 },
  { id: 'gemm-dw-784', m: 784, k: 128, n: 1200, transposeA: true, goal: 0.9 },
  { id: 'gemm-dw-1200', m: 1200, k: 128, n: 1200, transposeA: true, goal: 0.9 },
  { id: 'gemm-100x784x30', m: 100, k: 784, n: 30, goal: 0.82 },
  { id: 'gemm-128x1200x10', m: 128, k: 1200, n: 10, goal: 0.74 },
  { id: 'gemm-100x30x30', m: 100, k: 30, n: 30, goal: 0.72 },
];

export const flops = ({ m, k, n }: Product): number => 2 * m * k * n;

/** A subject that makes the product, once its result has been checked against float64 at some elements. */
export function productSubject(product: Product, build?: Build): Subject & { calls: number } {
  const { id, m, k, n, transposeA = false, transposeB = false } = product;
  const a = variable('a', transposeA ? [k, m] : [m, k]);
  const b = variable('b', transposeB ? [n, k] : [k, n]);
  const c = variable('c', [m, n]);
  const times = { run: [ops.assign(c, ops.matmul(a, b, { transposeA, transposeB }))] };
  const direct = loadDirectly(times, build);
  fillWith(direct.view(a), 1);
  fillWith(direct.view(b), 2);
  direct.run('run');
  check(product, direct.view(a), direct.view(b), direct.view(c));
  // Small products are called many times in one go: a call through the plan's loop costs a fraction of a microsecond.
  const calls = Math.max(1, Math.round(2e6 / flops(product)));
  return { name: id, calls, run: () => direct.run('run', calls) };
}

export function fillWith(values: Float32Array, seed: number): void {
  let state = seed * 7919 + 1;
  for (let i = 0; i < values.length; i++) {
    state = (state * 48271) % 2147483647;
    values[i] = state / 1073741823.5 - 1;
  }
}

function check(
  { id, m, k, n, transposeA, transposeB }: Product,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): void {
  for (let sample = 0; sample < 200; sample++) {
    const i = (sample * 37) % m;
    const j = (sample * 53) % n;
    let sum = 0;
    let bound = 0;
    for (let p = 0; p < k; p++) {
      const term = a[transposeA ? p * m + i : i * k + p]! * b[transposeB ? j * k + p : p * n + j]!;
      sum += term;
      bound += Math.abs(term);
    }
    if (!(Math.abs(c[i * n + j]! - sum) <= 8 * 2 ** -24 * bound))
      throw new Error(`${id}: element ${i}, ${j} is ${c[i * n + j]} instead of ${sum}`);
  }
}
