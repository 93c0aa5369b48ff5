import { apply } from './apply.js';
import type { Operator } from './operator.js';
import { philoxWords } from './philox.js';
import { require, size, type Tensor } from './tensor.js';

/** Rows of x at `index` (i32 [n]); index −1 gives zeros, or −1 where x holds labels. */
export const gather: Operator = {
  name: 'gather',
  infer: ([x, index]) => {
    require(x!.dtype !== 'u8' &&
      x!.shape.length >= 1 &&
      index!.dtype === 'i32' &&
      index!.shape.length === 1, 'gather: x must be f32 or i32 rows, index a row of i32');
    return { shape: [index!.shape[0]!, ...x!.shape.slice(1)], dtype: x!.dtype };
  },
  lower: (node) => {
    const [x, index] = node.inputs;
    const columns = size(node.shape.slice(1));
    return {
      opcode: 'gather',
      tiles: node.shape[0]!,
      fields: { rows: node.shape[0]!, columns, x, index, y: node, missing: missing(node) },
      writes: ['y'],
      local: ['index', 'y'],
    };
  },
  reference: ([x, index], node) => {
    const columns = size(node.shape.slice(1));
    const y = new Float64Array(size(node.shape));
    index!.forEach((i, r) => {
      const row = y.subarray(r * columns, (r + 1) * columns);
      if (i < 0) row.fill(missing(node));
      else row.set(x!.subarray(i * columns, (i + 1) * columns));
    });
    return y;
  },
  cases: [
    { inputs: [{ shape: [1, 1] }, { shape: [1], data: { indices: 1 }, dtype: 'i32' }] },
    { inputs: [{ shape: [9, 17] }, { shape: [5], data: { indices: 9 }, dtype: 'i32' }] },
    {
      inputs: [
        { shape: [9], data: { labels: 10 }, dtype: 'i32' },
        { shape: [17], data: { indices: 9 }, dtype: 'i32' },
      ],
    },
  ],
};

function missing(node: Tensor): number {
  return node.dtype === 'i32' ? -1 : 0;
}

/** u8 images [n, height, width] at `index`, flattened to f32 rows and scaled, shifted at random by up to ±jitter pixels. */
export const gatherImages: Operator = {
  name: 'gatherImages',
  infer: ([x, index], attributes) => {
    require(x!.dtype === 'u8' &&
      x!.shape.length === 3 &&
      index!.dtype === 'i32' &&
      index!.shape.length === 1, 'gatherImages: x must be u8 images [n, height, width], index a row of i32');
    checkJitter(attributes.jitter as number);
    return { shape: [index!.shape[0]!, x!.shape[1]! * x!.shape[2]!], dtype: 'f32' };
  },
  lower: (node) => {
    const [x, index] = node.inputs;
    const [, height, width] = x!.shape as [number, number, number];
    const { jitter, stream, scale } = node.attributes as { jitter: number; stream: number; scale: number };
    return {
      opcode: 'gatherImages',
      tiles: node.shape[0]!,
      fields: { rows: node.shape[0]!, height, width, x, index, y: node, jitter, stream, scale },
      writes: ['y'],
      local: ['index', 'y'],
      scratch: 64,
    };
  },
  reference: ([x, index], node, random) => {
    const [, height, width] = node.inputs[0]!.shape as [number, number, number];
    const { scale } = node.attributes as { scale: number };
    const shifts = drawnShifts(index!.length, node, random);
    const y = new Float64Array(size(node.shape));
    index!.forEach((image, r) => {
      if (image < 0) return;
      const [down, right] = shifts[r]!;
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const inside = i - down >= 0 && i - down < height && j - right >= 0 && j - right < width;
          if (inside)
            y[(r * height + i) * width + j] = x![(image * height + i - down) * width + j - right]! * scale;
        }
      }
    });
    return y;
  },
  cases: [0, 1, 2, 30].flatMap((jitter) =>
    [
      [1, 1, 1],
      [3, 28, 28],
      [17, 5, 7],
    ].map(([n, height, width]) => ({
      inputs: [
        { shape: [9, height!, width!], data: 'bytes' as const, dtype: 'u8' as const },
        { shape: [n!], data: { indices: 9 }, dtype: 'i32' as const },
      ],
      attributes: { jitter, stream: 5, scale: Math.fround(1 / 255) },
    })),
  ),
};

/**
 * Row of image index[r], as gatherImages shifts it with the same jitter and stream, in a table that has every image in
 * each of its shifts: index·(2·jitter + 1)² + the shift's number. Shifts are numbered row by row, from −jitter pixels down
 * and −jitter to the right. Index −1 stays −1.
 */
export const shiftedIndex: Operator = {
  name: 'shiftedIndex',
  infer: ([index], attributes) => {
    require(index!.dtype === 'i32' && index!.shape.length === 1, 'shiftedIndex: index must be a row of i32');
    checkJitter(attributes.jitter as number);
    return { shape: index!.shape, dtype: 'i32' };
  },
  lower: (node) => {
    const { jitter, stream } = node.attributes as { jitter: number; stream: number };
    const rows = node.shape[0]!;
    return {
      opcode: 'shiftedIndex',
      tiles: rows,
      fields: { rows, index: node.inputs[0], y: node, jitter, stream },
      writes: ['y'],
      local: ['index', 'y'],
      scratch: 64,
    };
  },
  reference: ([index], node, random) => {
    const { jitter } = node.attributes as { jitter: number };
    const side = 2 * jitter + 1;
    const shifts = drawnShifts(index!.length, node, random);
    return index!.map((i, r) => {
      const [down, right] = shifts[r]!;
      return i < 0 ? -1 : (i * side + down + jitter) * side + right + jitter;
    });
  },
  cases: [0, 1, 2, 30].flatMap((jitter) =>
    [1, 3, 17, 100].map((n) => ({
      inputs: [{ shape: [n], data: { indices: 9 }, dtype: 'i32' as const }],
      attributes: { jitter, stream: 5 },
      tolerance: 0,
    })),
  ),
};

/** [down, right] of each of n rows, in [−jitter, jitter]: row r draws the words 2r and 2r + 1 of its stream. */
function drawnShifts(
  n: number,
  { attributes }: Tensor,
  { seed, step }: { seed: number; step: number },
): [number, number][] {
  const { jitter, stream } = attributes as { jitter: number; stream: number };
  const words = philoxWords(seed, stream, step, 2 * n);
  const offset = (word: number) => Math.floor((word * (2 * jitter + 1)) / 2 ** 32) - jitter;
  return Array.from({ length: n }, (_, r) => [offset(words[2 * r]!), offset(words[2 * r + 1]!)]);
}

function checkJitter(jitter: number): void {
  require(Number.isInteger(jitter) && jitter >= 0, `jitter must be a whole number of pixels, not ${jitter}`);
}

/** How many shifts by up to ±jitter pixels each way there are. @throws DistillError 'bad-argument' where jitter is no number of pixels. */
export function shiftCount(jitter: number): number {
  checkJitter(jitter);
  const side = 2 * jitter + 1;
  return side * side;
}

/** Rows of x at `index`. */
export function rowsAt(x: Tensor, index: Tensor): Tensor {
  return apply(gather, [x, index]);
}

/** Images at `index` as f32 rows in [0, 1], shifted by up to ±jitter pixels each way; `stream` sets draws apart. */
export function imagesAt(images: Tensor, index: Tensor, jitter = 0, stream = 0): Tensor {
  return apply(gatherImages, [images, index], { jitter, stream, scale: Math.fround(1 / 255) });
}

/**
 * Rows at `index` of a table [n·(2·jitter + 1)², columns] that has each image's row for every shift of it: those of the
 * shifts that imagesAt gives the images, with the same jitter and stream.
 */
export function rowsOfShifts(table: Tensor, index: Tensor, jitter: number, stream: number): Tensor {
  return rowsAt(table, jitter === 0 ? index : apply(shiftedIndex, [index], { jitter, stream }));
}
