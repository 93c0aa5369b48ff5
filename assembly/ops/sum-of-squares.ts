import { Limit, SumOfSquaresField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/**
 * Σ x² in a fixed order: chunk by chunk in f32 (16 sums side by side, added pairwise), one partial sum each; then, with
 * `partial`, these in sequence in f64.
 */
export function sumOfSquares(at: usize, lo: i32, hi: i32): void {
  const n = word(at, F.n);
  const x = address(at, F.x);
  const y = address(at, F.y);
  if (word(at, F.partial)) {
    const sum = joined(n, x);
    store<f32>(y, word(at, F.accumulate) ? load<f32>(y) + sum : sum);
    return;
  }
  for (let t = lo; t < hi; t++) {
    const first = t * Limit.chunk;
    store<f32>(y + ((<usize>t) << 2), chunk(min(Limit.chunk, n - first), x + ((<usize>first) << 2)));
  }
}

function joined(n: i32, x: usize): f32 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += <f64>load<f32>(x + ((<usize>i) << 2));
  return <f32>sum;
}

function chunk(n: i32, x: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    const v0 = v128.load(x);
    const v1 = v128.load(x, 16);
    const v2 = v128.load(x, 32);
    const v3 = v128.load(x, 48);
    s0 = f32x4.add(s0, f32x4.mul(v0, v0));
    s1 = f32x4.add(s1, f32x4.mul(v1, v1));
    s2 = f32x4.add(s2, f32x4.mul(v2, v2));
    s3 = f32x4.add(s3, f32x4.mul(v3, v3));
    x += 64;
  }
  let sum = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  sum = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  sum = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 1, 0, 3, 2));
  let total = f32x4.extract_lane(sum, 0);
  for (; i < n; i++) {
    const v = load<f32>(x);
    total += v * v;
    x += 4;
  }
  return total;
}
