import { CopyField as F, Limit } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { transpose4 } from '../gemm/pack';
import { stride } from './copy';
import { copyLines } from './lines';

/**
 * A strided copy over six dimensions that turns a matrix: elements lie side by side along dimension 4 in x, along
 * dimension 5 in y. A tile is 16 lines of dimension 4, so that whole cache lines of x are read, in blocks of 4 × 4.
 */
export function turn(at: usize, lo: i32, hi: i32): void {
  const d4 = word(at, F.d4);
  const strips = (d4 + Limit.elements - 1) / Limit.elements;
  for (let t = lo; t < hi; t++) {
    const i4 = (t % strips) * Limit.elements;
    let x = address(at, F.x) + stride(at, F.offsetX) + ((<usize>i4) << 2);
    let y = address(at, F.y) + stride(at, F.offsetY) + <usize>i4 * stride(at, F.y4);
    let rest = t / strips;
    for (let d = 3; d >= 0; d--) {
      const n = word(at, F.d0 + d);
      const i = rest % n;
      x += <usize>i * stride(at, F.x0 + d);
      y += <usize>i * stride(at, F.y0 + d);
      rest /= n;
    }
    strip(min(Limit.elements, d4 - i4), word(at, F.d5), x, stride(at, F.x5), y, stride(at, F.y4));
  }
}

/** y[i, j] = x[j, i] for i below `rows`, j below `columns`. */
function strip(rows: i32, columns: i32, x: usize, strideX: usize, y: usize, strideY: usize): void {
  let j = 0;
  for (; j + 4 <= columns; j += 4) {
    let from = x;
    let to = y;
    let i = 0;
    for (; i + 4 <= rows; i += 4) {
      const r2 = v128.load(from + 2 * strideX);
      const r3 = v128.load(from + 3 * strideX);
      transpose4(v128.load(from), v128.load(from + strideX), r2, r3, to, strideY);
      from += 16;
      to += 4 * strideY;
    }
    if (i < rows) copyLines(rows - i, 4, from, 4, strideX, to, strideY, 4);
    x += 4 * strideX;
    y += 16;
  }
  copyLines(columns - j, rows, x, strideX, 4, y, 4, strideY);
}
