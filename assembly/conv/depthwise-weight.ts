import { DepthwiseWeightField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';
import { multiplyAdd } from './multiply-add';

/**
 * Partial sums of the weights' gradient of a depthwise convolution: tile t sums x's pixels times v's over `rowsOfSum` rows
 * of v, of all images together. Sums stay in memory, as all channels come in turn: one channel's pixels lie at strides
 * that share few sets of the L1.
 */
export function depthwiseWeight(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const rows = word(at, F.rows);
  const kernelY = word(at, F.kernelY);
  const channels = word(at, F.channels);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>word(at, F.width) * pixelBytes;
  const kernelBytes = <usize>(kernelY * word(at, F.kernelX)) * pixelBytes;
  const columnBytes = <usize>word(at, F.columns) * pixelBytes;
  const isThree = kernelY == 3 && word(at, F.kernelX) == 3 && word(at, F.strideX) == 1 && word(at, F.dilationX) == 1
    && word(at, F.dilationY) == 1;
  const nines = (scratch + 15) & ~15;
  for (let t = lo; t < hi; t++) {
    const w = address(at, F.w) + <usize>t * kernelBytes;
    memory.fill(w, 0, kernelBytes);
    if (isThree) memory.fill(nines, 0, kernelBytes);
    const end = min((t + 1) * word(at, F.rowsOfSum), word(at, F.images) * rows);
    for (let line = t * word(at, F.rowsOfSum); line < end; line++) {
      const image = address(at, F.x) + <usize>(line / rows) * <usize>word(at, F.height) * rowBytes;
      const v = address(at, F.v) + <usize>line * columnBytes;
      const origin = (line % rows) * word(at, F.strideY) - word(at, F.top);
      if (isThree) foursOfRow(at, image, origin, v, nines);
      for (let ky = 0; ky < kernelY; ky++) {
        const y = origin + ky * word(at, F.dilationY);
        if (y >= 0 && y < word(at, F.height))
          restOfRow(at, isThree, image + <usize>y * rowBytes, v, w + <usize>(ky * word(at, F.kernelX)) * pixelBytes);
      }
    }
    if (isThree) addNines(channels, nines, w);
  }
}

/** The columns of v that are taken by fours: of their windows one column at most lies outside the image, at either end. */
// @ts-ignore: decorator
@inline function firstOfFours(at: usize): i32 {
  return max(0, word(at, F.left) - 1);
}

// @ts-ignore: decorator
@inline function endOfFours(at: usize): i32 {
  const first = firstOfFours(at);
  return first + (max(0, min(word(at, F.columns), word(at, F.width) + word(at, F.left) - 1) - first) & ~3);
}

/** The columns by fours of a row of v whose windows of 3 × 3 begin at row `origin`; rows outside the image take no part. */
function foursOfRow(at: usize, image: usize, origin: i32, v: usize, nines: usize): void {
  const channels = word(at, F.channels);
  const width = word(at, F.width);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixelBytes;
  const skipped = max(0, -origin);
  const rows = min(3, word(at, F.height) - origin) - skipped;
  if (rows <= 0) return;
  const line = image + <usize>(origin + skipped) * rowBytes;
  const end = endOfFours(at);
  for (let j = firstOfFours(at); j < end; j += 4) {
    const pixel = j - word(at, F.left);
    fourPixels(
      channels,
      line + <usize>pixel * pixelBytes,
      pixelBytes,
      rows,
      rowBytes,
      pixel >= 0,
      pixel + 6 <= width,
      v + <usize>j * pixelBytes,
      nines + <usize>skipped * 48,
    );
  }
}

/** What one row of x and one of v add to the sums of one row of the kernel, but for what `foursOfRow` has added. */
function restOfRow(at: usize, foursDone: bool, x: usize, v: usize, w: usize): void {
  const width = word(at, F.width);
  const columns = word(at, F.columns);
  const kernelX = word(at, F.kernelX);
  const channels = word(at, F.channels);
  const left = word(at, F.left);
  const pixelBytes = (<usize>channels) << 2;
  const from = firstOfFours(at);
  const end = foursDone ? endOfFours(at) : from;
  for (let j = 0; j < columns; j++) {
    // The fours know whole vectors of channels only.
    const first = j >= from && j < end ? channels & ~3 : 0;
    if (first == channels) continue;
    const offset = (<usize>first) << 2;
    for (let kx = 0; kx < kernelX; kx++) {
      const pixel = j * word(at, F.strideX) + kx * word(at, F.dilationX) - left;
      if (pixel < 0 || pixel >= width) continue;
      const tap = x + <usize>pixel * pixelBytes + offset;
      onePixel(channels - first, tap, v + <usize>j * pixelBytes + offset, w + <usize>kx * pixelBytes + offset);
    }
  }
}

/**
 * Four pixels of v, side by side, with the pixels of x under their windows, 3 × 6 of them unless some rows, or the first or
 * last column, lie outside: 36 products for 18 + 4 vectors read. The sums of four channels lie together, nine vectors.
 */
function fourPixels(
  channels: i32, x: usize, pixelBytes: usize, rows: i32, rowBytes: usize, hasFirst: bool, hasLast: bool, v: usize, w: usize,
): void {
  const ofRows = <usize>rows * 48;
  for (let c = channels; c >= 4; c -= 4) {
    let from = v;
    const v0 = v128.load(from);
    from += pixelBytes;
    const v1 = v128.load(from);
    from += pixelBytes;
    const v2 = v128.load(from);
    from += pixelBytes;
    const v3 = v128.load(from);
    let line = x;
    const end = w + ofRows;
    for (; w < end; w += 48) {
      let s0 = v128.load(w);
      let s1 = v128.load(w, 16);
      let s2 = v128.load(w, 32);
      let tap = line;
      if (hasFirst) s0 = multiplyAdd(v128.load(tap), v0, s0);
      tap += pixelBytes;
      let value = v128.load(tap);
      s0 = multiplyAdd(value, v1, s0);
      s1 = multiplyAdd(value, v0, s1);
      tap += pixelBytes;
      value = v128.load(tap);
      s0 = multiplyAdd(value, v2, s0);
      s1 = multiplyAdd(value, v1, s1);
      s2 = multiplyAdd(value, v0, s2);
      tap += pixelBytes;
      value = v128.load(tap);
      s0 = multiplyAdd(value, v3, s0);
      s1 = multiplyAdd(value, v2, s1);
      s2 = multiplyAdd(value, v1, s2);
      tap += pixelBytes;
      value = v128.load(tap);
      s1 = multiplyAdd(value, v3, s1);
      s2 = multiplyAdd(value, v2, s2);
      tap += pixelBytes;
      if (hasLast) s2 = multiplyAdd(v128.load(tap), v3, s2);
      v128.store(w, s0);
      v128.store(w, s1, 16);
      v128.store(w, s2, 32);
      line += rowBytes;
    }
    w += 144 - ofRows;
    x += 16;
    v += 16;
  }
}

/** Adds the sums that lie nine together to those in the kernels' own order. */
function addNines(channels: i32, nines: usize, w: usize): void {
  const pixelBytes = (<usize>channels) << 2;
  for (let c = channels; c >= 4; c -= 4) {
    let to = w;
    for (let tap = 0; tap < 9; tap++) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(nines)));
      to += pixelBytes;
      nines += 16;
    }
    w += 16;
  }
}

function onePixel(channels: i32, x: usize, v: usize, w: usize): void {
  for (; channels >= 4; channels -= 4) {
    v128.store(w, multiplyAdd(v128.load(x), v128.load(v), v128.load(w)));
    x += 16;
    v += 16;
    w += 16;
  }
  if (channels > 0) storeLanes(multiplyAdd(v128.load(x), v128.load(v), v128.load(w)), channels, w);
}
