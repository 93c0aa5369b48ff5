/**
 * A constant of memory.data in all four lanes: one broadcasting load. Of `f32x4.splat(0.1)` V8 makes three instructions at
 * every use, a move of eight bytes into an integer register among them.
 */
// @ts-ignore: decorator
@inline export function constant(at: usize): v128 {
  return v128.load32_splat(at);
}
