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
      const inside = isThree && origin >= 0 && origin + 3 <= word(at, F.height);
      if (inside) foursOfRow(at, image + <usize>origin * rowBytes, v, nines);
      for (let ky = 0; ky < kernelY; ky++) {
        const y = origin + ky * word(at, F.dilationY);
        if (y >= 0 && y < word(at, F.height))
          restOfRow(at, inside, image + <usize>y * rowBytes, v, w + <usize>(ky * word(at, F.kernelX)) * pixelBytes);
      }
    }
    if (isThree) addNines(channels, nines, w);
  }
}

/** How many columns of v are taken by fours, from column max(0, left) on: their windows lie inside the image. */
// @ts-ignore: decorator
@inline function byFours(at: usize): i32 {
  const left = word(at, F.left);
  return max(0, min(word(at, F.columns), word(at, F.width) - 2 + left) - left) & ~3;
}

/** The columns by fours of a row of v whose windows of 3 × 3 begin at the row x and lie wholly inside the image. */
function foursOfRow(at: usize, x: usize, v: usize, nines: usize): void {
  const channels = word(at, F.channels);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>word(at, F.width) * pixelBytes;
  v += <usize>word(at, F.left) * pixelBytes;
  for (let count = byFours(at); count > 0; count -= 4) {
    fourPixels(channels, x, pixelBytes, rowBytes, v, nines);
    x += 4 * pixelBytes;
    v += 4 * pixelBytes;
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
  const done = foursDone ? byFours(at) : 0;
  for (let j = 0; j < columns; j++) {
    // The fours know whole vectors of channels only.
    const first = j >= left && j < left + done ? channels & ~3 : 0;
    if (first == channels) continue;
    const offset = (<usize>first) << 2;
    for (let kx = 0; kx < kernelX; kx++) {
      const pixel = j * word(at, F.strideX) + kx * word(at, F.dilationX) - left;
      if (pixel < 0 || pixel >= width) continue;
      const from = x + <usize>pixel * pixelBytes + offset;
      onePixel(channels - first, from, v + <usize>j * pixelBytes + offset, w + <usize>kx * pixelBytes + offset);
    }
  }
}

/**
 * Four pixels of v, side by side, with the 3 × 6 pixels of x under their windows: 36 products for 18 + 4 vectors read.
 * The sums of four channels lie together, nine vectors.
 */
function fourPixels(channels: i32, x: usize, pixelBytes: usize, rowBytes: usize, v: usize, w: usize): void {
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
    const end = w + 144;
    for (; w < end; w += 48) {
      let s0 = v128.load(w);
      let s1 = v128.load(w, 16);
      let s2 = v128.load(w, 32);
      let tap = line;
      let value = v128.load(tap);
      s0 = multiplyAdd(value, v0, s0);
      tap += pixelBytes;
      value = v128.load(tap);
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
      s2 = multiplyAdd(v128.load(tap), v3, s2);
      v128.store(w, s0);
      v128.store(w, s1, 16);
      v128.store(w, s2, 32);
      line += rowBytes;
    }
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
