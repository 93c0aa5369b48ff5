import { KdLossField as F } from '../../src/runtime/layout';
import { address, float, word } from '../fields';
import { exponentials, loadCentred, log1, storeLine, total } from './rows';

/**
 * loss[r] = Σ_c t_c·(log Σ exp(z/T) − z_c/T) and gradient[r, c] = upstream[r]·(S·softmax(z/T)_c − t_c)/T, where
 * t = alpha·onehot(label) + beta·soft and S = Σ_c t_c: S is not taken to be 1, as an unlabelled sample (label −1) has
 * no hard part.
 */
export function kdLoss(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const columns = word(at, F.columns);
  const stride = (<usize>columns) << 2;
  const padded = (<usize>(columns + 3) & ~3) << 2;
  const exps = scratch + padded;
  const targets = exps + padded;
  const inverse: f32 = 1 / float(at, F.temperature);
  const labels = address(at, F.labels);
  const soft = address(at, F.soft);
  const losses = address(at, F.loss);
  const gradients = address(at, F.gradient);
  const upstream = address(at, F.upstream);
  for (let r: usize = lo; r < <usize>hi; r++) {
    const label = labels ? load<i32>(labels + (r << 2)) : -1;
    const weight = loadTargets(
      soft ? soft + r * stride : 0,
      columns,
      float(at, F.beta),
      label,
      float(at, F.alpha),
      targets,
    );
    loadCentred(address(at, F.logits) + r * stride, columns, inverse, scratch);
    const sum = exponentials(scratch, columns, exps);
    if (losses) store<f32>(losses + (r << 2), crossEntropy(scratch, targets, columns, log1(sum)));
    if (gradients) {
      const up = load<f32>(upstream + (r << 2)) * inverse;
      gradient(exps, targets, columns, (weight / sum) * up, up);
      storeLine(exps, columns, gradients + r * stride);
    }
  }
}

/** The row's target, padded with 0; answers its sum. */
function loadTargets(soft: usize, columns: i32, beta: f32, label: i32, alpha: f32, line: usize): f32 {
  const padded = (<usize>(columns + 3) & ~3) << 2;
  memory.fill(line, 0, padded);
  if (soft) {
    memory.copy(line, soft, (<usize>columns) << 2);
    const b = f32x4.splat(beta);
    for (let p = line; p < line + padded; p += 16) v128.store(p, f32x4.mul(v128.load(p), b));
  }
  if (label >= 0 && label < columns) {
    const hard = line + ((<usize>label) << 2);
    store<f32>(hard, load<f32>(hard) + alpha);
  }
  let sum = f32x4.splat(0);
  for (let p = line; p < line + padded; p += 16) sum = f32x4.add(sum, v128.load(p));
  return total(sum);
}

function crossEntropy(line: usize, targets: usize, columns: i32, logSum: f32): f32 {
  const l = f32x4.splat(logSum);
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let c = 0; c < columns; c += 4) {
    const target = v128.load(targets);
    const term = f32x4.mul(target, f32x4.sub(l, v128.load(line)));
    // Where the target is 0 (padding too) the term is 0, though the logarithm may be infinite.
    sum = f32x4.add(sum, v128.andnot(term, f32x4.eq(target, zero)));
    line += 16;
    targets += 16;
  }
  return total(sum);
}

/** exps = exps·scale − targets·up, in place. */
function gradient(exps: usize, targets: usize, columns: i32, scale: f32, up: f32): void {
  const s = f32x4.splat(scale);
  const u = f32x4.splat(up);
  for (let c = 0; c < columns; c += 4) {
    v128.store(exps, f32x4.sub(f32x4.mul(v128.load(exps), s), f32x4.mul(v128.load(targets), u)));
    exps += 16;
    targets += 16;
  }
}
