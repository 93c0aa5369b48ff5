import { constant } from './constant';
import { exp4 } from './exp';

const ONE = memory.data<f32>([1]);
const TWO = memory.data<f32>([2]);
/** Below it tanh is a polynomial: 1 − 2/(e²ˣ + 1) would lose the digits of a small result. */
const SMALL = memory.data<f32>([0.625]);
const C0 = memory.data<f32>([-3.33332819422e-1]);
const C1 = memory.data<f32>([1.33314422036e-1]);
const C2 = memory.data<f32>([-5.37397155531e-2]);
const C3 = memory.data<f32>([2.06390887954e-2]);
const C4 = memory.data<f32>([-5.70498872745e-3]);

/**
 * 1 / (1 + e⁻ˣ) for four floats, within 2.32 ulp. Where e⁻ˣ is infinite (x below −88.72) it is 0; NaN stays NaN. Below
 * −87.33 a result is subnormal, where an ulp says little.
 */
// @ts-ignore: decorator
@inline export function sigmoid4(x: v128): v128 {
  const one = constant(ONE);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/**
 * tanh for four floats, within 1.32 ulp: of |x|, then the sign. Cephes' x + x³·(C0 + C1·x² + … + C4·x⁸) up to 0.625, else
 * 1 − 2/(e²ˣ + 1), which is 1 where the exponential is infinite. NaN stays NaN, −0 stays −0.
 */
// @ts-ignore: decorator
@inline export function tanh4(x: v128): v128 {
  const one = constant(ONE);
  const two = constant(TWO);
  const far = f32x4.abs(x);
  const large = f32x4.sub(one, f32x4.div(two, f32x4.add(exp4(f32x4.mul(far, two)), one)));
  const square = f32x4.mul(far, far);
  const fourth = f32x4.mul(square, square);
  const low = f32x4.add(f32x4.mul(square, constant(C1)), constant(C0));
  const high = f32x4.add(f32x4.mul(square, constant(C3)), constant(C2));
  const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(fourth, constant(C4)), high), fourth), low);
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, square), far), far);
  const y = v128.bitselect(small, large, f32x4.lt(far, constant(SMALL)));
  return v128.bitselect(x, y, f32x4.neg(f32x4.splat(0)));
}
