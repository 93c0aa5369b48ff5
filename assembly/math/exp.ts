import { constant } from './constant';

const LOG2_E = memory.data<f32>([1.44269504]);
/** 1.5·2²³: adding it rounds to a whole number, found in the low bits of the sum. */
const MAGIC = memory.data<f32>([12582912]);
/** ln 2 = LN2_HIGH + LN2_LOW; n·LN2_HIGH is exact. */
const LN2_HIGH = memory.data<f32>([0.693359375]);
const LN2_LOW = memory.data<f32>([-2.12194440e-4]);
const C0 = memory.data<f32>([5.0000001201e-1]);
const C1 = memory.data<f32>([1.6666665459e-1]);
const C2 = memory.data<f32>([4.1665795894e-2]);
const C3 = memory.data<f32>([8.3334519073e-3]);
const C4 = memory.data<f32>([1.3981999507e-3]);
const C5 = memory.data<f32>([1.9875691500e-4]);
const ONE = memory.data<f32>([1]);
const INFINITE = memory.data<f32>([Infinity]);
/** The smallest and the greatest argument whose result is a normal number. */
const LEAST = memory.data<f32>([-87.3365402]);
const GREATEST = memory.data<f32>([88.7228317]);

/**
 * exp for four floats: x = n·ln 2 + r, Cephes' polynomial 1 + r + r²·(C0 + C1·r + … + C5·r⁵) on r in [−½ln 2, ½ln 2],
 * then n added to the exponent. Below −87.33 (subnormal results) it returns 0, above 88.72 infinity; NaN stays NaN.
 */
// @ts-ignore: decorator
@inline export function exp4(x: v128): v128 {
  const magic = constant(MAGIC);
  const shifted = f32x4.add(f32x4.mul(x, constant(LOG2_E)), magic);
  const n = f32x4.sub(shifted, magic);
  let r = f32x4.sub(x, f32x4.mul(n, constant(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, constant(LN2_LOW)));
  // Estrin's scheme: the same number of operations as Horner's, in little more than half the dependent steps.
  const square = f32x4.mul(r, r);
  const low = f32x4.add(f32x4.mul(r, constant(C1)), constant(C0));
  const middle = f32x4.add(f32x4.mul(r, constant(C3)), constant(C2));
  const high = f32x4.add(f32x4.mul(r, constant(C5)), constant(C4));
  let p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(high, square), middle), square), low);
  p = f32x4.add(f32x4.mul(p, square), r);
  p = i32x4.add(f32x4.add(p, constant(ONE)), i32x4.shl(shifted, 23));
  // Out of range: x·∞, or 0 if that is negative.
  const beyond = f32x4.pmax(f32x4.mul(x, constant(INFINITE)), f32x4.splat(0));
  const inside = v128.and(f32x4.ge(x, constant(LEAST)), f32x4.le(x, constant(GREATEST)));
  return v128.bitselect(p, beyond, inside);
}
