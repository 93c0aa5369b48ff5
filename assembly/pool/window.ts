/** What the kernels of pooling share: where a window lies in the image, and vectors of channels. */

/** The first tap inside the image of a window that begins at `origin` (negative: in the padding). */
// @ts-ignore: decorator
@inline export function firstTap(origin: i32): i32 {
  return max(0, -origin);
}

/** The tap past the last one inside an image of this size. */
// @ts-ignore: decorator
@inline export function endTap(origin: i32, kernel: i32, size: i32): i32 {
  return min(kernel, size - origin);
}

/** The first window, of those `stride` apart, that reaches a pixel; counted with the padding before it. */
// @ts-ignore: decorator
@inline export function firstWindow(pixel: i32, kernel: i32, stride: i32): i32 {
  return max(0, pixel - kernel + stride) / stride;
}

/** Of `count` windows, the one past the last that begins at or before a pixel. */
// @ts-ignore: decorator
@inline export function endWindow(pixel: i32, stride: i32, count: i32): i32 {
  return min(count, pixel / stride + 1);
}

/**
 * The greater of both, a NaN if one of them is: pmax yields its first operand where a NaN is compared, so the two orders
 * differ only there, and a NaN's bits stay a NaN's under `or`. (f32x4.max takes seven instructions.)
 */
// @ts-ignore: decorator
@inline export function greater(a: v128, b: v128): v128 {
  return v128.or(f32x4.pmax(a, b), f32x4.pmax(b, a));
}

/** Where b is greater than a, or a NaN and a is none. */
// @ts-ignore: decorator
@inline export function isGreater(a: v128, b: v128): v128 {
  return v128.andnot(f32x4.eq(a, a), f32x4.ge(a, b));
}

/** `greater` of all taps in a window of rows × columns that begins at x. */
// @ts-ignore: decorator
@inline export function greatest(x: usize, rows: i32, columns: i32, rowBytes: usize, pixelBytes: usize): v128 {
  let best = v128.load(x);
  for (let ky = 0; ky < rows; ky++) {
    let tap = x;
    for (let kx = 0; kx < columns; kx++) {
      best = greater(best, v128.load(tap));
      tap += pixelBytes;
    }
    x += rowBytes;
  }
  return best;
}
