import { ConvWeightField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { endImage, endRow, firstImage, firstRow } from './weight-chunk';

/*
 * x as the kernels read it: the rows that a chunk's taps touch, by tiles of channels, so that all taps and panels of y
 * read a tile of some 8 KB, side by side. In place, pixels of 64 or more channels lie so that they evict each other
 * from the L1 cache.
 *
 * Packed rows are called slots. They are all rows from the first to the last that is touched, those first whose number is
 * 0 modulo the stride, then those with 1, …; or, where dilation leaves gaps, those of the first kernel row, then those
 * of the second, … Columns likewise: an image is packed once for each column modulo the stride. So what is a step of a
 * window in x is one pixel here, and rows of y as wide as a slot are side by side in x, too.
 */

/** Slots of an image. */
export function slotsOf(at: usize, t: i32): i32 {
  if (spread(at, t)) return word(at, F.kernelY) * (endRow(at, t) - firstRow(at, t));
  return slotsOfPhase(at, t) * word(at, F.strideY);
}

function slotsOfPhase(at: usize, t: i32): i32 {
  const stride = word(at, F.strideY);
  return (max(bottomOf(at, t) - topOf(at, t), 0) + stride - 1) / stride;
}

/** Pixels of a slot. */
// @ts-ignore: decorator
@inline export function pitchOf(at: usize): i32 {
  const stride = word(at, F.strideX);
  return (word(at, F.width) + stride - 1) / stride;
}

/** The slot where row i of y and row ky of the kernel meet; it is the next one for row i + 1. */
export function slotOf(at: usize, t: i32, ky: i32, i: i32): i32 {
  const first = firstRow(at, t);
  if (spread(at, t)) return ky * (endRow(at, t) - first) + i - first;
  const stride = word(at, F.strideY);
  const row = i * stride + ky * word(at, F.dilationY) - word(at, F.top) - topOf(at, t);
  return (row % stride) * slotsOfPhase(at, t) + row / stride;
}

/** Whether kernel rows have slots of their own: they take less than all rows between. */
function spread(at: usize, t: i32): bool {
  return word(at, F.kernelY) * (endRow(at, t) - firstRow(at, t)) < bottomOf(at, t) - topOf(at, t);
}

/** The rows of x's images that taps of a chunk's pixels touch. */
function topOf(at: usize, t: i32): i32 {
  const top = firstRow(at, t) * word(at, F.strideY) - word(at, F.top);
  return min(max(top, 0), word(at, F.height));
}

function bottomOf(at: usize, t: i32): i32 {
  const last = (endRow(at, t) - 1) * word(at, F.strideY) - word(at, F.top);
  return min(last + (word(at, F.kernelY) - 1) * word(at, F.dilationY) + 1, word(at, F.height));
}

/** The tiles of channels of which a block is to be computed; each takes `area` pixels. */
export function packTiles(at: usize, t: i32, tiles: i32, area: i32, from: i32, to: i32, packed: usize): void {
  const channels = word(at, F.channels);
  const taps = word(at, F.kernelY) * word(at, F.kernelX);
  for (let k = 0; k < tiles; k++) {
    const first = (channels * k) / tiles;
    const size = (channels * (k + 1)) / tiles - first;
    if (first * taps >= to || (first + size) * taps <= from) continue;
    packTile(at, t, first, size, packed + ((<usize>first * area) << 2));
  }
}

function packTile(at: usize, t: i32, first: i32, size: i32, tile: usize): void {
  const x = address(at, F.x) + ((<usize>first) << 2);
  const image = (<usize>(word(at, F.height) * word(at, F.width) * word(at, F.channels))) << 2;
  const packed = (<usize>(slotsOf(at, t) * pitchOf(at) * word(at, F.strideX) * size)) << 2;
  for (let i = firstImage(at, t); i < endImage(at, t); i++) {
    if (spread(at, t)) packByKernelRows(at, t, size, x + <usize>i * image, tile);
    else packAllRows(at, t, size, x + <usize>i * image, tile);
    tile += packed;
  }
}

function packAllRows(at: usize, t: i32, size: i32, image: usize, tile: usize): void {
  const width = word(at, F.width);
  const row = (<usize>width * word(at, F.channels)) << 2;
  const stride = word(at, F.strideY);
  const top = topOf(at, t);
  const end = bottomOf(at, t);
  if (stride == 1 && word(at, F.strideX) == 1) {
    if (top < end) packPixels(at, size, (end - top) * width, image + <usize>top * row, tile);
    return;
  }
  const slots = slotsOf(at, t);
  const ofPhase = slotsOfPhase(at, t);
  for (let y = top; y < end; y++) {
    const slot = ((y - top) % stride) * ofPhase + (y - top) / stride;
    packRow(at, size, slots, image + <usize>y * row, slot, tile);
  }
}

function packByKernelRows(at: usize, t: i32, size: i32, image: usize, tile: usize): void {
  const row = (<usize>(word(at, F.width) * word(at, F.channels))) << 2;
  const slots = slotsOf(at, t);
  for (let ky = 0, slot = 0; ky < word(at, F.kernelY); ky++) {
    for (let i = firstRow(at, t); i < endRow(at, t); i++, slot++) {
      const y = i * word(at, F.strideY) + ky * word(at, F.dilationY) - word(at, F.top);
      if (y >= 0 && y < word(at, F.height)) packRow(at, size, slots, image + <usize>y * row, slot, tile);
    }
  }
}

/** One row of an image, once for each column modulo the stride that a tap touches. */
function packRow(at: usize, size: i32, slots: i32, x: usize, slot: i32, tile: usize): void {
  const stride = word(at, F.strideX);
  const width = word(at, F.width);
  const pitch = pitchOf(at);
  const columns = min(stride, width);
  for (let phase = 0; phase < columns; phase++) {
    const count = (width - phase + stride - 1) / stride;
    const to = tile + ((<usize>((phase * slots + slot) * pitch * size)) << 2);
    packPixels(at, size, count, x + ((<usize>(phase * word(at, F.channels))) << 2), to);
  }
}

/**
 * A tile's channels of every stride-th pixel, side by side. It copies whole vectors, whose last floats are overwritten by
 * the next ones (up to 28 bytes past x's end are read); not those of the last pixel, as what follows may be there already.
 */
function packPixels(at: usize, size: i32, count: i32, x: usize, tile: usize): void {
  const next = (<usize>(word(at, F.strideX) * word(at, F.channels))) << 2;
  const step = (<usize>size) << 2;
  const last = tile + <usize>(count - 1) * step;
  if (size == 4) {
    for (const pairs = tile + (<usize>(count & ~1) << 4); tile < pairs; tile += 32) {
      v128.store(tile, v128.load(x));
      v128.store(tile, v128.load(x + next), 16);
      x += next << 1;
    }
    if (count & 1) v128.store(tile, v128.load(x));
    return;
  }
  if (size > 4) {
    while (tile < last) {
      v128.store(tile, v128.load(x));
      v128.store(tile, v128.load(x, 16), 16);
      x += next;
      tile += step;
    }
  } else {
    while (tile < last) {
      v128.store(tile, v128.load(x));
      x += next;
      tile += step;
    }
  }
  for (let i: usize = 0; i < step; i += 4) store<f32>(last + i, load<f32>(x + i));
}
