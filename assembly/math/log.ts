/**
 * Natural logarithm for four floats: x = 2ᵉ·m with m in [√½, √2), then Cephes' rational-free polynomial for log(1 + f).
 * 0 gives −∞, negative numbers NaN, ∞ and NaN stay; subnormal numbers are scaled up first.
 */
// @ts-ignore: decorator
@inline export function log4(x: v128): v128 {
  const smallest = f32x4.splat(1.17549435e-38);
  const tiny = f32x4.lt(x, smallest);
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  // Exponent such that the mantissa lies in [√½, √2): subtract the bits of √½ before the shift.
  const offset = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  let e = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  e = f32x4.sub(e, v128.and(f32x4.splat(23), tiny));
  const m = i32x4.add(v128.and(offset, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(m, f32x4.splat(1));
  const square = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, f), square);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)));
  y = f32x4.add(f, y);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(0.693359375)));
  const zero = f32x4.splat(0);
  y = v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x, zero));
  y = v128.bitselect(f32x4.splat(NaN), y, f32x4.lt(x, zero));
  // ∞ and NaN answer themselves.
  return v128.bitselect(y, x, f32x4.lt(x, f32x4.splat(Infinity)));
}
