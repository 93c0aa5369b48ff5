import { DepthwiseField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';
import { multiplyAdd } from './multiply-add';

/**
 * y = x convolved with w, channel by channel; with `spread` its transpose: what x's pixels give to those of y. A tile is
 * a row of y. Sums go through the taps row by row, those outside the image left out.
 */
export function depthwise(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const kernelX = word(at, F.kernelX);
  const spread = word(at, F.spread) != 0;
  const pixelBytes = (<usize>word(at, F.channels)) << 2;
  const rowBytes = <usize>word(at, F.width) * pixelBytes;
  const imageBytes = <usize>word(at, F.height) * rowBytes;

  // Where a row of the image lies for each tap, then the same for a column: lists of (byte in x, byte in w).
  const rowTaps = scratch;
  const columnTaps = rowTaps + listBytes(word(at, F.kernelY));
  for (let j = 0; j < columns; j++) {
    const list = columnTaps + <usize>j * listBytes(kernelX);
    listTaps(list, j, kernelX, word(at, F.strideX), word(at, F.dilationX), word(at, F.left), word(at, F.width), spread, pixelBytes, pixelBytes);
  }
  // Columns all of whose taps are inside, if they lie side by side.
  const offset = spread ? word(at, F.dilationX) * (kernelX - 1) - word(at, F.left) : word(at, F.left);
  const isDense = kernelX == 3 && word(at, F.strideX) == 1 && word(at, F.dilationX) == 1;
  const first = max(0, offset);
  const end = isDense ? min(columns, word(at, F.width) - 2 + offset) : 0;

  let y = address(at, F.y) + <usize>lo * <usize>columns * pixelBytes;
  for (let t = lo; t < hi; t++) {
    const x = address(at, F.x) + <usize>(t / rows) * imageBytes;
    listTaps(rowTaps, t % rows, word(at, F.kernelY), word(at, F.strideY), word(at, F.dilationY), word(at, F.top), word(at, F.height), spread, rowBytes, <usize>kernelX * pixelBytes);
    let j = 0;
    for (; j < columns; j++) {
      if (j >= first && j + 4 <= end) break;
      pixel(at, x, rowTaps, columnTaps + <usize>j * listBytes(kernelX), y + <usize>j * pixelBytes);
    }
    for (; j < columns; j += 4) {
      // The last four may begin among those before.
      if (j + 4 > end) {
        if (j >= end) break;
        j = end - 4;
      }
      fourPixels(at, x + <usize>(j - offset) * pixelBytes, rowTaps, spread, y + <usize>j * pixelBytes);
    }
    for (; j < columns; j++)
      pixel(at, x, rowTaps, columnTaps + <usize>j * listBytes(kernelX), y + <usize>j * pixelBytes);
    y += <usize>columns * pixelBytes;
  }
}

/** A list of up to `taps` taps: their number, then two words for each. */
// @ts-ignore: decorator
@inline function listBytes(taps: i32): usize {
  return (<usize>(1 + 2 * taps)) << 2;
}

/** Lists the taps along one axis that lie inside an image of `size` pixels, for the output at `place`. */
function listTaps(
  list: usize, place: i32, kernel: i32, stride: i32, dilation: i32, before: i32, size: i32, spread: bool,
  stepX: usize, stepW: usize,
): void {
  let count = 0;
  let to = list + 4;
  for (let k = 0; k < kernel; k++) {
    let pixel = spread ? place + before - k * dilation : place * stride + k * dilation - before;
    if (spread) {
      if (pixel % stride != 0) continue;
      pixel /= stride;
    }
    if (pixel < 0 || pixel >= size) continue;
    store<u32>(to, <u32>(<usize>pixel * stepX));
    store<u32>(to, <u32>(<usize>k * stepW), 4);
    to += 8;
    count++;
  }
  store<i32>(list, count);
}

/** One pixel: 16 channels at a time, then four. */
function pixel(at: usize, x: usize, rowTaps: usize, columnTaps: usize, y: usize): void {
  const channels = word(at, F.channels);
  let w = address(at, F.w);
  const endRows = rowTaps + ((<usize>load<i32>(rowTaps)) << 3);
  const endColumns = columnTaps + ((<usize>load<i32>(columnTaps)) << 3);
  let c = channels;
  for (; c >= 16; c -= 16) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let row = rowTaps; row < endRows; row += 8) {
      const lineX = x + <usize>load<u32>(row, 4);
      const lineW = w + <usize>load<u32>(row, 8);
      for (let column = columnTaps; column < endColumns; column += 8) {
        const tapX = lineX + <usize>load<u32>(column, 4);
        const tapW = lineW + <usize>load<u32>(column, 8);
        s0 = multiplyAdd(v128.load(tapX), v128.load(tapW), s0);
        s1 = multiplyAdd(v128.load(tapX, 16), v128.load(tapW, 16), s1);
        s2 = multiplyAdd(v128.load(tapX, 32), v128.load(tapW, 32), s2);
        s3 = multiplyAdd(v128.load(tapX, 48), v128.load(tapW, 48), s3);
      }
    }
    v128.store(y, s0);
    v128.store(y, s1, 16);
    v128.store(y, s2, 32);
    v128.store(y, s3, 48);
    x += 64;
    w += 64;
    y += 64;
  }
  for (; c > 0; c -= 4) {
    let sum = f32x4.splat(0);
    for (let row = rowTaps; row < endRows; row += 8) {
      const lineX = x + <usize>load<u32>(row, 4);
      const lineW = w + <usize>load<u32>(row, 8);
      for (let column = columnTaps; column < endColumns; column += 8) {
        const tapX = lineX + <usize>load<u32>(column, 4);
        sum = multiplyAdd(v128.load(tapX), v128.load(lineW + <usize>load<u32>(column, 8)), sum);
      }
    }
    if (c >= 4) v128.store(y, sum);
    else storeLanes(sum, c, y);
    x += 16;
    w += 16;
    y += 16;
  }
}

/**
 * Four pixels side by side of a kernel three wide, wholly inside the image: a row of the kernel reads six pixels and three
 * weights for twelve products. All channels in turn, as a channel's pixels lie at strides that share few sets of the L1.
 */
function fourPixels(at: usize, x: usize, rowTaps: usize, spread: bool, y: usize): void {
  const channels = word(at, F.channels);
  const pixelBytes = (<usize>channels) << 2;
  const endRows = rowTaps + ((<usize>load<i32>(rowTaps)) << 3);
  // The transpose meets the weights from right to left.
  let w = address(at, F.w) + (spread ? 2 * pixelBytes : <usize>0);
  const stepW = spread ? <usize>0 - pixelBytes : pixelBytes;
  for (let c = channels; c > 0; c -= 4) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let row = rowTaps; row < endRows; row += 8) {
      let tap = x + <usize>load<u32>(row, 4);
      const line = w + <usize>load<u32>(row, 8);
      const w0 = v128.load(line);
      const w1 = v128.load(line + stepW);
      const w2 = v128.load(line + 2 * stepW);
      let v = v128.load(tap);
      s0 = multiplyAdd(v, w0, s0);
      tap += pixelBytes;
      v = v128.load(tap);
      s0 = multiplyAdd(v, w1, s0);
      s1 = multiplyAdd(v, w0, s1);
      tap += pixelBytes;
      v = v128.load(tap);
      s0 = multiplyAdd(v, w2, s0);
      s1 = multiplyAdd(v, w1, s1);
      s2 = multiplyAdd(v, w0, s2);
      tap += pixelBytes;
      v = v128.load(tap);
      s1 = multiplyAdd(v, w2, s1);
      s2 = multiplyAdd(v, w1, s2);
      s3 = multiplyAdd(v, w0, s3);
      tap += pixelBytes;
      v = v128.load(tap);
      s2 = multiplyAdd(v, w2, s2);
      s3 = multiplyAdd(v, w1, s3);
      tap += pixelBytes;
      s3 = multiplyAdd(v128.load(tap), w2, s3);
    }
    put(c, s0, y);
    put(c, s1, y + pixelBytes);
    put(c, s2, y + 2 * pixelBytes);
    put(c, s3, y + 3 * pixelBytes);
    x += 16;
    w += 16;
    y += 16;
  }
}

// @ts-ignore: decorator
@inline function put(lanes: i32, v: v128, y: usize): void {
  if (lanes >= 4) v128.store(y, v);
  else storeLanes(v, lanes, y);
}
