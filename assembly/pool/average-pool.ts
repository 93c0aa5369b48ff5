import { MaxPoolField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';
import { endTap, endWindow, firstTap, firstWindow } from './window';

/** y = the mean of each window of x, channel by channel; padding counts as zeros. A tile is a row of y. */
export function averagePool(at: usize, lo: i32, hi: i32): void {
  const height = word(at, F.height);
  const width = word(at, F.width);
  const channels = word(at, F.channels);
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixelBytes;
  let y = address(at, F.y) + <usize>lo * <usize>columns * pixelBytes;
  for (let t = lo; t < hi; t++) {
    const originY = (t % rows) * word(at, F.strideY) - word(at, F.top);
    const ky = firstTap(originY);
    const endY = endTap(originY, word(at, F.kernelY), height);
    const line = address(at, F.x) + (<usize>(t / rows) * <usize>height + <usize>(originY + ky)) * rowBytes;
    let originX = -word(at, F.left);
    for (let j = 0; j < columns; j++) {
      const kx = firstTap(originX);
      const endX = endTap(originX, word(at, F.kernelX), width);
      means(at, endY - ky, endX - kx, line + <usize>(originX + kx) * pixelBytes, rowBytes, y);
      y += pixelBytes;
      originX += word(at, F.strideX);
    }
  }
}

/**
 * Its gradient: y (the images) = the sum over the windows around each pixel of x's numbers, times the same share. A tile
 * is a row of y.
 */
export function averagePoolSpread(at: usize, lo: i32, hi: i32): void {
  const height = word(at, F.height);
  const width = word(at, F.width);
  const channels = word(at, F.channels);
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const kernelX = word(at, F.kernelX);
  const strideX = word(at, F.strideX);
  const left = word(at, F.left);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>columns * pixelBytes;
  let y = address(at, F.y) + <usize>lo * <usize>width * pixelBytes;
  for (let t = lo; t < hi; t++) {
    const row = (t % height) + word(at, F.top);
    const i = firstWindow(row, word(at, F.kernelY), word(at, F.strideY));
    const endI = endWindow(row, word(at, F.strideY), rows);
    const line = address(at, F.x) + (<usize>(t / height) * <usize>rows + <usize>i) * rowBytes;
    for (let column = 0; column < width; column++) {
      const j = firstWindow(column + left, kernelX, strideX);
      const endJ = endWindow(column + left, strideX, columns);
      means(at, endI - i, endJ - j, line + <usize>j * pixelBytes, rowBytes, y);
      y += pixelBytes;
    }
  }
}

/** The sum of rows × columns pixels from x, over the number of taps. */
function means(at: usize, rows: i32, columns: i32, x: usize, rowBytes: usize, y: usize): void {
  const channels = word(at, F.channels);
  const pixelBytes = (<usize>channels) << 2;
  const share = f32x4.splat(<f32>1 / <f32>(word(at, F.kernelY) * word(at, F.kernelX)));
  let c = 0;
  for (; c + 4 <= channels; c += 4) {
    v128.store(y, f32x4.mul(sum(rows, columns, x, rowBytes, pixelBytes), share));
    x += 16;
    y += 16;
  }
  if (c < channels) storeLanes(f32x4.mul(sum(rows, columns, x, rowBytes, pixelBytes), share), channels - c, y);
}

// @ts-ignore: decorator
@inline function sum(rows: i32, columns: i32, x: usize, rowBytes: usize, pixelBytes: usize): v128 {
  let total = f32x4.splat(0);
  for (let ky = 0; ky < rows; ky++) {
    let tap = x;
    for (let kx = 0; kx < columns; kx++) {
      total = f32x4.add(total, v128.load(tap));
      tap += pixelBytes;
    }
    x += rowBytes;
  }
  return total;
}
