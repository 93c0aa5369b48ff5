import { Limit, MaxNormField as F } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';

/** Scales each column of w [rows, columns] (a unit's incoming weights) whose L2 norm exceeds limit down to it. */
export function maxNorm(at: usize, lo: i32, hi: i32): void {
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const stride = (<usize>columns) << 2;
  const limit = float(at, F.limit);
  const end = min(hi * Limit.elements, columns);
  const w = address(at, F.w);
  let j = lo * Limit.elements;
  for (; j + 4 <= end; j += 4) four(rows, stride, w + ((<usize>j) << 2), limit);
  for (; j < end; j++) one(rows, stride, w + ((<usize>j) << 2), limit);
}

function four(rows: i32, stride: usize, w: usize, limit: f32): void {
  let sum = f32x4.splat(0);
  let p = w;
  for (let r = 0; r < rows; r++) {
    const x = v128.load(p);
    sum = f32x4.add(sum, f32x4.mul(x, x));
    p += stride;
  }
  const norm = f32x4.sqrt(sum);
  const over = f32x4.gt(norm, f32x4.splat(limit));
  if (!v128.any_true(over)) return;
  const factor = v128.bitselect(f32x4.div(f32x4.splat(limit), norm), f32x4.splat(1), over);
  p = w;
  for (let r = 0; r < rows; r++) {
    v128.store(p, f32x4.mul(v128.load(p), factor));
    p += stride;
  }
}

function one(rows: i32, stride: usize, w: usize, limit: f32): void {
  let sum: f32 = 0;
  let p = w;
  for (let r = 0; r < rows; r++) {
    sum += load<f32>(p) * load<f32>(p);
    p += stride;
  }
  const norm = sqrt<f32>(sum);
  if (!(norm > limit)) return;
  p = w;
  for (let r = 0; r < rows; r++) {
    store<f32>(p, load<f32>(p) * (limit / norm));
    p += stride;
  }
}
