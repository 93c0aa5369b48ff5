import { MaxPoolField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';
import { endTap, firstTap, greater, greatest } from './window';

/** y = the greatest number of each window, channel by channel. A tile is a row of y. */
export function maxPool(at: usize, lo: i32, hi: i32): void {
  const height = word(at, F.height);
  const width = word(at, F.width);
  const channels = word(at, F.channels);
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const kernelY = word(at, F.kernelY);
  const kernelX = word(at, F.kernelX);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixelBytes;
  const halves = word(at, F.halves) != 0;
  let y = address(at, F.y) + <usize>lo * <usize>columns * pixelBytes;
  for (let t = lo; t < hi; t++) {
    const x = address(at, F.x) + <usize>(t / rows) * <usize>height * rowBytes;
    const originY = (t % rows) * word(at, F.strideY) - word(at, F.top);
    if (halves) {
      halvedRow(columns, channels, x + <usize>originY * rowBytes, rowBytes, y);
      y += <usize>columns * pixelBytes;
      continue;
    }
    const ky = firstTap(originY);
    const endY = endTap(originY, kernelY, height);
    const line = x + <usize>(originY + ky) * rowBytes;
    let originX = -word(at, F.left);
    for (let j = 0; j < columns; j++) {
      const kx = firstTap(originX);
      const endX = endTap(originX, kernelX, width);
      const from = line + <usize>(originX + kx) * pixelBytes;
      let c = 0;
      for (; c + 4 <= channels; c += 4)
        v128.store(y + (<usize>c << 2), greatest(from + (<usize>c << 2), endY - ky, endX - kx, rowBytes, pixelBytes));
      if (c < channels) {
        const best = greatest(from + (<usize>c << 2), endY - ky, endX - kx, rowBytes, pixelBytes);
        storeLanes(best, channels - c, y + (<usize>c << 2));
      }
      y += pixelBytes;
      originX += word(at, F.strideX);
    }
  }
}

/** A row of windows of 2 × 2 side by side, wholly inside the image. */
function halvedRow(columns: i32, channels: i32, x: usize, rowBytes: usize, y: usize): void {
  const pixelBytes = (<usize>channels) << 2;
  for (let j = 0; j < columns; j++) {
    let right = x + pixelBytes;
    let below = x + rowBytes;
    let corner = right + rowBytes;
    const next = right + pixelBytes;
    let c = channels;
    for (; c >= 8; c -= 8) {
      v128.store(y, ofFour(v128.load(x), v128.load(right), v128.load(below), v128.load(corner)));
      v128.store(y, ofFour(v128.load(x, 16), v128.load(right, 16), v128.load(below, 16), v128.load(corner, 16)), 16);
      x += 32;
      right += 32;
      below += 32;
      corner += 32;
      y += 32;
    }
    for (; c > 0; c -= 4) {
      const best = ofFour(v128.load(x), v128.load(right), v128.load(below), v128.load(corner));
      if (c < 4) {
        storeLanes(best, c, y);
        y += <usize>c << 2;
        break;
      }
      v128.store(y, best);
      x += 16;
      right += 16;
      below += 16;
      corner += 16;
      y += 16;
    }
    x = next;
  }
}

// @ts-ignore: decorator
@inline function ofFour(a: v128, b: v128, c: v128, d: v128): v128 {
  return greater(greater(a, b), greater(c, d));
}
