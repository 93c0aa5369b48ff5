import { TILE_ROWS, TILE_STEP } from './build';

/**
 * Packing a panel of B just in time: `depth` rows of 4·⌈n/4⌉ floats, n at most 8. It stays in the L1 cache while all
 * rows of A pass over it, so its cost is one part in (rows of A). Columns past n hold anything, as nobody reads their
 * sums: what follows in memory (up to 12 bytes past B's end are read), or the last column again.
 */

/** B stored [k, n]: element (k, j) at source + k·stride + 4j. */
export function packRows(depth: i32, source: usize, stride: usize, n: i32, panel: usize): void {
  if (n > 4) {
    for (let k = 0; k < depth; k++) {
      v128.store(panel, v128.load(source));
      v128.store(panel, v128.load(source, 16), 16);
      source += stride;
      panel += 32;
    }
  } else {
    for (let k = 0; k < depth; k++) {
      v128.store(panel, v128.load(source));
      source += stride;
      panel += 16;
    }
  }
}

/** B stored [n, k] (a transposed factor): element (k, j) at source + j·stride + 4k. */
export function packColumns(depth: i32, source: usize, stride: usize, n: i32, panel: usize): void {
  const row = (<usize>((n + 3) & ~3)) << 2;
  for (let j = 0; j < n; j += 4) {
    packFour(depth, source + <usize>j * stride, stride, n - j, panel + (<usize>j << 2), row);
  }
}

/**
 * Four vectors along k become columns of rows `row` bytes apart. If there are only `count` of them, the last is
 * repeated.
 */
function packFour(depth: i32, s0: usize, stride: usize, count: i32, to: usize, row: usize): void {
  let s1 = count > 1 ? s0 + stride : s0;
  let s2 = count > 2 ? s1 + stride : s1;
  let s3 = count > 3 ? s2 + stride : s2;
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    transpose4(v128.load(s0), v128.load(s1), v128.load(s2), v128.load(s3), to, row);
    s0 += 16;
    s1 += 16;
    s2 += 16;
    s3 += 16;
    to += row << 2;
  }
  for (; k < depth; k++) {
    store<f32>(to, load<f32>(s0));
    store<f32>(to, load<f32>(s1), 4);
    store<f32>(to, load<f32>(s2), 8);
    store<f32>(to, load<f32>(s3), 12);
    s0 += 4;
    s1 += 4;
    s2 += 4;
    s3 += 4;
    to += row;
  }
}

/** Four vectors as the columns of four rows `row` bytes apart. */
// @ts-ignore: decorator
@inline export function transpose4(r0: v128, r1: v128, r2: v128, r3: v128, to: usize, row: usize): void {
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(t0, t2, 0, 2));
  v128.store(to + row, v128.shuffle<i64>(t0, t2, 1, 3));
  v128.store(to + 2 * row, v128.shuffle<i64>(t1, t3, 0, 2));
  v128.store(to + 3 * row, v128.shuffle<i64>(t1, t3, 1, 3));
}

/** Rows of A, stored [m, k], tile after tile: element (i, k) at source + i·stride + 4k. */
export function packTilesOfRows(rows: i32, depth: i32, source: usize, stride: usize, packed: usize): void {
  for (let i = 0; i < rows; i += TILE_ROWS) {
    packTileOfRows(min(TILE_ROWS, rows - i), depth, source + <usize>i * stride, stride, packed);
    packed += <usize>depth * TILE_STEP;
  }
}

/** The same for A stored [k, m] (a transposed factor): element (i, k) at source + k·stride + 4i. */
export function packTilesOfColumns(rows: i32, depth: i32, source: usize, stride: usize, packed: usize): void {
  for (let i = 0; i < rows; i += TILE_ROWS) {
    packTileOfColumns(depth, source + (<usize>i << 2), stride, packed);
    packed += <usize>depth * TILE_STEP;
  }
}

/**
 * A tile's rows of A, stored [k, m] (a transposed factor), side by side for each k: element (i, k) at source + k·stride
 * + 4i. It copies whole vectors, whose last floats are overwritten by the next ones: up to 28 bytes past A's end are
 * read, and 12 past the tile are written.
 */
function packTileOfColumns(depth: i32, source: usize, stride: usize, tile: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(tile, v128.load(source));
    v128.store(tile, v128.load(source, 16), 16);
    source += stride;
    tile += TILE_STEP;
  }
}

/** The same for A stored [m, k]: element (i, k) at source + i·stride + 4k. */
function packTileOfRows(rows: i32, depth: i32, source: usize, stride: usize, tile: usize): void {
  packFour(depth, source, stride, rows, tile, TILE_STEP);
  for (let i = 4; i < rows; i++) {
    let from = source + <usize>i * stride;
    let to = tile + ((<usize>i) << 2);
    for (const end = from + ((<usize>depth) << 2); from < end; from += 4) {
      store<f32>(to, load<f32>(from));
      to += TILE_STEP;
    }
  }
}
