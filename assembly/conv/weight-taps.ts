import { ConvWeightField as F } from '../../src/backends/wasm/layout';
import { word } from '../fields';
import { TILE_COLUMNS, TILE_ROWS } from '../gemm/build';
import { carry } from '../gemm/carry';
import { packRows } from '../gemm/pack';
import { by_taps } from './weight-build';
import { blocksBefore, endImage, endRow, firstImage, firstRow, startOfGroup, startOfY } from './weight-chunk';
import { packTiles, pitchOf, slotOf, slotsOf } from './weight-pack';

/**
 * One chunk of pixels, tap by tap of the kernel: for a tap, only pixels whose tap lies inside the image take part, so
 * nothing is padded and no zero is multiplied. Pixels' channels are cut into tiles of at most five (six in the fast
 * build), as equal as possible; a tile's blocks, one a tap, are computed in one call. Blocks are numbered tile by tile,
 * then tap by tap.
 */
export function sumByTaps(at: usize, t: i32, g: i32, from: i32, to: i32, accumulate: bool, scratch: usize): void {
  const n = word(at, F.filters);
  const channels = word(at, F.channels);
  const taps = word(at, F.kernelY) * word(at, F.kernelX);
  const tiles = (channels + TILE_ROWS - 1) / TILE_ROWS;
  const images = endImage(at, t) - firstImage(at, t);
  const pixels = images * (endRow(at, t) - firstRow(at, t)) * word(at, F.columns);
  const packed = scratch + word(at, F.packed);
  const area = images * slotsOf(at, t) * pitchOf(at) * word(at, F.strideX);
  packTiles(at, t, tiles, area, from, to, packed);
  makeTable(at, t, scratch);
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
      const a = packed + ((<usize>first * area) << 2);
      const c = gradient + ((<usize>((tap * channels + first) * n + j)) << 2);
      block(at, size, width, tap, end - tap, a, panel, c, accumulate, scratch);
    }
  }
}

/** Bytes of a tap's record: how many runs, their length, then their begins. */
// @ts-ignore: decorator
@inline function nextRecord(record: usize): usize {
  return record + 8 + ((<usize>load<i32>(record)) << 3);
}

/** The runs of all taps. Their begins are pixels of x as it is packed, and of y. */
function makeTable(at: usize, t: i32, table: usize): void {
  for (let ky = 0; ky < word(at, F.kernelY); ky++) {
    for (let kx = 0; kx < word(at, F.kernelX); kx++) {
      makeRecord(at, t, ky, kx, table);
      table = nextRecord(table);
    }
  }
}

/** The runs of a tap: one a row, or longer if rows or images join. */
function makeRecord(at: usize, t: i32, ky: i32, kx: i32, record: usize): void {
  const y = ky * word(at, F.dilationY) - word(at, F.top);
  const x = kx * word(at, F.dilationX) - word(at, F.left);
  const columns = word(at, F.columns);
  const stride = word(at, F.strideX);
  const first = firstRow(at, t);
  const lines = endRow(at, t) - first;
  const i0 = max(insideFrom(y, word(at, F.strideY)), first);
  const rows = min(insideTo(y, word(at, F.strideY), word(at, F.height)), endRow(at, t)) - i0;
  const j0 = insideFrom(x, stride);
  const length = min(insideTo(x, stride, word(at, F.width)), columns) - j0;
  if (rows <= 0 || length <= 0) return store<i64>(record, 0);
  const pitch = pitchOf(at);
  const plane = slotsOf(at, t) * pitch;
  const images = endImage(at, t) - firstImage(at, t);
  const joinRows = length == columns && pitch == columns;
  const joinImages = joinRows && rows == lines && stride == 1 && plane == lines * columns;
  const joined = joinImages ? images * rows : joinRows ? rows : 1;
  const ofImage = joinRows ? 1 : rows;
  const times = joinImages ? 1 : images;
  store<i32>(record, ofImage * times);
  store<i32>(record, joined * length, 4);
  const column = j0 * stride + x;
  const begin = (column % stride) * plane + slotOf(at, t, ky, i0) * pitch + column / stride;
  for (let image = 0; image < times; image++) {
    for (let i = 0; i < ofImage; i++) {
      record += 8;
      store<i32>(record, image * plane * stride + begin + i * pitch);
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
  panel: usize,
  c: usize,
  accumulate: bool,
  scratch: usize,
): void {
  let record = scratch;
  for (let i = 0; i < tap; i++) record = nextRecord(record);
  const ldc = (<usize>word(at, F.filters)) << 2;
  const next = ldc * word(at, F.channels);
  const vectors = (width + 3) >> 2;
  if ((width & 3) == 0) {
    by_taps(size, vectors, taps, record, a, panel, next, c, ldc, accumulate);
    return;
  }
  const beside = scratch + word(at, F.beside);
  const row: usize = TILE_COLUMNS * 4;
  by_taps(size, vectors, taps, record, a, panel, row * size, beside, row, false);
  for (let i = 0; i < taps; i++) carry(size, width, beside + <usize>(i * size) * row, row, c + <usize>i * next, ldc, accumulate);
}
