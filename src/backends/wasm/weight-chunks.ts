import type { CompiledNode } from '../../compiler/node.js';
import type { AttributesOf } from '../../graph/names.js';
import { Limit } from './layout.js';

/** The sizes of a weights' gradient: x [images, height, width, channels], y [images, rows, columns, filters]. */
export interface WeightSizes {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly filters: number;
  readonly taps: number;
}

/** How its pixels are summed, from shapes alone. */
export interface WeightChunks {
  /** Each row of the gradient has its own pointer; otherwise tiles of channels, tap by tap. */
  readonly byRows: boolean;
  readonly chunks: number;
  /** Chunks of one image; 0: chunks are whole images. */
  readonly parts: number;
  /** Partial sums of consecutive chunks. */
  readonly groups: number;
}

/** Pixels of a chunk, about: 200 to 1600 are within 3 %. */
const PIXELS = 400;
/** Rows of the gradient with their own pointers: up to so many channels, with planes of so many floats. */
const ROWS = { channels: 3, floats: 65_536 };
/** Blocks of the gradient that so many threads as people have divide well. */
const BLOCKS = 48;
/** Most runs of a table of all taps. */
const RUNS = 16_384;

export function sizesOf(
  [x, y]: readonly CompiledNode[],
  attributes: AttributesOf['conv2dWeight'],
): WeightSizes {
  const [images, height, width, channels] = x!.shape as [number, number, number, number];
  const [, rows, columns, filters] = y!.shape as [number, number, number, number];
  const [kernelY, kernelX] = attributes.kernel;
  return { images, height, width, channels, rows, columns, filters, taps: kernelY * kernelX };
}

export function chunksOf(sizes: WeightSizes, attributes: AttributesOf['conv2dWeight']): WeightChunks {
  const { images, channels, rows, columns, taps } = sizes;
  const few = Math.max(1, Math.min(Math.floor(PIXELS / columns), Math.floor(RUNS / taps)));
  const parts = Math.ceil(rows / few);
  const byRows =
    channels <= ROWS.channels &&
    planeFloats(sizes, attributes, Math.ceil(rows / parts)) + taps * channels <= ROWS.floats;
  const whole = parts === 1 && !byRows;
  const chunks = whole ? Math.ceil(images / Math.floor(few / rows)) : images * parts;
  const tall = byRows ? taps * channels : channels;
  const blocks = Math.ceil(tall / Limit.panelRows) * (byRows ? 1 : taps);
  const groups = Math.min(chunks, Math.ceil(BLOCKS / blocks));
  return { byRows, chunks, parts: whole ? 0 : parts, groups };
}

/** Floats of x's planes for so many rows of y. */
export function planeFloats(
  { channels, columns }: WeightSizes,
  { stride, kernel, dilation }: AttributesOf['conv2dWeight'],
  rows: number,
): number {
  const high = (rows - 1) * stride[0] + (kernel[0] - 1) * dilation[0] + 1;
  const plane = columns + Math.floor(((kernel[1] - 1) * dilation[1]) / stride[1]);
  return high * plane * stride[1] * channels;
}
