import { constant } from './constant';

const SMALLEST_NORMAL = memory.data<f32>([1.17549435e-38]);
const TWO_23 = memory.data<f32>([8388608]);
const TWENTY_THREE = memory.data<f32>([23]);
const HALF = memory.data<f32>([0.5]);
const ONE = memory.data<f32>([1]);
const INFINITE = memory.data<f32>([Infinity]);
/** Bits of √½, and of a float's mantissa. */
const ROOT_HALF = memory.data<i32>([0x3f3504f3]);
const MANTISSA = memory.data<i32>([0x007fffff]);
const LN2_HIGH = memory.data<f32>([0.693359375]);
const LN2_LOW = memory.data<f32>([-2.12194440e-4]);
const C0 = memory.data<f32>([3.3333331174e-1]);
const C1 = memory.data<f32>([-2.4999993993e-1]);
const C2 = memory.data<f32>([2.0000714765e-1]);
const C3 = memory.data<f32>([-1.6668057665e-1]);
const C4 = memory.data<f32>([1.4249322787e-1]);
const C5 = memory.data<f32>([-1.2420140846e-1]);
const C6 = memory.data<f32>([1.1676998740e-1]);
const C7 = memory.data<f32>([-1.1514610310e-1]);
const C8 = memory.data<f32>([7.0376836292e-2]);

/**
 * Natural logarithm for four floats: 0 gives −∞, negative numbers NaN, ∞ and NaN are unchanged; subnormal numbers are
 * scaled up first.
 */
// @ts-ignore: decorator
@inline export function log4(x: v128): v128 {
  const zero = f32x4.splat(0);
  const tiny = f32x4.lt(x, constant(SMALLEST_NORMAL));
  const scaled = v128.bitselect(f32x4.mul(x, constant(TWO_23)), x, tiny);
  let y = logNormal4(scaled, v128.and(constant(TWENTY_THREE), tiny));
  y = v128.bitselect(f32x4.neg(constant(INFINITE)), y, f32x4.eq(x, zero));
  return v128.or(y, f32x4.lt(x, zero)); // all bits set is a NaN
}

/**
 * log(x) − shift·ln 2 for normal positive numbers, ∞ and NaN: x = 2ᵉ·m with m in [√½, √2), then Cephes' polynomial
 * log(1 + f) = f − ½f² + f³·(C0 + C1·f + … + C8·f⁸).
 */
// @ts-ignore: decorator
@inline export function logNormal4(x: v128, shift: v128): v128 {
  // Exponent such that the mantissa lies in [√½, √2): subtract the bits of √½ before the shift.
  const root = constant(ROOT_HALF);
  const offset = i32x4.sub(x, root);
  const e = f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23)), shift);
  const m = i32x4.add(v128.and(offset, constant(MANTISSA)), root);
  const f = f32x4.sub(m, constant(ONE));
  // Estrin's scheme, as in exp.
  const square = f32x4.mul(f, f);
  const fourth = f32x4.mul(square, square);
  const p01 = f32x4.add(f32x4.mul(f, constant(C1)), constant(C0));
  const p23 = f32x4.add(f32x4.mul(f, constant(C3)), constant(C2));
  const p45 = f32x4.add(f32x4.mul(f, constant(C5)), constant(C4));
  const p67 = f32x4.add(f32x4.mul(f, constant(C7)), constant(C6));
  const upper = f32x4.add(f32x4.add(f32x4.mul(p67, square), p45), f32x4.mul(fourth, constant(C8)));
  const p = f32x4.add(f32x4.mul(upper, fourth), f32x4.add(f32x4.mul(p23, square), p01));
  let y = f32x4.mul(f32x4.mul(p, f), square);
  y = f32x4.add(y, f32x4.mul(e, constant(LN2_LOW)));
  y = f32x4.sub(y, f32x4.mul(square, constant(HALF)));
  y = f32x4.add(f, y);
  y = f32x4.add(y, f32x4.mul(e, constant(LN2_HIGH)));
  return v128.bitselect(y, x, f32x4.lt(x, constant(INFINITE)));
}

export function log1(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}
