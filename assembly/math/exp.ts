/**
 * exp for four floats: x = n·ln 2 + r, Cephes' polynomial on r, then 2ⁿ in two factors so that results up to the
 * largest float come out. Below −87.33 (subnormal results) it answers 0, above 88.72 infinity; NaN stays NaN.
 */
// @ts-ignore: decorator
@inline export function exp4(x: v128): v128 {
  const high = f32x4.splat(88.7228394);
  const low = f32x4.splat(-87.3365478);
  const magic = f32x4.splat(12582912); // 1.5·2²³: adding it rounds to a whole number in the low mantissa bits
  // pmin(a, b) is `b < a ? b : a`, so NaN in the first operand stays.
  const bounded = f32x4.pmax(f32x4.pmin(x, high), low);
  const shifted = f32x4.add(f32x4.mul(bounded, f32x4.splat(1.44269504)), magic);
  const n = f32x4.sub(shifted, magic);
  let r = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r);
  p = f32x4.add(p, f32x4.splat(1));
  const whole = i32x4.sub(shifted, magic);
  const half = i32x4.shr_s(whole, 1);
  const bias = i32x4.splat(127);
  p = f32x4.mul(p, i32x4.shl(i32x4.add(half, bias), 23));
  p = f32x4.mul(p, i32x4.shl(i32x4.add(i32x4.sub(whole, half), bias), 23));
  p = v128.bitselect(f32x4.splat(Infinity), p, f32x4.gt(x, high));
  return v128.andnot(p, f32x4.lt(x, low));
}
