import { Limit, MatmulField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { by_columns, by_rows, by_tiles, TILE_COLUMNS, TILE_ROWS } from '../gemm/build';
import { carry } from '../gemm/carry';
import { depthOf } from '../gemm/depth';
import { epilogue } from '../gemm/epilogue';
import { gemv } from '../gemm/gemv';
import { packColumns, packRows, packTilesOfColumns, packTilesOfRows } from '../gemm/pack';

/**
 * C = op(A)·op(B) with its epilogue, over the tiles [lo, hi) of this thread.
 *
 * For each block of k, and of rows: pack A by tiles of five rows (six in the fast build); then for each panel of eight
 * columns of B: pack the panel into L1 and pass over the tiles. If no more than six panels would use it, A is read in
 * place. Each element of C is summed in the order of k within a block and block after block, whatever the tiles: the
 * bits depend on the shape alone.
 */
export function matmul(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const m = word(at, F.m);
  const n = word(at, F.n);
  const k = word(at, F.k);
  if (m == 1 && !word(at, F.transposeB)) {
    vector(at, lo * Limit.panelColumns, min(hi * Limit.panelColumns, n), n, k);
  } else if (word(at, F.byRows)) {
    const end = min(hi * Limit.panelRows, m);
    block(at, lo * Limit.panelRows, end, 0, n, k, scratch);
  } else {
    const end = min(hi * Limit.panelColumns, n);
    block(at, 0, m, lo * Limit.panelColumns, end, k, scratch);
  }
}

/** One row of A: no panel of B would be reused, so none is packed. */
function vector(at: usize, column: i32, end: i32, n: i32, k: i32): void {
  const offset = <usize>column << 2;
  gemv(end - column, k, address(at, F.a), address(at, F.b) + offset, <usize>n << 2, address(at, F.c) + offset);
  finish(at, 0, 1, column, end - column);
}

/** The scratch holds a packed panel of B, then its columns of C, then packed tiles of A. */
const BESIDE: usize = Limit.depth * TILE_COLUMNS * 4;
const STRIDE_BESIDE: usize = TILE_COLUMNS * 4;
const PACKED: usize = BESIDE + <usize>Limit.panelUses * STRIDE_BESIDE;

function block(at: usize, row: i32, rowEnd: i32, column: i32, columnEnd: i32, k: i32, scratch: usize): void {
  const depth = depthOf(k);
  const packing = word(at, F.n) > Limit.packingPays;
  const most = packing ? min(Limit.panelUses, Limit.packed / depth) : Limit.panelUses;
  const height = heightOf(rowEnd - row, most);
  for (let start = 0; start < k; start += depth) {
    const size = min(depth, k - start);
    for (let i = row; i < rowEnd; i += height) {
      const end = min(i + height, rowEnd);
      if (packing) packA(at, i, end - i, start, size, k, scratch + PACKED);
      for (let j = column; j < columnEnd; j += TILE_COLUMNS) {
        const width = min(TILE_COLUMNS, columnEnd - j);
        packPanel(at, start, size, j, width, k, scratch);
        pass(at, i, end - i, j, width, start, size, k, packing, scratch);
        if (start + size == k) finish(at, i, end - i, j, width);
      }
    }
  }
}

/** Rows of a block: whole tiles, blocks as equal as possible, at most `most` rows except to complete the last tile. */
function heightOf(rows: i32, most: i32): i32 {
  const blocks = (rows + most - 1) / most;
  const height = (rows + blocks - 1) / blocks;
  return ((height + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS;
}

/** Rows [row, row + rows) of A by tiles. */
function packA(at: usize, row: i32, rows: i32, start: i32, size: i32, k: i32, packed: usize): void {
  const a = startOfA(at, row, start, k);
  const lda = strideOfA(at, k);
  if (word(at, F.transposeA)) packTilesOfColumns(rows, size, a, lda, packed);
  else packTilesOfRows(rows, size, a, lda, packed);
}

/** The address of element (row, start) of op(A). */
function startOfA(at: usize, row: i32, start: i32, k: i32): usize {
  const element = word(at, F.transposeA) ? <usize>start * word(at, F.m) + row : <usize>row * k + start;
  return address(at, F.a) + (element << 2);
}

/** Bytes from one stored row of A to the next. */
function strideOfA(at: usize, k: i32): usize {
  return (<usize>(word(at, F.transposeA) ? word(at, F.m) : k)) << 2;
}

function packPanel(at: usize, start: i32, size: i32, j: i32, width: i32, k: i32, panel: usize): void {
  const b = address(at, F.b);
  const n = word(at, F.n);
  if (word(at, F.transposeB))
    packColumns(size, b + ((<usize>j * k + start) << 2), (<usize>k) << 2, width, panel);
  else packRows(size, b + ((<usize>start * n + j) << 2), (<usize>n) << 2, width, panel);
}

/** Rows of A times the panel. */
function pass(
  at: usize,
  row: i32,
  rows: i32,
  j: i32,
  width: i32,
  start: i32,
  size: i32,
  k: i32,
  packed: bool,
  scratch: usize,
): void {
  const ldc = (<usize>word(at, F.n)) << 2;
  const c = address(at, F.c) + <usize>row * ldc + ((<usize>j) << 2);
  // A panel that isn't whole vectors wide is computed beside C, then its valid columns are copied over.
  const whole = (width & 3) == 0;
  const target = whole ? c : scratch + BESIDE;
  const stride = whole ? ldc : STRIDE_BESIDE;
  const accumulate = whole && start > 0;
  const vectors = (width + 3) >> 2;
  if (packed) {
    by_tiles(rows, vectors, size, scratch + PACKED, scratch, target, stride, accumulate);
  } else {
    const a = startOfA(at, row, start, k);
    const lda = strideOfA(at, k);
    if (word(at, F.transposeA)) by_columns(rows, vectors, size, a, lda, scratch, target, stride, accumulate);
    else by_rows(rows, vectors, size, a, lda, scratch, target, stride, accumulate);
  }
  if (!whole) carry(rows, width, target, stride, c, ldc, start > 0);
}

function finish(at: usize, row: i32, rows: i32, j: i32, width: i32): void {
  const bias = address(at, F.bias);
  const mask = address(at, F.mask);
  const relu = word(at, F.relu) != 0;
  if (bias == 0 && mask == 0 && !relu) return;
  const stride = (<usize>word(at, F.n)) << 2;
  const offset = <usize>row * stride + ((<usize>j) << 2);
  epilogue(
    rows,
    width,
    address(at, F.c) + offset,
    stride,
    bias ? bias + ((<usize>j) << 2) : 0,
    relu,
    mask ? mask + offset : 0,
  );
}
