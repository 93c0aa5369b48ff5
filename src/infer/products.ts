import { addressOf, isWhole, type View } from './images.js';
import type { Conv, Deconv } from './layers.js';
import type { Memory, Step } from './memory.js';
import { pack, packedSize, type Runs } from './pack.js';
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
  const calls = parts.map((part) => placePart(memory, layer, part, 4, y));
  const { accumulate, relu } = ending;
  const [from, to] = [addressOf(x), addressOf(y)];
  return (images) => {
    for (let image = 0; image < images; image++) {
      const xs = from + image * x.store.imageBytes;
      const ys = to + image * y.store.imageBytes;
      for (const { tiles, table, runs, count, depth, weights, bias, filter, filters } of calls)
        kernels.product(
          tiles,
          table,
          runs,
          count,
          depth,
          xs,
          weights,
          bias,
          ys + filter * 4,
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
function placeTable(
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

/** What the kernels take of a part: x has numbers of four bytes, floats, or two. */
export function placePart(
  memory: Memory,
  { weights, bias }: Conv | Deconv,
  part: Part,
  bytes: 2 | 4,
  y: View,
) {
  const { filter, runs } = part;
  const { depth, outputs } = part.weights;
  return {
    ...placeTable(memory, part, bytes, y.store.nowhere - y.channel * 4),
    ...{ depth: Math.ceil((depth * bytes) / 4), filter, filters: outputs, count: runs.length },
    runs: memory.words(runs.map((run) => run * bytes)),
    weights: placeWeights(memory, weights, part.weights, bytes),
    bias: memory.floats(bias.subarray(filter, filter + outputs)),
  };
}

/** Weights in panels, as floats or, of two bytes, as pairs of whole numbers. */
export function placeWeights(
  memory: Memory,
  weights: Float32Array | Int8Array,
  runs: Runs,
  bytes: 2 | 4 = 4,
): number {
  const lanes = bytes === 4 ? 1 : 2;
  const size = packedSize(runs, lanes);
  return memory.place(size * bytes, (buffer, at) =>
    pack(weights, runs, lanes, new (bytes === 4 ? Float32Array : Int16Array)(buffer, at, size)),
  );
}
