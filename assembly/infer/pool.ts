import { put } from './put';

/**
 * The greatest or the mean (`share` of the sum, else 0) of each window of an image, channel by channel, c of them; what
 * lies outside the image is left out. Rows and pixels lie so many bytes apart; up to three numbers past a pixel's are
 * read.
 */
export function pool(
  share: f32, height: i32, width: i32, c: i32, x: usize, xRow: usize, xPixel: usize, rows: i32, columns: i32,
  y: usize, yRow: usize, yPixel: usize, kernelY: i32, kernelX: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  for (let i = 0; i < rows; i++) {
    const y0 = i * strideY - top;
    const first = max(0, y0);
    const high = min(height, y0 + kernelY) - first;
    for (let j = 0; j < columns; j++) {
      const x0 = j * strideX - left;
      const start = max(0, x0);
      const wide = min(width, x0 + kernelX) - start;
      const from = x + <usize>first * xRow + <usize>start * xPixel;
      const to = y + <usize>i * yRow + <usize>j * yPixel;
      for (let k = 0; k < c; k += 4) {
        const at = from + (<usize>k << 2);
        const value = share == 0 ? greatest(high, wide, at, xRow, xPixel) : f32x4.mul(sum(high, wide, at, xRow, xPixel), f32x4.splat(share));
        put(to + (<usize>k << 2), value, c - k);
      }
    }
  }
}

/** pmax loses NaN, which the library's pools keep; max keeps it, but takes three times as long on x86. */
function greatest(high: i32, wide: i32, x: usize, row: usize, pixel: usize): v128 {
  let best = v128.load(x);
  let odd = f32x4.ne(best, best);
  for (; high > 0; high--) {
    let at = x;
    for (let n = wide; n > 0; n--) {
      const v = v128.load(at);
      best = f32x4.pmax(best, v);
      odd = v128.or(odd, f32x4.ne(v, v));
      at += pixel;
    }
    x += row;
  }
  return v128.or(best, odd);
}

function sum(high: i32, wide: i32, x: usize, row: usize, pixel: usize): v128 {
  let all = f32x4.splat(0);
  for (; high > 0; high--) {
    let at = x;
    for (let n = wide; n > 0; n--) {
      all = f32x4.add(all, v128.load(at));
      at += pixel;
    }
    x += row;
  }
  return all;
}

/** The greatest of every `pieces` consecutive channels: n of them for each pixel. */
export function maxout(
  rows: i32, pixels: i32, n: i32, pieces: i32, x: usize, xRow: usize, xPixel: usize, y: usize, yRow: usize, yPixel: usize,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < pixels; j++) {
      let from = x + <usize>i * xRow + <usize>j * xPixel;
      let to = y + <usize>i * yRow + <usize>j * yPixel;
      for (const end = to + (<usize>n << 2); to < end; to += 4) {
        let best = load<f32>(from);
        from += 4;
        for (let p = 1; p < pieces; p++) {
          best = max(best, load<f32>(from));
          from += 4;
        }
        store<f32>(to, best);
      }
    }
  }
}
