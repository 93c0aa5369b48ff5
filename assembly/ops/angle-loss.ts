import { AngleLossField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/**
 * loss[i] = mean over j, k of huber(angle_ijk − teacher's), angle_ijk = (products_jk + offsets_ij + offsets_ik)·
 * scales_ij·scales_ik, and its gradient: that of products as sums over the samples i of a tile, those of offsets and
 * scales, rows i of them, whole. All n³ angles live in registers only.
 */
export function angleLoss(at: usize, lo: i32, hi: i32): void {
  const n = word(at, F.n);
  const rows = word(at, F.rows);
  const bytes = (<usize>n * n) << 2;
  const partial = address(at, F.partial);
  if (partial) memory.fill(partial + <usize>lo * bytes, 0, <usize>(hi - lo) * bytes);
  for (let i = lo * rows; i < min(hi * rows, n); i++) {
    if (partial) sample<Both>(at, i, n, partial + <usize>(i / rows) * bytes);
    else sample<Loss>(at, i, n, 0);
  }
}

class Loss {}
class Both {}

/** Four elements, or one in the first lane: the others are 0 then, and add nothing, as their scales are 0. */
class Four {}
class One {}

// @ts-ignore: decorator
@inline function take<Width>(at: usize): v128 {
  return idof<Width>() == idof<Four>() ? v128.load(at) : v128.load32_zero(at);
}

// @ts-ignore: decorator
@inline function raise<Width>(at: usize, by: v128): void {
  const sum = f32x4.add(take<Width>(at), by);
  if (idof<Width>() == idof<Four>()) v128.store(at, sum);
  else store<f32>(at, f32x4.extract_lane(sum, 0));
}

/** Where row r of matrix m of a field is. */
// @ts-ignore: decorator
@inline function row(at: usize, field: i32, n: i32, r: i32, m: i32 = 0): usize {
  return address(at, field) + ((<usize>n * (<usize>n * m + r)) << 2);
}

function sample<Kind>(at: usize, i: i32, n: i32, partial: usize): void {
  if (idof<Kind>() == idof<Both>()) {
    memory.fill(row(at, F.gradient, n, i, 1), 0, <usize>n << 2);
    memory.fill(row(at, F.gradient, n, i, 2), 0, <usize>n << 2);
  }
  const whole = n & ~3;
  let loss: f32 = 0;
  for (let j = 0; j < n; j++) {
    loss += angles<Kind, Four>(at, i, j, 0, whole, partial);
    if (whole < n) loss += angles<Kind, One>(at, i, j, whole, n, partial);
  }
  if (address(at, F.loss)) store<f32>(address(at, F.loss) + (<usize>i << 2), loss / <f32>(n * n));
}

/** The angles at sample i between j and `from` to `to`: the sum of their losses; of `Both` also what they add to gradients. */
function angles<Kind, Width>(at: usize, i: i32, j: i32, from: i32, to: i32, partial: usize): f32 {
  const n = word(at, F.n);
  const products = row(at, F.products, n, j);
  const offsets = row(at, F.offsets, n, i);
  const scales = row(at, F.scales, n, i);
  const teacherProducts = row(at, F.teacherProducts, n, j);
  const teacherOffsets = row(at, F.teacherOffsets, n, i);
  const teacherScales = row(at, F.teacherScales, n, i);
  const place = <usize>j << 2;
  const offset = v128.load32_splat(offsets + place);
  const scale = v128.load32_splat(scales + place);
  const teacherOffset = v128.load32_splat(teacherOffsets + place);
  const teacherScale = v128.load32_splat(teacherScales + place);
  const one = f32x4.splat(1);
  let loss = f32x4.splat(0);

  let toProducts: usize = 0;
  let toOffsets: usize = 0;
  let toScales: usize = 0;
  let weight = loss;
  let toOffset = loss;
  let toScale = loss;
  if (idof<Kind>() == idof<Both>()) {
    toProducts = partial + <usize>n * place;
    toOffsets = row(at, F.gradient, n, i, 1);
    toScales = row(at, F.gradient, n, i, 2);
    weight = f32x4.splat(load<f32>(address(at, F.upstream) + (<usize>i << 2)) / <f32>(n * n));
  }
  const scaledWeight = f32x4.mul(scale, weight);

  const step: usize = idof<Width>() == idof<Four>() ? 16 : 4;
  const end = <usize>to << 2;
  for (let k = <usize>from << 2; k < end; k += step) {
    const scaleK = take<Width>(scales + k);
    const inner = f32x4.add(f32x4.add(take<Width>(products + k), offset), take<Width>(offsets + k));
    const scaled = f32x4.mul(inner, scale);
    const teacherInner = f32x4.add(
      f32x4.add(take<Width>(teacherProducts + k), teacherOffset),
      take<Width>(teacherOffsets + k),
    );
    const teacherAngle = f32x4.mul(f32x4.mul(teacherInner, teacherScale), take<Width>(teacherScales + k));
    const apart = f32x4.sub(f32x4.mul(scaled, scaleK), teacherAngle);
    // huber'(d) = d between −1 and 1, and huber(d) = huber'(d)·(d − huber'(d)/2). NaN passes pmin and pmax.
    const slope = f32x4.pmax(f32x4.pmin(apart, one), f32x4.neg(one));
    loss = f32x4.add(loss, f32x4.mul(slope, f32x4.sub(apart, f32x4.mul(slope, f32x4.splat(0.5)))));
    if (idof<Kind>() == idof<Both>()) {
      const toScaled = f32x4.mul(slope, scaleK);
      const toInner = f32x4.mul(toScaled, scaledWeight);
      raise<Width>(toProducts + k, toInner);
      raise<Width>(toOffsets + k, toInner);
      raise<Width>(toScales + k, f32x4.mul(f32x4.mul(slope, scaled), weight));
      toOffset = f32x4.add(toOffset, toInner);
      toScale = f32x4.add(toScale, f32x4.mul(toScaled, inner));
    }
  }
  if (idof<Kind>() == idof<Both>()) {
    raise<One>(toOffsets + place, lanes(toOffset));
    raise<One>(toScales + place, lanes(f32x4.mul(toScale, weight)));
  }
  return f32x4.extract_lane(lanes(loss), 0);
}

/** The sum of all lanes, in each. */
// @ts-ignore: decorator
@inline function lanes(x: v128): v128 {
  const pairs = f32x4.add(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return f32x4.add(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2));
}
