import { Limit } from '../../src/backends/wasm/layout';
import { depthOf } from '../gemm/depth';
import { epilogue } from '../gemm/epilogue';
import { by_rows, by_tiles } from '../gemm/micro-kernels';
import { packTilesOfRows } from '../gemm/pack';

const PANEL_BYTES: usize = (<usize>Limit.panelColumns) << 2;

/**
 * y = x·W + bias, then ReLU if requested. x [rows, k] with ldx bytes between rows; W packed in panels of eight columns;
 * y [rows, n], n a whole number of panels; the scratch has scratchOf(rows, k) bytes. Sums follow the blocks and the
 * order of the library's matmul for more than one row, and so have the same bits; here this holds for one row too.
 */
export function dense(
  rows: i32,
  n: i32,
  k: i32,
  x: usize,
  ldx: usize,
  w: usize,
  bias: usize,
  y: usize,
  relu: bool,
  scratch: usize,
): void {
  const depth = depthOf(k);
  const ldy = <usize>n << 2;
  for (let start = 0; start < k; start += depth) {
    const size = min(depth, k - start);
    const xs = x + ((<usize>start) << 2);
    const ws = w + <usize>start * PANEL_BYTES;
    if (rows == 1) oneRow(n, k, size, xs, ws, y, start > 0);
    else manyRows(rows, n, k, size, xs, ldx, ws, y, start > 0, scratch);
  }
  epilogue(rows, n, y, ldy, bias, relu, 0);
}

/** Tiles of a block of k; the last vector written may reach past them. */
export function scratchOf(rows: i32, k: i32): i32 {
  const tiles = (rows + Limit.panelRows - 1) / Limit.panelRows;
  return tiles * Limit.panelRows * min(k, Limit.depth) * 4 + 16;
}

/** Packs the rows by tiles, which all panels then use. */
function manyRows(
  rows: i32,
  n: i32,
  k: i32,
  size: i32,
  x: usize,
  ldx: usize,
  w: usize,
  y: usize,
  accumulate: bool,
  scratch: usize,
): void {
  const ldy = <usize>n << 2;
  packTilesOfRows(rows, size, x, ldx, scratch);
  for (let j = 0; j < n; j += Limit.panelColumns) {
    by_tiles(rows, 2, size, scratch, w, y, ldy, accumulate);
    w += <usize>k * PANEL_BYTES;
    y += PANEL_BYTES;
  }
}

/** Three panels at a time: six sums hide the latency of an addition, and the weights are read once, as three streams. */
function oneRow(n: i32, k: i32, size: i32, x: usize, w: usize, y: usize, accumulate: bool): void {
  const panel = <usize>k * PANEL_BYTES;
  let j = 0;
  for (; j + 3 * Limit.panelColumns <= n; j += 3 * Limit.panelColumns) {
    threePanels(size, x, w, w + panel, w + 2 * panel, y, accumulate);
    w += 3 * panel;
    y += 3 * PANEL_BYTES;
  }
  for (; j < n; j += Limit.panelColumns) {
    by_rows(1, 2, size, x, 0, w, y, 0, accumulate);
    w += panel;
    y += PANEL_BYTES;
  }
}

function threePanels(size: i32, x: usize, u: usize, v: usize, w: usize, y: usize, accumulate: bool): void {
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0);
  let c5 = f32x4.splat(0);
  let a: v128;
  const end = x + ((<usize>size) << 2);
  // Four steps a turn, with fences between as in the micro-kernels (x is never odd): 67 → 73 of 79 GB/s read.
  for (const whole = end - 12; x < whole; ) {
    a = v128.load32_splat(x);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 16)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 16)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 16)));
    if (x == 1) break;
    a = v128.load32_splat(x, 4);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u, 32)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 48)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v, 32)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 48)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w, 32)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 48)));
    if (x == 3) break;
    a = v128.load32_splat(x, 8);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u, 64)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 80)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v, 64)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 80)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w, 64)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 80)));
    if (x == 5) break;
    a = v128.load32_splat(x, 12);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u, 96)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 112)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v, 96)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 112)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w, 96)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 112)));
    x += 16;
    u += 128;
    v += 128;
    w += 128;
  }
  while (x < end) {
    a = v128.load32_splat(x);
    c0 = f32x4.add(c0, f32x4.mul(a, v128.load(u)));
    c1 = f32x4.add(c1, f32x4.mul(a, v128.load(u, 16)));
    c2 = f32x4.add(c2, f32x4.mul(a, v128.load(v)));
    c3 = f32x4.add(c3, f32x4.mul(a, v128.load(v, 16)));
    c4 = f32x4.add(c4, f32x4.mul(a, v128.load(w)));
    c5 = f32x4.add(c5, f32x4.mul(a, v128.load(w, 16)));
    x += 4;
    u += 32;
    v += 32;
    w += 32;
  }
  if (accumulate) {
    c0 = f32x4.add(v128.load(y), c0);
    c1 = f32x4.add(v128.load(y, 16), c1);
    c2 = f32x4.add(v128.load(y, 32), c2);
    c3 = f32x4.add(v128.load(y, 48), c3);
    c4 = f32x4.add(v128.load(y, 64), c4);
    c5 = f32x4.add(v128.load(y, 80), c5);
  }
  v128.store(y, c0);
  v128.store(y, c1, 16);
  v128.store(y, c2, 32);
  v128.store(y, c3, 48);
  v128.store(y, c4, 64);
  v128.store(y, c5, 80);
}
