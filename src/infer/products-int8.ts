import type { Padding } from '../graph/names.js';
import { addressOf, extentOf, isWhole, type View } from './images.js';
import type { Conv, Dims } from './layers.js';
import type { Memory, Step } from './memory.js';
import { haloOf, partsOfConv, type Strides } from './parts.js';
import { type Ending, placePart, stridesOf } from './products.js';

/** Bytes of a number of an image of whole numbers. */
const BYTES = 2;
const MOST_WEIGHT = 127;
const MOST = 2 ** 15 - 1;

/** Where images of whole numbers lie, each with a halo of zeros. */
interface Layout extends Strides {
  /** Of one image, in bytes. */
  area: number;
  /** From an image's start to its first pixel, in bytes. */
  first: number;
}

function layoutOf([height, width, channels]: Dims, [top, left, bottom, right]: Padding): Layout {
  const row = (left + width + right) * channels;
  return {
    ...{ row, pixel: channels },
    // A run of an odd number of them ends in one that follows it, whose weight is 0.
    area: (top + height + bottom) * row * BYTES + 64,
    first: (top * row + left * channels) * BYTES,
  };
}

/**
 * Images of bytes as a first layer of 8-bit weights takes them: each becomes the number that a table has for it, without
 * floats in between.
 */
export class ByteImages {
  /** Whether the images are given by `write`, not as floats. */
  given = false;
  /** The unit of their numbers. */
  step = 0;
  #table = new Int16Array(0);
  #layout: Layout | undefined;
  #at = 0;

  /** `values`: for each entry of the last dimension the 256 floats that bytes stand for. */
  constructor(
    private readonly values: Float32Array,
    private readonly dims: Dims,
  ) {}

  place(memory: Memory, layout: Layout, levels: number): void {
    this.#layout = layout;
    this.#at = memory.place(memory.images * layout.area);
    const most = this.values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
    this.step = most / levels;
    this.#table = Int16Array.from(this.values, (value) =>
      most > 0 ? Math.round((value / most) * levels) : 0,
    );
  }

  /** The start of image `image`. */
  at(image: number): number {
    return this.#at + image * this.#layout!.area;
  }

  /** Writes an image, whose bytes start at `start`, to the place of image `image`. */
  write(memory: WebAssembly.Memory, data: Uint8Array, start: number, image: number): void {
    const [height, width, channels] = this.dims;
    const { first, row } = this.#layout!;
    const table = this.#table;
    const period = table.length;
    const line = width * channels;
    const to = new Int16Array(memory.buffer, this.at(image) + first);
    for (let y = 0, i = start; y < height; y++)
      for (let x = 0, j = 0, at = y * row; x < line; x++) {
        to[at++] = table[j + data[i++]!]!;
        j = j + 256 === period ? 0 : j + 256;
      }
  }
}

/**
 * A convolution with 8-bit weights. Each image is rounded to whole numbers of 16 bits, 0 to 0, as fine as sums of 32
 * bits allow, which makes them exact in any order: 32767 steps up to 516 inputs of a filter, 3668 at 4608. (Eight bits
 * would save nothing: SIMD multiplies 16.)
 */
export function convInt8Step(
  memory: Memory,
  layer: Conv,
  x: View,
  y: View,
  ending: Ending,
  bytes: ByteImages | undefined,
): Step {
  const { kernels } = memory;
  const halo = haloOf(layer.window, false, x.dims, layer.output);
  const layout = layoutOf(x.dims, halo);
  const parts = partsOfConv(layer, x.dims[2], layout, true, stridesOf(y));
  const inputs = parts[0]!.runs.length * parts[0]!.weights.depth;
  const levels = Math.min(MOST, Math.floor((2 ** 31 - 1) / (MOST_WEIGHT * inputs)) - 1);
  const calls = parts.map((part) => ({
    ...placePart(memory, layer, part, BYTES, y),
    scales: memory.floats(layer.scales!.subarray(part.filter, part.filter + part.weights.outputs)),
  }));
  bytes?.place(memory, layout, levels);
  memory.share(layout.area);
  const { accumulate, relu } = ending;
  const [from, to] = [addressOf(x), addressOf(y)];
  const { rowBytes, pixelBytes, imageBytes } = x.store;
  const [height, width, channels] = x.dims;
  const lines: Dims = isWhole(x) ? [height, 1, width * channels] : x.dims;

  /** Rounds an image, to the start of the scratch; its unit. */
  function quantize(at: number): number {
    const most = kernels.range(...extentOf(x), at, rowBytes, pixelBytes);
    if (halo.some((pixels) => pixels > 0))
      new Uint8Array(kernels.memory.buffer, memory.scratch, layout.area).fill(0);
    kernels.quantize(
      ...lines,
      at,
      rowBytes,
      pixelBytes,
      memory.scratch + layout.first,
      layout.row * BYTES,
      layout.pixel * BYTES,
      levels / most,
    );
    return most / levels;
  }

  return (images) => {
    for (let image = 0; image < images; image++) {
      const [start, step] = bytes?.given
        ? [bytes.at(image), bytes.step]
        : [memory.scratch, quantize(from + image * imageBytes)];
      const ys = to + image * y.store.imageBytes;
      for (const { tiles, table, runs, count, depth, weights, scales, bias, filter, filters } of calls)
        kernels.productInt(
          tiles,
          table,
          runs,
          count,
          depth,
          start + layout.first,
          weights,
          step,
          scales,
          bias,
          ys + filter * 4,
          filters,
          accumulate,
          relu,
        );
    }
  };
}
