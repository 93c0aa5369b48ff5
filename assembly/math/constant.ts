/**
 * A constant of memory.data in all four lanes: one broadcasting load. V8 turns `f32x4.splat(0.1)` into three
 * instructions at every use, including an eight-byte move into an integer register.
 */
// @ts-ignore: decorator
@inline export function constant(at: usize): v128 {
  return v128.load32_splat(at);
}
