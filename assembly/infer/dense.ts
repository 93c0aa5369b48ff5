import { depthOf } from '../gemm/depth';
import { oneRow } from './one-row';
import { TILE_BYTES, TILE_ROWS } from './product';
import { float_5x4, float_5x8 } from './tiles';

/**
 * y = x·W + bias, then ReLU if requested. x [rows, k] with ldx bytes between rows; W in panels as in product.ts; y [rows,
 * n] with ldy bytes between rows, of one row up to three numbers past n are written; the scratch has denseScratch(rows,
 * n) bytes. Sums follow the blocks and the order of the library's matmul for more than one row, and so have the same
 * bits; here this holds for one row too.
 */
export function dense(
  rows: i32, n: i32, k: i32, x: usize, ldx: usize, w: usize, bias: usize, y: usize, ldy: usize, relu: bool,
  scratch: usize,
): void {
  const depth = depthOf(k);
  const column = <usize>k << 2;
  const zeros = scratch + tableBytes(rows);
  memory.fill(zeros, 0, lineBytes(n));
  if (rows > 1) layOut(rows, ldx, ldy, zeros + lineBytes(n) - y, scratch);
  for (let start = 0; start < k; start += depth) {
    const size = min(depth, k - start);
    const last = start + depth >= k;
    const low: f32 = last && relu ? 0 : -Infinity;
    const added = last ? bias : zeros;
    const from = x + (<usize>start << 2);
    if (rows == 1) oneRow(n, column, size, from, w, start, added, y, start > 0, low);
    else manyRows(rows, n, column, size, from, w, start, added, y, start > 0, low, scratch, zeros);
  }
}

/** A table of tiles, a row of zeros, and a row that nobody reads. */
export function denseScratch(rows: i32, n: i32): i32 {
  return <i32>(tableBytes(rows) + 2 * lineBytes(n));
}

function tableBytes(rows: i32): usize {
  return <usize>((((rows + TILE_ROWS - 1) / TILE_ROWS) * TILE_BYTES + 15) & ~15);
}

function lineBytes(n: i32): usize {
  return <usize>(((n + 7) & ~3) << 2);
}

/** Rows as tiles, the last filled up with its last row, whose sums then go to where nobody reads them. */
function layOut(rows: i32, ldx: usize, ldy: usize, nowhere: usize, table: usize): void {
  const all = ((rows + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS;
  for (let r = 0; r < all; r++) {
    const row = <usize>min(r, rows - 1);
    store<usize>(table, row * ldx);
    store<usize>(table, r < rows ? row * ldy : nowhere, TILE_ROWS * 4);
    table += 4;
    if ((r + 1) % TILE_ROWS == 0) table += TILE_ROWS * 4;
  }
}

function manyRows(
  rows: i32, n: i32, column: usize, size: i32, x: usize, w: usize, start: i32, bias: usize, y: usize,
  accumulate: bool, low: f32, table: usize, zeros: usize,
): void {
  const tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  let j: usize = 0;
  for (; <i32>j + 8 <= n; j += 8) {
    const panel = w + j * column + (<usize>start << 5);
    float_5x8(tiles, table, zeros, zeros + 4, size, x, panel, bias + (j << 2), y + (j << 2), accumulate, low);
  }
  for (; <i32>j < n; j += 4) {
    const panel = w + j * column + (<usize>start << 4);
    float_5x4(tiles, table, zeros, zeros + 4, size, x, panel, bias + (j << 2), y + (j << 2), n - <i32>j, accumulate, low);
  }
}
