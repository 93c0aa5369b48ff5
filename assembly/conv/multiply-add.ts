/** sum + a·b: in the fast build one instruction, which rounds once where the processor has it. */
// @ts-ignore: decorator
@inline export function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  // @ts-ignore: constant of the compiler
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}
