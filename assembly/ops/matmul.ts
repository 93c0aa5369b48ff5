import { Limit, MatmulField as F } from '../../src/runtime/layout';
import { address, word } from '../fields';
import { epilogue } from '../gemm/epilogue';
import { gemv } from '../gemm/gemv';
import { by_columns, by_rows } from '../gemm/micro-kernels';
import { packColumns, packRows, packThree } from '../gemm/pack';

/**
 * C = op(A)·op(B) with its epilogue, over the tiles [lo, hi) of this thread.
 *
 * For each block of k and each panel of 12 columns of B: pack the panel into L1, then pass over A three rows at a time.
 * A is read in place, unless it is transposed and several panels use it: its elements then lie a page apart, which
 * costs a tenth of the speed, so 120 of its rows at a time are packed. Each element of C is summed in the order of k
 * within a block and block after block, whatever the tiles: the bits depend on the shape alone.
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

/** One row of A: no panel of B would be used twice, so none is packed. */
function vector(at: usize, column: i32, end: i32, n: i32, k: i32): void {
  const offset = <usize>column << 2;
  gemv(end - column, k, address(at, F.a), address(at, F.b) + offset, <usize>n << 2, address(at, F.c) + offset);
  finish(at, 0, 1, column, end - column);
}

/** The scratch holds a packed panel of B, a tile beside C, then packed rows of A. */
const BESIDE: usize = Limit.depth * Limit.panelColumns * 4;
const PACKED: usize = BESIDE + Limit.panelRows * Limit.panelColumns * 4;

function block(at: usize, row: i32, rowEnd: i32, column: i32, columnEnd: i32, k: i32, scratch: usize): void {
  const blocks = (k + Limit.depth - 1) / Limit.depth;
  const depth = ((k + blocks - 1) / blocks + 3) & ~3;
  const packing = word(at, F.transposeA) != 0 && columnEnd - column > Limit.packingPays;
  const height = packing ? Limit.packedRows : rowEnd - row;
  for (let start = 0; start < k; start += depth) {
    const size = min(depth, k - start);
    for (let i = row; i < rowEnd; i += height) {
      const end = min(i + height, rowEnd);
      if (packing) packA(at, i, end, start, size, scratch + PACKED);
      for (let j = column; j < columnEnd; j += Limit.panelColumns) {
        const width = min(Limit.panelColumns, columnEnd - j);
        packPanel(at, start, size, j, width, k, scratch);
        passRows(at, i, end, j, width, start, size, k, packing, scratch);
        if (start + size == k) finish(at, i, end - i, j, width);
      }
    }
  }
}

function packA(at: usize, row: i32, rowEnd: i32, start: i32, size: i32, packed: usize): void {
  const m = word(at, F.m);
  const stride = (<usize>m) << 2;
  const a = address(at, F.a) + <usize>start * stride;
  for (let i = row; i < rowEnd; i += Limit.panelRows) {
    packThree(size, a + ((<usize>i) << 2), stride, packed);
    packed += <usize>size * THREE;
  }
}

/** Bytes of a k-step of packed rows. */
const THREE: usize = Limit.panelRows * 4;

function packPanel(at: usize, start: i32, size: i32, j: i32, width: i32, k: i32, panel: usize): void {
  const b = address(at, F.b);
  const n = word(at, F.n);
  if (word(at, F.transposeB))
    packColumns(size, b + ((<usize>j * k + start) << 2), (<usize>k) << 2, width, panel);
  else packRows(size, b + ((<usize>start * n + j) << 2), (<usize>n) << 2, width, panel);
}

function passRows(
  at: usize,
  row: i32,
  rowEnd: i32,
  j: i32,
  width: i32,
  start: i32,
  size: i32,
  k: i32,
  packed: bool,
  panel: usize,
): void {
  const a = address(at, F.a);
  const m = word(at, F.m);
  const vectors = (width + 3) >> 2;
  const whole = (width & 3) == 0;
  const ldc = (<usize>word(at, F.n)) << 2;
  // A panel that isn't whole vectors wide is computed beside C and its valid columns carried over.
  const beside = panel + BESIDE;
  let c = address(at, F.c) + <usize>row * ldc + ((<usize>j) << 2);
  for (let i = row; i < rowEnd; i += Limit.panelRows) {
    const rows = min(Limit.panelRows, rowEnd - i);
    const target = whole ? c : beside;
    const stride = whole ? ldc : (<usize>Limit.panelColumns) << 2;
    const accumulate = whole && start > 0;
    if (packed) {
      const from = panel + PACKED + <usize>(i - row) * ((<usize>size) << 2);
      by_columns(rows, vectors, size, from, THREE, panel, target, stride, accumulate);
    } else if (word(at, F.transposeA)) {
      const from = a + ((<usize>start * m + i) << 2);
      by_columns(rows, vectors, size, from, (<usize>m) << 2, panel, target, stride, accumulate);
    } else {
      const from = a + ((<usize>i * k + start) << 2);
      by_rows(rows, vectors, size, from, (<usize>k) << 2, panel, target, stride, accumulate);
    }
    if (!whole) carry(rows, width, beside, c, ldc, start > 0);
    c += ldc * Limit.panelRows;
  }
}

function carry(rows: i32, width: i32, beside: usize, c: usize, ldc: usize, accumulate: bool): void {
  for (let r = 0; r < rows; r++) {
    for (let j: usize = 0; j < (<usize>width) << 2; j += 4) {
      const value = load<f32>(beside + j);
      store<f32>(c + j, accumulate ? load<f32>(c + j) + value : value);
    }
    beside += Limit.panelColumns << 2;
    c += ldc;
  }
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
