import { ConvField as F, Limit, PixelClass as P } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { TILE_COLUMNS, TILE_ROWS } from '../gemm/build';
import { carry } from '../gemm/carry';
import { runs } from './build';
import { pixels } from './pixels';
import { touch } from './touch';

/**
 * Convolution, and the gradient of its input, over the rows [lo, hi) of y's images.
 *
 * Nothing of x is packed or padded. Pixels of y are in classes by which taps of the kernel lie inside x's image; those of
 * a class read runs of consecutive floats at the same distances from each other, so the register tile takes any five (or
 * six) of them, in any images. Each pixel is summed in the order of its taps, whoever computes it and however rows are
 * chunked: the bits depend on the shape alone.
 */
export function conv(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const rows = word(at, F.rows);
  const most = max(1, word(at, F.chunk) / word(at, F.columns));
  for (let row = lo; row < hi; ) {
    const top = row % rows;
    let images = 1;
    let count = min(rows - top, hi - row);
    if (count == rows && 2 * rows <= most) images = evenly((hi - row) / rows, most / rows);
    else if (count > most) count = evenly(count, most);
    chunk(at, row / rows, images, top, top + count, scratch);
    row += images * count;
  }
}

/** The first part of `n` in parts that are as equal as possible and at most `most`. */
function evenly(n: i32, most: i32): i32 {
  const parts = (n + most - 1) / most;
  return (n + parts - 1) / parts;
}

/** Bytes of the list of a chunk's classes: for each the class, its table and its number of pixels. */
const LISTED: usize = 12;

/** Rows [row, end) of some images: the pixels of each class are listed, then each panel of weights passes over all. */
function chunk(at: usize, image: i32, images: i32, row: i32, end: i32, scratch: usize): void {
  const classes = word(at, F.classes);
  let listed = scratch;
  let table = scratch + ((<usize>classes * LISTED + 15) & ~15);
  for (let k = 0; k < classes; k++) {
    const one = address(at, F.geometry) + ((<usize>k * P.words) << 2);
    const count = pixels(at, one, image, images, row, end, table);
    if (count == 0) continue;
    store<usize>(listed, one);
    store<usize>(listed, table, 4);
    store<i32>(listed, count, 8);
    listed += LISTED;
    table += (<usize>((count + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS) << 3;
  }
  const beside = (table + 31) & ~15;
  const bytes = <usize>(images * (end - row) * word(at, F.columns) * word(at, F.filters)) << 2;
  const offset = <usize>((image * word(at, F.rows) + row) * word(at, F.columns) * word(at, F.filters)) << 2;
  if (address(at, F.mask)) touch(address(at, F.mask) + offset, bytes, beside);
  for (let j = 0; j < word(at, F.filters); j += TILE_COLUMNS) {
    for (let each = scratch; each < listed; each += LISTED)
      multiply(at, load<usize>(each), load<usize>(each, 4), load<i32>(each, 8), j, beside);
  }
}

/** The pixels of a class times the panel of columns from j on. */
function multiply(at: usize, one: usize, table: usize, count: i32, j: i32, beside: usize): void {
  const width = min(TILE_COLUMNS, word(at, F.filters) - j);
  const vectors = (width + 3) >> 2;
  const column = (<usize>j) << 2;
  const row = (<usize>vectors) << 4;
  const panel = address(at, F.weights) + <usize>word(at, F.depth) * column + <usize>word(one, P.row) * row;
  const segments = address(at, F.geometry) + ((<usize>word(one, P.segments)) << 2);
  const end = segments + ((<usize>word(one, P.segmentCount)) << 3);
  const bias = address(at, F.bias);
  const mask = address(at, F.mask);
  const relu = word(at, F.relu) != 0;
  // Columns that aren't whole vectors are computed beside y, then the valid ones are copied over.
  const whole = (width & 3) == 0;
  runs(
    vectors,
    (count + TILE_ROWS - 1) / TILE_ROWS,
    table,
    segments,
    end,
    word(one, P.run),
    panel,
    column,
    bias != 0 || mask != 0 || relu || !whole,
    bias ? bias + column : 0,
    relu,
    mask ? mask - address(at, F.y) + column : 0,
    whole ? 0 : beside,
  );
  if (!whole) carryAll(count, width, table, column, beside, row);
}

/** Pixels' sums to where the table says that they belong. */
function carryAll(count: i32, width: i32, table: usize, column: usize, beside: usize, row: usize): void {
  for (let i = 0; i < count; i++) {
    carry(1, width, beside, row, load<usize>(table, 4) + column, 0, false);
    table += 8;
    beside += row;
  }
}
