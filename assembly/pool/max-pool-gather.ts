import { MaxPoolField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { storeLanes } from '../ops/rows';
import { endTap, firstTap, greater, isGreater } from './window';

/** y = v at the place of each window's first maximum of x, channel by channel. A tile is a row of y. */
export function maxPoolGather(at: usize, lo: i32, hi: i32): void {
  const height = word(at, F.height);
  const width = word(at, F.width);
  const channels = word(at, F.channels);
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixelBytes;
  const toV = address(at, F.v) - address(at, F.x);
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
      let x = line + <usize>(originX + kx) * pixelBytes;
      for (let c = 0; c < channels; c += 4) {
        const value = atGreatest(x, toV, endY - ky, endX - kx, rowBytes, pixelBytes);
        if (c + 4 <= channels) v128.store(y + (<usize>c << 2), value);
        else storeLanes(value, channels - c, y + (<usize>c << 2));
        x += 16;
      }
      y += pixelBytes;
      originX += word(at, F.strideX);
    }
  }
}

// @ts-ignore: decorator
@inline function atGreatest(x: usize, toV: usize, rows: i32, columns: i32, rowBytes: usize, pixelBytes: usize): v128 {
  let best = v128.load(x);
  let value = v128.load(x + toV);
  for (let ky = 0; ky < rows; ky++) {
    let tap = x;
    for (let kx = 0; kx < columns; kx++) {
      const next = v128.load(tap);
      value = v128.bitselect(v128.load(tap + toV), value, isGreater(best, next));
      best = greater(best, next);
      tap += pixelBytes;
    }
    x += rowBytes;
  }
  return value;
}
