import { Limit, RowsWriteField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/**
 * y[index[i]] = x[i] for the tiles' columns, i in order: a column is written by one thread, so that the last of equal rows
 * stays.
 */
export function rowsWrite(at: usize, lo: i32, hi: i32): void {
  const n = word(at, F.n);
  const rows = word(at, F.rows);
  const columns = word(at, F.columns);
  const from = lo * Limit.elements;
  const bytes = (<usize>(min(hi * Limit.elements, columns) - from)) << 2;
  const stride = (<usize>columns) << 2;
  const index = address(at, F.index);
  const y = address(at, F.y) + ((<usize>from) << 2);
  let x = address(at, F.x) + ((<usize>from) << 2);
  for (let i: usize = 0; i < <usize>n; i++) {
    const row = load<i32>(index + (i << 2));
    if (row >= 0 && row < rows) memory.copy(y + <usize>row * stride, x, bytes);
    x += stride;
  }
}
