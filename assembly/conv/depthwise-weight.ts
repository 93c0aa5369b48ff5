import { DepthwiseWeightField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';
import { multiplyAdd } from './multiply-add';

/**
 * Partial sums of the weights' gradient of a depthwise convolution: tile t sums x's pixels times v's over `rowsOfSum` rows
 * of v, of all images together. The sums stay in memory: with all channels in turn and four pixels at a time, a sum is
 * read and written once for four products.
 */
export function depthwiseWeight(at: usize, lo: i32, hi: i32): void {
  const rows = word(at, F.rows);
  const kernelY = word(at, F.kernelY);
  const pixelBytes = (<usize>word(at, F.channels)) << 2;
  const rowBytes = <usize>word(at, F.width) * pixelBytes;
  const kernelBytes = <usize>(kernelY * word(at, F.kernelX)) * pixelBytes;
  const columnBytes = <usize>word(at, F.columns) * pixelBytes;
  for (let t = lo; t < hi; t++) {
    const w = address(at, F.w) + <usize>t * kernelBytes;
    memory.fill(w, 0, kernelBytes);
    const end = min((t + 1) * word(at, F.rowsOfSum), word(at, F.images) * rows);
    for (let line = t * word(at, F.rowsOfSum); line < end; line++) {
      const image = address(at, F.x) + <usize>(line / rows) * <usize>word(at, F.height) * rowBytes;
      const v = address(at, F.v) + <usize>line * columnBytes;
      const origin = (line % rows) * word(at, F.strideY) - word(at, F.top);
      for (let ky = 0; ky < kernelY; ky++) {
        const y = origin + ky * word(at, F.dilationY);
        if (y >= 0 && y < word(at, F.height))
          rowOfTaps(at, image + <usize>y * rowBytes, v, w + <usize>(ky * word(at, F.kernelX)) * pixelBytes);
      }
    }
  }
}

/** What one row of x and one of v add to the sums of one row of the kernel. */
function rowOfTaps(at: usize, x: usize, v: usize, w: usize): void {
  const width = word(at, F.width);
  const columns = word(at, F.columns);
  const kernelX = word(at, F.kernelX);
  const channels = word(at, F.channels);
  const stride = word(at, F.strideX);
  const dilation = word(at, F.dilationX);
  const left = word(at, F.left);
  const pixelBytes = (<usize>channels) << 2;
  const isDense = kernelX == 3 && stride == 1 && dilation == 1;
  const end = min(columns, width - 2 + left);
  for (let j = 0; j < columns; ) {
    if (isDense && j >= left && j + 4 <= end) {
      fourPixels(channels, x + <usize>(j - left) * pixelBytes, v + <usize>j * pixelBytes, w);
      j += 4;
      continue;
    }
    for (let kx = 0; kx < kernelX; kx++) {
      const pixel = j * stride + kx * dilation - left;
      if (pixel >= 0 && pixel < width)
        onePixel(channels, x + <usize>pixel * pixelBytes, v + <usize>j * pixelBytes, w + <usize>kx * pixelBytes);
    }
    j++;
  }
}

function fourPixels(channels: i32, x: usize, v: usize, w: usize): void {
  const pixelBytes = (<usize>channels) << 2;
  for (let c = channels; c > 0; c -= 4) {
    const v0 = v128.load(v);
    const v1 = v128.load(v + pixelBytes);
    const v2 = v128.load(v + 2 * pixelBytes);
    const v3 = v128.load(v + 3 * pixelBytes);
    let s0 = v128.load(w);
    let s1 = v128.load(w + pixelBytes);
    let s2 = v128.load(w + 2 * pixelBytes);
    let tap = x;
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
    put(c, s0, w);
    put(c, s1, w + pixelBytes);
    put(c, s2, w + 2 * pixelBytes);
    x += 16;
    v += 16;
    w += 16;
  }
}

function onePixel(channels: i32, x: usize, v: usize, w: usize): void {
  for (let c = channels; c > 0; c -= 4) {
    put(c, multiplyAdd(v128.load(x), v128.load(v), v128.load(w)), w);
    x += 16;
    v += 16;
    w += 16;
  }
}

// @ts-ignore: decorator
@inline function put(lanes: i32, v: v128, y: usize): void {
  if (lanes >= 4) v128.store(y, v);
  else storeLanes(v, lanes, y);
}
