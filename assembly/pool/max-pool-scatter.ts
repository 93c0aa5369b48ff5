import { Limit, MaxPoolField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';
import { endTap, endWindow, firstTap, firstWindow, greater, greatest, isGreater } from './window';

/**
 * y (of x's shape) = v, each number added to the place of its window's first maximum in x. A tile is a row of windows
 * of 2 × 2, else a band of 20 rows of y: all windows that reach into it are gone through in their order, so that
 * sums have the same order whatever the bands.
 */
export function maxPoolScatter(at: usize, lo: i32, hi: i32): void {
  if (word(at, F.halves)) for (let t = lo; t < hi; t++) halvedRow(at, t);
  else for (let t = lo; t < hi; t++) band(at, t);
}

function band(at: usize, tile: i32): void {
  const height = word(at, F.height);
  const channels = word(at, F.channels);
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>word(at, F.width) * pixelBytes;
  const bands = (height + Limit.band - 1) / Limit.band;
  const image = <usize>(tile / bands);
  const from = (tile % bands) * Limit.band;
  const to = min(height, from + Limit.band);
  const x = address(at, F.x) + image * <usize>height * rowBytes;
  const y = address(at, F.y) + image * <usize>height * rowBytes;
  const v = address(at, F.v) + image * <usize>(rows * columns) * pixelBytes;
  memory.fill(y + <usize>from * rowBytes, 0, <usize>(to - from) * rowBytes);
  const top = word(at, F.top);
  const end = endWindow(to - 1 + top, word(at, F.strideY), rows);
  for (let i = firstWindow(from + top, word(at, F.kernelY), word(at, F.strideY)); i < end; i++)
    rowOfWindows(at, i, from, to, x, y, v + <usize>(i * columns) * pixelBytes);
}

/** Row i of the windows of one image, as far as it reaches into rows [from, to). */
function rowOfWindows(at: usize, i: i32, from: i32, to: i32, x: usize, y: usize, v: usize): void {
  const width = word(at, F.width);
  const channels = word(at, F.channels);
  const columns = word(at, F.columns);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixelBytes;
  const originY = i * word(at, F.strideY) - word(at, F.top);
  const ky = originY + firstTap(originY);
  const endY = originY + endTap(originY, word(at, F.kernelY), word(at, F.height));
  let originX = -word(at, F.left);
  for (let j = 0; j < columns; j++) {
    const kx = originX + firstTap(originX);
    const endX = originX + endTap(originX, word(at, F.kernelX), width);
    for (let c = 0; c < channels; c += 4) {
      const offset = <usize>kx * pixelBytes + (<usize>c << 2);
      const best = greatest(x + <usize>ky * rowBytes + offset, endY - ky, endX - kx, rowBytes, pixelBytes);
      // Lanes whose maximum hasn't been met yet: those of a number that equals it, or is NaN as it is, end there.
      let open = i32x4.splat(-1);
      for (let row = ky; row < min(endY, to); row++) {
        let tap = <usize>row * rowBytes + offset;
        for (let column = kx; column < endX; column++) {
          const value = v128.load(x + tap);
          const hit = v128.and(open, isMet(value, best));
          open = v128.andnot(open, hit);
          if (row >= from) {
            const sum = f32x4.add(v128.load(y + tap), v128.and(v128.load(v + (<usize>c << 2)), hit));
            put(channels - c, sum, y + tap);
          }
          tap += pixelBytes;
        }
      }
    }
    v += pixelBytes;
    originX += word(at, F.strideX);
  }
}

/** Row t of windows of 2 × 2 side by side, wholly inside the images, with what lies below and to the right of all. */
function halvedRow(at: usize, t: i32): void {
  const height = word(at, F.height);
  const width = word(at, F.width);
  const channels = word(at, F.channels);
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixelBytes;
  const line = (<usize>(t / rows) * <usize>height + <usize>(t % rows << 1)) * rowBytes;
  let x = address(at, F.x) + line;
  let y = address(at, F.y) + line;
  let v = address(at, F.v) + <usize>t * <usize>columns * pixelBytes;
  const beyond = <usize>(width - 2 * columns) * pixelBytes;
  if (beyond > 0) {
    memory.fill(y + rowBytes - beyond, 0, beyond);
    memory.fill(y + 2 * rowBytes - beyond, 0, beyond);
  }
  if (t % rows == rows - 1) memory.fill(y + 2 * rowBytes, 0, <usize>(height - 2 * rows) * rowBytes);
  for (let j = 0; j < columns; j++) {
    let c = channels;
    for (; c >= 4; c -= 4) {
      window(4, x, y, v, pixelBytes, rowBytes);
      x += 16;
      y += 16;
      v += 16;
    }
    if (c > 0) {
      window(c, x, y, v, pixelBytes, rowBytes);
      x += <usize>c << 2;
      y += <usize>c << 2;
      v += <usize>c << 2;
    }
    x += pixelBytes;
    y += pixelBytes;
  }
}

/** One window of 2 × 2 in up to four channels. */
// @ts-ignore: decorator
@inline function window(lanes: i32, x: usize, y: usize, v: usize, pixelBytes: usize, rowBytes: usize): void {
  const x0 = v128.load(x);
  const x1 = v128.load(x + pixelBytes);
  const x2 = v128.load(x + rowBytes);
  const x3 = v128.load(x + rowBytes + pixelBytes);
  const value = v128.load(v);
  // The last of the replacements, in row-major order, is at the first maximum.
  const top = greater(x0, x1);
  const left = greater(top, x2);
  const before3 = v128.andnot(value, isGreater(left, x3));
  const before2 = v128.andnot(before3, isGreater(top, x2));
  const before1 = v128.andnot(before2, isGreater(x0, x1));
  put(lanes, before1, y);
  put(lanes, v128.xor(before2, before1), y + pixelBytes);
  put(lanes, v128.xor(before3, before2), y + rowBytes);
  put(lanes, v128.xor(value, before3), y + rowBytes + pixelBytes);
}

/** Where a number is the greatest of its window. */
// @ts-ignore: decorator
@inline function isMet(value: v128, best: v128): v128 {
  return v128.or(f32x4.eq(value, best), f32x4.ne(value, value));
}

// @ts-ignore: decorator
@inline function put(lanes: i32, v: v128, y: usize): void {
  if (lanes >= 4) v128.store(y, v);
  else storeLanes(v, lanes, y);
}
