import { DepthwiseField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';
import { multiplyAdd } from './multiply-add';
import { rowsToTouch, touch } from './touch';

/**
 * y = x convolved with w, channel by channel; with `spread` its transpose: what x's pixels give to those of y. A tile is
 * a row of y. What lies outside the image is left out of the sums.
 */
export function depthwise(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const kernelX = word(at, F.kernelX);
  const channels = word(at, F.channels);
  const spread = word(at, F.spread) != 0;
  const w = address(at, F.w);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>word(at, F.width) * pixelBytes;
  const imageBytes = <usize>word(at, F.height) * rowBytes;

  // Where a row of the image lies for each tap, then the same for each column: lists of (byte in x, byte in w).
  const rowTaps = scratch;
  const columnTaps = rowTaps + listBytes(word(at, F.kernelY));
  for (let j = 0; j < columns; j++) {
    const list = columnTaps + <usize>j * listBytes(kernelX);
    listTaps(list, j, kernelX, word(at, F.strideX), word(at, F.dilationX), word(at, F.left), word(at, F.width), spread, pixelBytes, pixelBytes);
  }

  // Pixels that a kernel of 3 × 3 at stride 1 takes by fours: as a convolution, its weights turned round if it spreads.
  const isThree = kernelX == 3 && word(at, F.kernelY) == 3 && word(at, F.strideY) == 1 && word(at, F.strideX) == 1
    && word(at, F.dilationY) == 1 && word(at, F.dilationX) == 1;
  const left = spread ? 2 - word(at, F.left) : word(at, F.left);
  const top = spread ? 2 - word(at, F.top) : word(at, F.top);
  const first = max(0, left);
  const end = isThree ? min(columns, word(at, F.width) - 2 + left) : 0;
  const weights = (columnTaps + <usize>columns * listBytes(kernelX) + 15) & ~15;
  const byFours = first + 4 <= end;
  if (byFours) packThree(channels, spread, w, weights);
  const vectorBytes = pixelBytes & ~15;

  let touched = lo;
  let y = address(at, F.y) + <usize>lo * <usize>columns * pixelBytes;
  for (let t = lo; t < hi; t++) {
    const x = address(at, F.x) + <usize>(t / rows) * imageBytes;
    listTaps(rowTaps, t % rows, word(at, F.kernelY), word(at, F.strideY), word(at, F.dilationY), word(at, F.top), word(at, F.height), spread, rowBytes, <usize>kernelX * pixelBytes);
    const origin = t % rows - top;
    if (t >= touched) {
      const from = max(0, origin);
      const many = rowsToTouch(channels, rowBytes, rows - t % rows);
      if (byFours && many > 0)
        touch(x + <usize>from * rowBytes, <usize>max(0, min(many + 2, word(at, F.height) - from)) * rowBytes, y);
      touched = t + many;
    }
    const ky = max(0, -origin);
    const endY = min(3, word(at, F.height) - origin);
    for (let j = 0; j < columns; ) {
      let count = 1;
      let done: usize = 0;
      if (byFours && j >= first && j < end) {
        // The last four may begin among those before.
        j = min(j, end - 4);
        count = 4;
        done = vectorBytes;
        const from = x + <usize>(origin + ky) * rowBytes + <usize>(j - left) * pixelBytes;
        fourPixels(channels, endY - ky, from, rowBytes, weights + (<usize>ky) * 48, y + <usize>j * pixelBytes);
      }
      if (done < pixelBytes) {
        for (let i = j; i < j + count; i++)
          pixel(channels - <i32>(done >> 2), x + done, w + done, rowTaps, columnTaps + <usize>i * listBytes(kernelX), y + <usize>i * pixelBytes + done);
      }
      j += count;
    }
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
function pixel(channels: i32, x: usize, w: usize, rowTaps: usize, columnTaps: usize, y: usize): void {
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

/** The weights in the order in which fourPixels reads them: nine vectors for each four channels. */
function packThree(channels: i32, spread: bool, w: usize, to: usize): void {
  const pixelBytes = (<usize>channels) << 2;
  for (let c = channels; c >= 4; c -= 4) {
    for (let tap = 0; tap < 9; tap++) {
      v128.store(to, v128.load(w + <usize>(spread ? 8 - tap : tap) * pixelBytes));
      to += 16;
    }
    w += 16;
  }
}

/**
 * Four pixels side by side, wholly inside the image, from `rows` rows of x that the kernel's rows lie on: six pixels and
 * three weights of a row make twelve products. All whole vectors of channels in turn, as one channel's pixels lie at
 * strides that share few sets of the L1.
 */
function fourPixels(channels: i32, rows: i32, x: usize, rowBytes: usize, w: usize, y: usize): void {
  const pixelBytes = (<usize>channels) << 2;
  const endW = <usize>rows * 48;
  for (let c = channels; c >= 4; c -= 4) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let line = x;
    for (let at = w; at < w + endW; at += 48) {
      const w0 = v128.load(at);
      const w1 = v128.load(at, 16);
      const w2 = v128.load(at, 32);
      let tap = line;
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
      line += rowBytes;
    }
    let to = y;
    v128.store(to, s0);
    to += pixelBytes;
    v128.store(to, s1);
    to += pixelBytes;
    v128.store(to, s2);
    to += pixelBytes;
    v128.store(to, s3);
    x += 16;
    w += 144;
    y += 16;
  }
}
