import { KdLossField as F } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';
import { exp4 } from '../math/exp';
import { logNormal4 } from '../math/log';
import { lineBytes, loadLanes, loadRows, SUM_BLOCK, storeLanes, storeRows } from './rows';

/**
 * loss[r] = Σ_c t_c·(log Σ exp(z/T) − z_c/T) and gradient[r, c] = upstream[r]·(S·softmax(z/T)_c − t_c)/T, where
 * t = alpha·onehot(label) + beta·soft and S = Σ_c t_c: S is not taken to be 1, as an unlabeled sample (label −1) has
 * no hard part.
 */
export function kdLoss(at: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let r = lo; r < hi; r += 4) fourRows(at, r, min(4, hi - r), scratch);
}

// @ts-ignore: decorator
@inline function fourRows(at: usize, r: i32, rows: i32, line: usize): void {
  const columns = word(at, F.columns);
  const stride = (<usize>columns) << 2;
  const offset = <usize>r * stride;
  const end = line + lineBytes(columns);
  const targets = end;
  const inverse = f32x4.splat(1 / float(at, F.temperature));
  const top = loadRows(address(at, F.logits) + offset, stride, rows, columns, -Infinity, line);
  loadSoft(at, r, rows, columns, targets);

  const zero = f32x4.splat(0);
  let sum = zero; // Σ exp((z − max)/T)
  let weight = zero; // Σ t
  let dot = zero; // Σ t·(z − max)/T
  const alpha = f32x4.splat(float(at, F.alpha));
  const beta = f32x4.splat(float(at, F.beta));
  const labels = loadLabels(at, r, rows, columns);
  const one = i32x4.splat(1);
  let column = zero;
  let p = line;
  let t = targets;
  while (p < end) {
    let blockSum = zero;
    let blockWeight = zero;
    let blockDot = zero;
    for (const blockEnd = min(p + SUM_BLOCK, end); p < blockEnd; p += 32) {
      const x0 = f32x4.mul(f32x4.sub(v128.load(p), top), inverse);
      const x1 = f32x4.mul(f32x4.sub(v128.load(p, 16), top), inverse);
      const t0 = f32x4.add(f32x4.mul(v128.load(t), beta), v128.and(alpha, i32x4.eq(labels, column)));
      column = i32x4.add(column, one);
      const t1 = f32x4.add(f32x4.mul(v128.load(t, 16), beta), v128.and(alpha, i32x4.eq(labels, column)));
      column = i32x4.add(column, one);
      v128.store(t, t0);
      v128.store(t, t1, 16);
      const e0 = exp4(x0);
      const e1 = exp4(x1);
      blockSum = f32x4.add(blockSum, f32x4.add(e0, e1));
      blockWeight = f32x4.add(blockWeight, f32x4.add(t0, t1));
      blockDot = f32x4.add(blockDot, f32x4.add(product(t0, x0), product(t1, x1)));
      v128.store(p, e0);
      v128.store(p, e1, 16);
      t += 32;
    }
    sum = f32x4.add(sum, blockSum);
    weight = f32x4.add(weight, blockWeight);
    dot = f32x4.add(dot, blockDot);
  }
  if (address(at, F.gradient)) {
    const up = f32x4.mul(loadLanes(address(at, F.upstream) + (<usize>r << 2), rows), inverse);
    gradient(line, end, targets, f32x4.mul(f32x4.div(weight, sum), up), up);
    storeRows(line, rows, columns, address(at, F.gradient) + offset, stride);
  }
  if (address(at, F.loss)) {
    const loss = f32x4.sub(f32x4.mul(weight, logNormal4(sum, zero)), dot);
    storeLanes(loss, rows, address(at, F.loss) + (<usize>r << 2));
  }
}

/** t·x, but 0 where t is 0, even if x is infinite. */
// @ts-ignore: decorator
@inline function product(t: v128, x: v128): v128 {
  return v128.andnot(f32x4.mul(t, x), f32x4.eq(t, f32x4.splat(0)));
}

function loadSoft(at: usize, r: i32, rows: i32, columns: i32, line: usize): void {
  const soft = address(at, F.soft);
  const stride = (<usize>columns) << 2;
  if (soft) loadRows(soft + <usize>r * stride, stride, rows, columns, 0, line);
  else memory.fill(line, 0, lineBytes(columns));
}

/** The rows' labels, −1 if there are none or a label is outside the columns. */
function loadLabels(at: usize, r: i32, rows: i32, columns: i32): v128 {
  const labels = address(at, F.labels);
  if (!labels) return i32x4.splat(-1);
  const lanes = loadLanes(labels + (<usize>r << 2), rows);
  return v128.or(lanes, i32x4.ge_s(lanes, i32x4.splat(columns)));
}

/** line = line·scale − targets·up, in place. */
function gradient(line: usize, end: usize, targets: usize, scale: v128, up: v128): void {
  for (; line < end; line += 16) {
    v128.store(line, f32x4.sub(f32x4.mul(v128.load(line), scale), f32x4.mul(v128.load(targets), up)));
    targets += 16;
  }
}
