import { CopyField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/** A strided copy over four dimensions; tile t is the row (t / d1, t mod d1) of d2 × d3 elements. */
export function copy(at: usize, lo: i32, hi: i32): void {
  const d1 = word(at, F.d1);
  const d2 = word(at, F.d2);
  const d3 = word(at, F.d3);
  const x = address(at, F.x) + ((<usize>word(at, F.offsetX)) << 2);
  const y = address(at, F.y) + ((<usize>word(at, F.offsetY)) << 2);
  const x3 = word(at, F.x3);
  const y3 = word(at, F.y3);
  for (let t = lo; t < hi; t++) {
    const i0 = t / d1;
    const i1 = t % d1;
    let from = x + ((<usize>(i0 * word(at, F.x0) + i1 * word(at, F.x1))) << 2);
    let to = y + ((<usize>(i0 * word(at, F.y0) + i1 * word(at, F.y1))) << 2);
    for (let i2 = 0; i2 < d2; i2++) {
      if (x3 == 1 && y3 == 1) memory.copy(to, from, (<usize>d3) << 2);
      else line(d3, from, (<usize>x3) << 2, to, (<usize>y3) << 2);
      from += (<usize>word(at, F.x2)) << 2;
      to += (<usize>word(at, F.y2)) << 2;
    }
  }
}

function line(n: i32, from: usize, strideFrom: usize, to: usize, strideTo: usize): void {
  for (let i = 0; i < n; i++) {
    store<f32>(to, load<f32>(from));
    from += strideFrom;
    to += strideTo;
  }
}
