import { addressOf, isWhole, type View } from './images.js';
import type { Conv, Deconv } from './layers.js';
import type { Memory, Step } from './memory.js';
import { pack, packedSize } from './pack.js';
import { type Part, partsOfConv, partsOfDeconv, type Strides } from './parts.js';

/** What assembly/infer/product.ts calls a tile: pixels computed together, whose entry has two offsets each. */
const TILE = 5;

/** How a product ends: sums are added to what y holds, and negative ones become 0. */
export interface Ending {
  accumulate: boolean;
  relu: boolean;
}

/** A convolution, plain or transposed: products of pixels in place with weights in panels. */
export function convStep(memory: Memory, layer: Conv | Deconv, x: View, y: View, ending: Ending): Step {
  const { kernels } = memory;
  const strides = { x: stridesOf(x), y: stridesOf(y) };
  const parts =
    layer.kind === 'conv'
      ? partsOfConv(layer, x.dims[2], strides.x, isWhole(x), strides.y)
      : partsOfDeconv(layer, x.dims[2], strides.x, strides.y);
  const calls = parts.map((part) => {
    const { filters, filter, runs, depth } = part;
    const { tiles, table } = placeTable(memory, part, 4, y.store.nowhere - y.channel * 4);
    return {
      ...{ tiles, table, depth, filters, count: runs.length, offset: filter * 4 },
      runs: memory.words(runs.map((run) => run * 4)),
      bias: memory.floats(layer.bias.subarray(filter, filter + filters)),
      weights: placeWeights(memory, layer, part),
    };
  });
  const { accumulate, relu } = ending;
  const [from, to] = [addressOf(x), addressOf(y)];
  return (images) => {
    for (let image = 0; image < images; image++) {
      const xs = from + image * x.store.imageBytes;
      const ys = to + image * y.store.imageBytes;
      for (const { tiles, table, runs, count, depth, weights, bias, offset, filters } of calls)
        kernels.product(
          tiles,
          table,
          runs,
          count,
          depth,
          xs,
          weights,
          bias,
          ys + offset,
          filters,
          accumulate,
          relu,
        );
    }
  };
}

export function stridesOf({ store }: View): Strides {
  return { row: store.rowBytes / 4, pixel: store.dims[2] };
}

/**
 * A part's pixels, five by five: five offsets into x, of numbers of so many bytes, then five into y. The last tile is
 * filled up with the last pixel, whose sums then go to where nobody reads them.
 */
export function placeTable(
  memory: Memory,
  { rows, columns, from, to, filter }: Part,
  bytes: number,
  nowhere: number,
): { tiles: number; table: number } {
  const pixels = rows * columns;
  const tiles = Math.ceil(pixels / TILE);
  const table = memory.place(tiles * TILE * 8, (buffer, at) => {
    const words = new Int32Array(buffer, at, tiles * TILE * 2);
    for (let p = 0; p < tiles * TILE; p++) {
      const real = Math.min(p, pixels - 1);
      const [i, j] = [Math.floor(real / columns), real % columns];
      const entry = p + TILE * Math.floor(p / TILE);
      words[entry] = from(i, j) * bytes;
      words[entry + TILE] = p < pixels ? to(i, j) * 4 : nowhere - filter * 4;
    }
  });
  return { tiles, table };
}

function placeWeights(
  memory: Memory,
  { weights }: Conv | Deconv,
  { runs, depth, filters, weight }: Part,
): number {
  const steps = runs.length * depth;
  const size = packedSize(steps, filters);
  const packed = (buffer: ArrayBuffer, at: number) =>
    pack(
      steps,
      filters,
      (step, j) => weights[weight(Math.floor(step / depth), step % depth, j)] ?? 0,
      new Float32Array(buffer, at, size),
    );
  return memory.place(size * 4, packed);
}
