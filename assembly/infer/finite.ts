/** Whether all floats of [at, at + bytes) are finite; bytes is a multiple of 16. */
export function allFinite(at: usize, bytes: i32): bool {
  // A non-finite value times 0 is NaN, which persists in its sum.
  let sum = f32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(at), f32x4.splat(0)));
  }
  return i32x4.all_true(f32x4.eq(sum, sum));
}
