import { ConvWeightField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { TILE_COLUMNS, TILE_ROWS } from '../gemm/build';
import { carry } from '../gemm/carry';
import { packRows } from '../gemm/pack';
import { by_taps } from './weight-build';
import { blocksBefore, endImage, endRow, firstImage, firstRow, startOfGroup, startOfY } from './weight-chunk';

/**
 * One chunk of pixels, tap by tap of the kernel: for a tap, only pixels whose tap lies inside the image take part, so
 * nothing is padded and no zero is multiplied. Pixels' channels are cut into tiles of at most five (six in the fast
 * build), as equal as possible.
 *
 * x is first packed by tiles of channels: all taps and all panels of y read it, and a tile of 400 pixels stays in the
 * L1 cache. Without that, pixels of 64 or more channels lie so that they evict each other. A tile's blocks, one a tap, are
 * computed in one call; blocks are numbered tile by tile, then tap by tap.
 */
export function sumByTaps(at: usize, t: i32, g: i32, from: i32, to: i32, accumulate: bool, scratch: usize): void {
  const n = word(at, F.filters);
  const channels = word(at, F.channels);
  const taps = word(at, F.kernelY) * word(at, F.kernelX);
  const tiles = (channels + TILE_ROWS - 1) / TILE_ROWS;
  const images = endImage(at, t) - firstImage(at, t);
  const pixels = images * (endRow(at, t) - firstRow(at, t)) * word(at, F.columns);
  const top = topOf(at, t);
  const height = max(bottomOf(at, t) - top, 0);
  const x = address(at, F.x) + ((<usize>((firstImage(at, t) * word(at, F.height) + top) * word(at, F.width)) * channels) << 2);
  const area = images * height * word(at, F.width);
  const packed = word(at, F.packed) ? scratch + word(at, F.packed) : 0;
  if (packed) packTiles(tiles, taps, channels, area, x, from, to, packed);
  makeTable(at, t, images, top, height, scratch);
  const y = startOfY(at, t);
  const gradient = startOfGroup(at, g);
  const panel = scratch + word(at, F.panel);
  for (let j = 0; j < n; j += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, n - j);
    packRows(pixels, y + ((<usize>j) << 2), (<usize>n) << 2, width, panel);
    for (let k = 0; k < tiles; k++) {
      const first = (channels * k) / tiles;
      const size = (channels * (k + 1)) / tiles - first;
      const tap = blocksBefore(from, first * taps, size);
      const end = min(blocksBefore(to, first * taps, size), taps);
      if (tap >= end) continue;
      const a = packed ? packed + ((<usize>first * area) << 2) : x + ((<usize>first) << 2);
      const pixel = <usize>(packed ? size : channels) << 2;
      const c = gradient + ((<usize>((tap * channels + first) * n + j)) << 2);
      block(at, size, width, tap, end - tap, a, pixel, panel, c, accumulate, scratch);
    }
  }
}

/** The rows of x's images that taps of a chunk's pixels touch. */
function topOf(at: usize, t: i32): i32 {
  if (word(at, F.parts) == 0) return 0;
  return min(max(firstRow(at, t) * word(at, F.strideY) - word(at, F.top), 0), word(at, F.height));
}

function bottomOf(at: usize, t: i32): i32 {
  if (word(at, F.parts) == 0) return word(at, F.height);
  const last = (endRow(at, t) - 1) * word(at, F.strideY) - word(at, F.top);
  return min(last + (word(at, F.kernelY) - 1) * word(at, F.dilationY) + 1, word(at, F.height));
}

/** x by tiles of channels, those of which a block is to be computed. */
function packTiles(tiles: i32, taps: i32, channels: i32, area: i32, x: usize, from: i32, to: i32, packed: usize): void {
  for (let k = 0; k < tiles; k++) {
    const first = (channels * k) / tiles;
    const size = (channels * (k + 1)) / tiles - first;
    if (first * taps >= to || (first + size) * taps <= from) continue;
    packTile(size, area, x + ((<usize>first) << 2), (<usize>channels) << 2, packed + ((<usize>first * area) << 2));
  }
}

/**
 * A tile's channels of all pixels, side by side. It copies whole vectors, whose last floats are overwritten by the next
 * ones: up to 28 bytes past x's end are read, and past the tile written.
 */
function packTile(size: i32, area: i32, x: usize, stride: usize, tile: usize): void {
  const step = (<usize>size) << 2;
  if (size > 4) {
    for (let i = 0; i < area; i++) {
      v128.store(tile, v128.load(x));
      v128.store(tile, v128.load(x, 16), 16);
      x += stride;
      tile += step;
    }
  } else {
    for (let i = 0; i < area; i++) {
      v128.store(tile, v128.load(x));
      x += stride;
      tile += step;
    }
  }
}

/** Bytes of a tap's record: how many runs, their length, then their begins. */
// @ts-ignore: decorator
@inline function nextRecord(record: usize): usize {
  return record + 8 + ((<usize>load<i32>(record)) << 3);
}

/** The runs of all taps. Their begins are pixels of the chunk's rows of x (`height` an image, from `top`) and of y. */
function makeTable(at: usize, t: i32, images: i32, top: i32, height: i32, table: usize): void {
  const kernelY = word(at, F.kernelY);
  const kernelX = word(at, F.kernelX);
  for (let ky = 0; ky < kernelY; ky++) {
    const y = ky * word(at, F.dilationY) - word(at, F.top);
    for (let kx = 0; kx < kernelX; kx++) {
      const x = kx * word(at, F.dilationX) - word(at, F.left);
      makeRecord(at, t, images, y, x, top, height, table);
      table = nextRecord(table);
    }
  }
}

/** The runs of the tap that lies y rows and x columns from where its window begins: one a row, or longer if they join. */
function makeRecord(at: usize, t: i32, images: i32, y: i32, x: i32, top: i32, height: i32, record: usize): void {
  const stride = word(at, F.strideY);
  const columns = word(at, F.columns);
  const width = word(at, F.width);
  const first = firstRow(at, t);
  const i0 = max(insideFrom(y, stride), first);
  const i1 = min(insideTo(y, stride, word(at, F.height)), endRow(at, t));
  const j0 = insideFrom(x, word(at, F.strideX));
  const j1 = min(insideTo(x, word(at, F.strideX), width), columns);
  const inside = i0 < i1 && j0 < j1;
  const rows = inside ? i1 - i0 : 0;
  const lines = endRow(at, t) - first;
  const joinRows = j1 - j0 == columns && word(at, F.strideX) == 1 && stride * width == columns;
  const joinImages = joinRows && rows == lines && height * width == lines * columns;
  const ofImage = joinRows ? min(rows, 1) : rows;
  const times = joinImages ? 1 : images;
  store<i32>(record, ofImage * times);
  store<i32>(record, (joinImages ? images : 1) * (joinRows ? rows : 1) * (j1 - j0), 4);
  for (let image = 0; image < times; image++) {
    for (let i = 0; i < ofImage; i++) {
      const inX = (image * height + (i0 + i) * stride + y - top) * width + j0 * word(at, F.strideX) + x;
      record += 8;
      store<i32>(record, inX);
      store<i32>(record, (image * lines + i0 + i - first) * columns + j0, 4);
    }
  }
}

/** The first window whose tap, `offset` from its begin, isn't before the image. */
function insideFrom(offset: i32, stride: i32): i32 {
  return offset >= 0 ? 0 : (-offset + stride - 1) / stride;
}

/** The first window whose tap lies past an image of this size. */
function insideTo(offset: i32, stride: i32, size: i32): i32 {
  return offset >= size ? 0 : (size - offset + stride - 1) / stride;
}

/** All taps of a tile of channels times a panel; a panel that isn't whole vectors wide is computed beside C. */
function block(
  at: usize,
  size: i32,
  width: i32,
  tap: i32,
  taps: i32,
  a: usize,
  pixel: usize,
  panel: usize,
  c: usize,
  accumulate: bool,
  scratch: usize,
): void {
  let record = scratch;
  for (let i = 0; i < tap; i++) record = nextRecord(record);
  const stride = <usize>word(at, F.strideX);
  const ldc = (<usize>word(at, F.filters)) << 2;
  const next = ldc * word(at, F.channels);
  const vectors = (width + 3) >> 2;
  if ((width & 3) == 0) {
    by_taps(size, vectors, taps, record, a, pixel, stride, panel, next, c, ldc, accumulate);
    return;
  }
  const beside = scratch + word(at, F.beside);
  const row: usize = TILE_COLUMNS * 4;
  by_taps(size, vectors, taps, record, a, pixel, stride, panel, row * size, beside, row, false);
  for (let i = 0; i < taps; i++) carry(size, width, beside + <usize>(i * size) * row, row, c + <usize>i * next, ldc, accumulate);
}
