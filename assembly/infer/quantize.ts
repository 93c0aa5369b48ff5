/**
 * The greatest magnitude of images of `rows` × `pixels` × n floats, whose rows and pixels lie so many bytes apart; NaN
 * if any number is.
 */
export function range(rows: i32, pixels: i32, n: i32, x: usize, xRow: usize, xPixel: usize): f32 {
  let most = f32x4.splat(0);
  let odd = f32x4.splat(0);
  let last: f32 = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < pixels; j++) {
      let at = x + <usize>i * xRow + <usize>j * xPixel;
      let k = n;
      for (; k > 3; k -= 4) {
        // pmax loses NaN, the only value that differs from itself.
        const v = v128.load(at);
        most = f32x4.pmax(most, f32x4.abs(v));
        odd = v128.or(odd, f32x4.ne(v, v));
        at += 16;
      }
      for (; k > 0; k--) {
        last = max(last, abs(load<f32>(at)));
        at += 4;
      }
    }
  }
  most = v128.or(most, odd);
  most = f32x4.max(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  most = f32x4.max(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));
  return max(last, f32x4.extract_lane(most, 0));
}

/** q = the whole number nearest to x·inverse, of 16 bits: images laid out as for range, q's rows and pixels in bytes. */
export function quantize(
  rows: i32, pixels: i32, n: i32, x: usize, xRow: usize, xPixel: usize, q: usize, qRow: usize, qPixel: usize,
  inverse: f32,
): void {
  const factor = f32x4.splat(inverse);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < pixels; j++) {
      let from = x + <usize>i * xRow + <usize>j * xPixel;
      let to = q + <usize>i * qRow + <usize>j * qPixel;
      let k = n;
      for (; k > 7; k -= 8) {
        v128.store(to, i16x8.narrow_i32x4_s(whole(v128.load(from), factor), whole(v128.load(from, 16), factor)));
        from += 32;
        to += 16;
      }
      for (; k > 0; k--) {
        const w = whole(v128.load32_zero(from), factor);
        v128.store16_lane(to, i16x8.narrow_i32x4_s(w, w), 0);
        from += 4;
        to += 2;
      }
    }
  }
}

// @ts-ignore: decorator
@inline function whole(x: v128, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, factor)));
}
