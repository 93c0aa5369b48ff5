import { ConvWeightField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/** Chunk t of the pixels of y: some whole images or, with `parts`, rows of one image. */

// @ts-ignore: decorator
@inline export function firstImage(at: usize, t: i32): i32 {
  const parts = word(at, F.parts);
  return parts > 0 ? t / parts : (word(at, F.images) * t) / word(at, F.chunks);
}

// @ts-ignore: decorator
@inline export function endImage(at: usize, t: i32): i32 {
  return word(at, F.parts) > 0 ? firstImage(at, t) + 1 : firstImage(at, t + 1);
}

// @ts-ignore: decorator
@inline export function firstRow(at: usize, t: i32): i32 {
  const parts = word(at, F.parts);
  return parts > 0 ? (word(at, F.rows) * (t % parts)) / parts : 0;
}

// @ts-ignore: decorator
@inline export function endRow(at: usize, t: i32): i32 {
  const parts = word(at, F.parts);
  return parts > 0 ? (word(at, F.rows) * ((t % parts) + 1)) / parts : word(at, F.rows);
}

/** Where y's gradient begins for a chunk. */
export function startOfY(at: usize, t: i32): usize {
  const pixel = (firstImage(at, t) * word(at, F.rows) + firstRow(at, t)) * word(at, F.columns);
  return address(at, F.dy) + ((<usize>pixel * word(at, F.filters)) << 2);
}

/** Where a group's gradient begins. */
export function startOfGroup(at: usize, g: i32): usize {
  const rows = word(at, F.kernelY) * word(at, F.kernelX) * word(at, F.channels);
  return address(at, F.y) + ((<usize>g * rows * word(at, F.filters)) << 2);
}

/** The first block that begins at or after `row`, blocks of `size` rows beginning at `start`. */
// @ts-ignore: decorator
@inline export function blocksBefore(row: i32, start: i32, size: i32): i32 {
  return row <= start ? 0 : (row - start + size - 1) / size;
}
