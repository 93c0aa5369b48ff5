import { float_5x4, float_5x8, int_5x4, int_5x8 } from './tiles';

/**
 * Products of pixels (or rows) with weights, in place: y[pixel, n] = Σ over runs of x's numbers · weights + bias, then
 * ReLU. A convolution's runs are the kernel's rows; a dense layer has one.
 *
 * `table` has, for every five pixels, five offsets into x and five into y, in bytes; `runs` the offsets at which a
 * pixel's runs start, `depth` steps each. Weights lie in panels of eight columns, or four where no more than four are
 * left: for each step of all runs, a panel's numbers.
 */

/** Tiles that pass over all panels before the next: what they read of x stays in the L2 cache. */
const CHUNK = 80;
/** A tile's entry in the table: five offsets into x, five into y. */
export const TILE_BYTES = 40;
export const TILE_ROWS = 5;

/** A step is a float of x. If `accumulate`, sums are added to what y holds. */
export function product(
  tiles: i32, table: usize, runs: usize, count: i32, depth: i32, x: usize, w: usize, bias: usize, y: usize, n: i32,
  accumulate: bool, relu: bool,
): void {
  const runsEnd = runs + (<usize>count << 2);
  const column = <usize>(count * depth) << 2;
  const low: f32 = relu ? 0 : -Infinity;
  for (; tiles > 0; tiles -= CHUNK) {
    const some = min(tiles, CHUNK);
    let j: usize = 0;
    for (; <i32>j + 8 <= n; j += 8)
      float_5x8(some, table, runs, runsEnd, depth, x, w + j * column, bias + (j << 2), y + (j << 2), accumulate, low);
    for (; <i32>j < n; j += 4)
      float_5x4(some, table, runs, runsEnd, depth, x, w + j * column, bias + (j << 2), y + (j << 2), n - <i32>j, accumulate, low);
    table += CHUNK * TILE_BYTES;
  }
}

/** A step is two 16-bit numbers of x, in units of `step`; an output's weights are in units of its scale. */
export function productInt(
  tiles: i32, table: usize, runs: usize, count: i32, depth: i32, x: usize, w: usize, step: f32, scales: usize,
  bias: usize, y: usize, n: i32, accumulate: bool, relu: bool,
): void {
  const runsEnd = runs + (<usize>count << 2);
  const column = <usize>(count * depth) << 2;
  const low: f32 = relu ? 0 : -Infinity;
  for (; tiles > 0; tiles -= CHUNK) {
    const some = min(tiles, CHUNK);
    let j: usize = 0;
    for (; <i32>j + 8 <= n; j += 8)
      int_5x8(some, table, runs, runsEnd, depth, x, w + j * column, step, scales + (j << 2), bias + (j << 2), y + (j << 2), accumulate, low);
    for (; <i32>j < n; j += 4)
      int_5x4(some, table, runs, runsEnd, depth, x, w + j * column, step, scales + (j << 2), bias + (j << 2), y + (j << 2), n - <i32>j, accumulate, low);
    table += CHUNK * TILE_BYTES;
  }
}
