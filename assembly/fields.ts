/** Words of the instruction at hand. */

// @ts-ignore: decorator
@inline export function word(at: usize, field: i32): i32 {
  return load<i32>(at + ((<usize>field) << 2));
}

// @ts-ignore: decorator
@inline export function address(at: usize, field: i32): usize {
  return <usize>load<u32>(at + ((<usize>field) << 2));
}

// @ts-ignore: decorator
@inline export function float(at: usize, field: i32): f32 {
  return load<f32>(at + ((<usize>field) << 2));
}
