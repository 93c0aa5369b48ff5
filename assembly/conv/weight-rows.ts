import { ConvWeightField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { TILE_COLUMNS, TILE_ROWS } from '../gemm/build';
import { carry } from '../gemm/carry';
import { by_rows } from './weight-build';
import { blocksBefore, endRow, firstImage, firstRow, startOfGroup, startOfY } from './weight-chunk';

/**
 * One chunk of pixels (rows of one image) where there are few channels, as in a network's first layer. Rows of the
 * gradient are then what tiles are cut from, each with its own pointer: x's rows are copied as planes, one a channel (and
 * a column modulo the stride), with zeros around them, in which all pixels of a tap lie side by side. Too few tiles would
 * use a packed panel of y for it to pay: it is read where it is.
 */
export function sumByRows(at: usize, t: i32, g: i32, from: i32, to: i32, accumulate: bool, scratch: usize): void {
  const n = word(at, F.filters);
  const m = word(at, F.kernelY) * word(at, F.kernelX) * word(at, F.channels);
  const tiles = (m + TILE_ROWS - 1) / TILE_ROWS;
  const planes = scratch + word(at, F.packed);
  const plane = planeOf(at);
  const pitch = plane * word(at, F.strideX) * word(at, F.channels);
  makePlanes(at, t, plane, pitch, planes);
  makeOffsets(at, plane, pitch, scratch);
  const rows = endRow(at, t) - firstRow(at, t);
  const columns = word(at, F.columns);
  const jump = (<usize>(pitch * word(at, F.strideY) - columns)) << 2;
  const y = startOfY(at, t);
  const gradient = startOfGroup(at, g);
  const ldc = (<usize>n) << 2;
  const beside = scratch + word(at, F.beside);
  const rowBeside: usize = TILE_COLUMNS * 4;
  for (let j = 0; j < n; j += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, n - j);
    const vectors = (width + 3) >> 2;
    const b = y + ((<usize>j) << 2);
    for (let k = 0; k < tiles; k++) {
      const first = (m * k) / tiles;
      if (first < from || first >= to) continue;
      const size = (m * (k + 1)) / tiles - first;
      const table = scratch + ((<usize>first) << 2);
      const c = gradient + ((<usize>(first * n + j)) << 2);
      if ((width & 3) == 0) {
        by_rows(size, vectors, rows, columns, planes, table, jump, b, ldc, c, ldc, accumulate);
      } else {
        by_rows(size, vectors, rows, columns, planes, table, jump, b, ldc, beside, rowBeside, false);
        carry(size, width, beside, rowBeside, c, ldc, accumulate);
      }
    }
  }
}

/** Floats of a row of a plane: what the windows of a row touch of every stride-th column. */
function planeOf(at: usize): i32 {
  const spread = (word(at, F.kernelX) - 1) * word(at, F.dilationX);
  return word(at, F.columns) + spread / word(at, F.strideX);
}

/** For each row of the gradient, the bytes from the planes' begin to its first pixel. */
function makeOffsets(at: usize, plane: i32, pitch: i32, table: usize): void {
  const stride = word(at, F.strideX);
  for (let ky = 0; ky < word(at, F.kernelY); ky++) {
    for (let kx = 0; kx < word(at, F.kernelX); kx++) {
      const x = kx * word(at, F.dilationX);
      for (let c = 0; c < word(at, F.channels); c++) {
        const row = ky * word(at, F.dilationY) * pitch;
        store<i32>(table, (row + (c * stride + (x % stride)) * plane + x / stride) << 2);
        table += 4;
      }
    }
  }
}

/** The rows of x that the chunk's windows touch, as rows of planes; rows outside the image are zeros. */
function makePlanes(at: usize, t: i32, plane: i32, pitch: i32, planes: usize): void {
  const height = word(at, F.height);
  const channels = word(at, F.channels);
  const stride = (<usize>word(at, F.width) * channels) << 2;
  const image = address(at, F.x) + <usize>(firstImage(at, t) * height) * stride;
  const first = firstRow(at, t) * word(at, F.strideY) - word(at, F.top);
  const reach = (word(at, F.kernelY) - 1) * word(at, F.dilationY) + 1;
  const end = (endRow(at, t) - 1) * word(at, F.strideY) - word(at, F.top) + reach;
  for (let y = first; y < end; y++) {
    if (y < 0 || y >= height) zero(planes, planes + ((<usize>pitch) << 2));
    else makeRow(at, plane, channels, image + <usize>y * stride, planes);
    planes += (<usize>pitch) << 2;
  }
}

/** One row of an image: for each channel, for each column modulo the stride, what is there. */
function makeRow(at: usize, plane: i32, channels: i32, x: usize, to: usize): void {
  const width = word(at, F.width);
  const left = word(at, F.left);
  const stride = word(at, F.strideX);
  const step = (<usize>stride * channels) << 2;
  for (let c = 0; c < channels; c++) {
    for (let phase = 0; phase < stride; phase++) {
      const offset = phase - left;
      const from = min(offset < 0 ? (-offset + stride - 1) / stride : 0, plane);
      const inside = offset >= width ? 0 : (width - offset + stride - 1) / stride;
      const end = max(min(inside, plane), from);
      const begin = to + ((<usize>from) << 2);
      const stop = to + ((<usize>end) << 2);
      const next = to + ((<usize>plane) << 2);
      zero(to, begin);
      take(x + ((<usize>((from * stride + offset) * channels + c)) << 2), step, begin, stop);
      zero(stop, next);
      to = next;
    }
  }
}

/** Most borders are a pixel or two: a call of memory.fill takes as long as a whole row. */
function zero(to: usize, end: usize): void {
  for (; to < end; to += 4) store<f32>(to, 0);
}

/** Every step-th byte's float, side by side; whole vectors where they are so already, which may write 12 bytes past the end. */
function take(x: usize, step: usize, to: usize, end: usize): void {
  if (step == 4) {
    for (; to < end; to += 16) {
      v128.store(to, v128.load(x));
      x += 16;
    }
    return;
  }
  for (; to + 16 <= end; to += 16) {
    store<f32>(to, load<f32>(x));
    x += step;
    store<f32>(to, load<f32>(x), 4);
    x += step;
    store<f32>(to, load<f32>(x), 8);
    x += step;
    store<f32>(to, load<f32>(x), 12);
    x += step;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(x));
    x += step;
  }
}
