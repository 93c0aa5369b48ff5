import { CopyField as F, Limit } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { copyLines } from './lines';

// @ts-ignore: decorator
@inline export function stride(at: usize, field: i32): usize {
  return (<usize>word(at, field)) << 2;
}

/**
 * A strided copy over six dimensions. Tiles are equal shares of its elements in row-major order, so a share may begin
 * and end within a line, as the elements along the last dimension are called here.
 */
export function copy(at: usize, lo: i32, hi: i32): void {
  const d1 = word(at, F.d1);
  const d2 = word(at, F.d2);
  const d3 = word(at, F.d3);
  const d4 = word(at, F.d4);
  const d5 = word(at, F.d5);
  const total = word(at, F.d0) * d1 * d2 * d3 * d4 * d5;
  let left = min(hi * Limit.copied, total) - lo * Limit.copied;

  let rest = lo * Limit.copied;
  let i5 = rest % d5;
  rest /= d5;
  let i4 = rest % d4;
  rest /= d4;
  let i3 = rest % d3;
  rest /= d3;
  let i2 = rest % d2;
  rest /= d2;
  let i1 = rest % d1;
  const i0 = rest / d1;

  const x0 = stride(at, F.x0);
  const x1 = stride(at, F.x1);
  const x2 = stride(at, F.x2);
  const x3 = stride(at, F.x3);
  const x4 = stride(at, F.x4);
  const x5 = stride(at, F.x5);
  const y0 = stride(at, F.y0);
  const y1 = stride(at, F.y1);
  const y2 = stride(at, F.y2);
  const y3 = stride(at, F.y3);
  const y4 = stride(at, F.y4);
  const y5 = stride(at, F.y5);
  let x = address(at, F.x) + stride(at, F.offsetX) + <usize>i0 * x0 + <usize>i1 * x1 + <usize>i2 * x2 + <usize>i3 * x3;
  let y = address(at, F.y) + stride(at, F.offsetY) + <usize>i0 * y0 + <usize>i1 * y1 + <usize>i2 * y2 + <usize>i3 * y3;
  // From the end of a walk along the next dimension to one step along this one.
  const jumpX2 = x2 - <usize>d3 * x3;
  const jumpX1 = x1 - <usize>d2 * x2;
  const jumpX0 = x0 - <usize>d1 * x1;
  const jumpY2 = y2 - <usize>d3 * y3;
  const jumpY1 = y1 - <usize>d2 * y2;
  const jumpY0 = y0 - <usize>d1 * y1;

  while (left > 0) {
    if (i5 > 0) {
      const n = min(d5 - i5, left);
      copyLines(1, n, x + <usize>i4 * x4 + <usize>i5 * x5, 0, x5, y + <usize>i4 * y4 + <usize>i5 * y5, 0, y5);
      left -= n;
      i5 = 0;
      i4++;
    }
    const lines = min(d4 - i4, left / d5);
    copyLines(lines, d5, x + <usize>i4 * x4, x4, x5, y + <usize>i4 * y4, y4, y5);
    i4 += lines;
    left -= lines * d5;
    if (i4 < d4) {
      copyLines(1, left, x + <usize>i4 * x4, 0, x5, y + <usize>i4 * y4, 0, y5);
      return;
    }
    i4 = 0;
    x += x3;
    y += y3;
    if (++i3 < d3) continue;
    i3 = 0;
    x += jumpX2;
    y += jumpY2;
    if (++i2 < d2) continue;
    i2 = 0;
    x += jumpX1;
    y += jumpY1;
    if (++i1 < d1) continue;
    i1 = 0;
    x += jumpX0;
    y += jumpY0;
  }
}
