import { SoftmaxField as F } from '../../src/backends/wasm/layout';
import { softmax as run } from '../ops/softmax';

/**
 * y[rows, columns] = softmax by row of z, whose rows are ldz bytes apart and are first compacted in place: the
 * library's own instruction at T = 1. scratch: the instruction's 64 bytes, then a line of 16 bytes for each column
 * (rounded up to even).
 */
export function softmax(rows: i32, columns: i32, z: usize, ldz: usize, y: usize, scratch: usize): void {
  const row = (<usize>columns) << 2;
  for (let r: usize = 1; r < <usize>rows; r++) memory.copy(z + r * row, z + r * ldz, row);
  set(scratch, F.rows, rows);
  set(scratch, F.columns, columns);
  set(scratch, F.x, <i32>z);
  set(scratch, F.y, <i32>y);
  set(scratch, F.temperature, reinterpret<i32>(<f32>1));
  set(scratch, F.log, 0);
  run(scratch, 0, rows, scratch + 64);
}

function set(at: usize, field: i32, value: i32): void {
  store<i32>(at + ((<usize>field) << 2), value);
}
