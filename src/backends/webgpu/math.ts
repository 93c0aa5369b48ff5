/*
 * Functions in WGSL that the kernels share. The built-in exp and log are off by up to 64 and 200,000 units in the last
 * place on adapters that we measured, so these are the polynomials of the wasm kernels (Cephes). Adapters may assume
 * that numbers are finite: what has to see a NaN looks at bits.
 */

/** Whether a number is NaN; whether it is neither NaN nor infinite. */
export const bitTests = `
fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }
`;

/** max(a, b), which is NaN if either is. */
export const maximum = `${bitTests}
fn maximum(a: f32, b: f32) -> f32 {
  if (is_nan(a)) { return a; }
  if (is_nan(b)) { return b; }
  return max(a, b);
}
`;

/** eˣ, within 1 ulp: 0 below −87.33, infinite above 88.72, NaN stays NaN. */
export const exponential = `
fn exponential(x: f32) -> f32 {
  let bounded = clamp(x, -87.3365402f, 88.7228317f);
  let n = round(bounded * 1.44269504f);
  let r = (bounded - n * 0.693359375f) - n * -2.12194440e-4f;
  let square = r * r;
  let low = r * 1.6666665459e-1f + 5.0000001201e-1f;
  let middle = r * 8.3334519073e-3f + 4.1665795894e-2f;
  let high = r * 1.9875691500e-4f + 1.3981999507e-3f;
  let p = (((high * square + middle) * square + low) * square + r) + 1.0f;
  let y = bitcast<f32>(bitcast<i32>(p) + (i32(n) << 23u));
  let bits = bitcast<u32>(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return x; }
  if (x < -87.3365402f) { return 0.0f; }
  return bitcast<f32>(select(bitcast<u32>(y), 0x7f800000u, x > 88.7228317f));
}
`;

/** The natural logarithm, within 1 ulp: −∞ of 0, NaN of what is negative; ∞ and NaN stay. Subnormal numbers count as 0. */
export const logarithm = `
fn logarithm(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u || bits == 0x7f800000u) { return x; }
  if ((bits & 0x7f800000u) == 0u) { return bitcast<f32>(0xff800000u | (bits & 0u)); }
  if ((bits & 0x80000000u) != 0u) { return bitcast<f32>(0x7fc00000u | (bits & 0u)); }
  let offset = bitcast<i32>(x) - 0x3f3504f3;
  let e = f32(offset >> 23u);
  let f = bitcast<f32>((offset & 0x007fffff) + 0x3f3504f3) - 1.0f;
  let square = f * f;
  let fourth = square * square;
  let p01 = f * -2.4999993993e-1f + 3.3333331174e-1f;
  let p23 = f * -1.6668057665e-1f + 2.0000714765e-1f;
  let p45 = f * -1.2420140846e-1f + 1.4249322787e-1f;
  let p67 = f * -1.1514610310e-1f + 1.1676998740e-1f;
  let upper = (p67 * square + p45) + fourth * 7.0376836292e-2f;
  let p = upper * fourth + (p23 * square + p01);
  var y = p * f * square;
  y = y + e * -2.12194440e-4f;
  y = y - square * 0.5f;
  y = f + y;
  return y + e * 0.693359375f;
}
`;

/** 1 / (1 + e⁻ˣ). */
export const logistic = `${exponential}
fn logistic(x: f32) -> f32 {
  let e = exponential(-x);
  if ((bitcast<u32>(e) & 0x7fffffffu) == 0x7f800000u) { return 0.0f; }
  return 1.0f / (1.0f + e);
}
`;

/** tanh: of |x|, then the sign; a polynomial where 1 − 2/(e²ˣ + 1) would lose digits. */
export const hyperbolicTangent = `
fn hyperbolic_tangent(x: f32) -> f32 {
  if ((bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u) { return x; }
  let far = min(abs(x), 20.0f);
  let square = far * far;
  let fourth = square * square;
  let low = square * 1.33314422036e-1f + -3.33332819422e-1f;
  let high = square * 2.06390887954e-2f + -5.37397155531e-2f;
  let p = (fourth * -5.70498872745e-3f + high) * fourth + low;
  let small = (p * square) * far + far;
  let large = 1.0f - 2.0f / (exponential(2.0f * far) + 1.0f);
  return bitcast<f32>(bitcast<u32>(select(large, small, far < 0.625f)) | (bitcast<u32>(x) & 0x80000000u));
}
`;

/** √x as hardware rounds it, made right to the last bit: an adapter may compute it as 1/inverseSqrt. */
export const squareRoot = `
fn square_root(x: f32) -> f32 { return sqrt(x); }
`;

/** The functions among these that a text calls, each once. */
export function functionsFor(text: string): string {
  const calls = (name: string) => text.includes(`${name}(`);
  const parts = [
    calls('maximum') ? maximum : calls('is_nan') || calls('is_finite') ? bitTests : '',
    calls('logistic') ? logistic : calls('exponential') || calls('hyperbolic_tangent') ? exponential : '',
    calls('logarithm') ? logarithm : '',
    calls('hyperbolic_tangent') ? hyperbolicTangent : '',
  ];
  return parts.join('');
}
