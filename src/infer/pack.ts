import { roundUp } from './images.js';

/** Columns of a panel of 8-bit weights of a dense layer. */
export const INT8_PANEL = 16;
/** Columns of a panel of other weights, and of the last ones. */
const PANEL = 8;
const HALF_PANEL = 4;

/** Weights that are multiplied with runs of numbers: where those of number i of a run for output j lie. */
export interface Runs {
  /** For each run its place of (0, 0); Infinity if the weights are zero. */
  starts: readonly number[];
  /** Numbers of a run. */
  depth: number;
  outputs: number;
  /** Distances from one number, and from one output, to the next. */
  along: number;
  across: number;
}

/** How many numbers packed weights take; a step of the kernel has `lanes` of them for each output. */
export function packedSize({ starts, depth, outputs }: Runs, lanes: 1 | 2): number {
  return starts.length * roundUp(depth, lanes) * roundUp(outputs, HALF_PANEL);
}

/** Weights → panels of eight outputs, then of four, for each step side by side; zero past the last of a run. */
export function pack(
  weights: Float32Array | Int8Array,
  { starts, depth, outputs, along, across }: Runs,
  lanes: 1 | 2,
  to: Float32Array | Int16Array,
): void {
  let at = 0;
  for (let first = 0, size = PANEL; first < outputs; first += size) {
    if (first + PANEL > outputs) size = HALF_PANEL;
    for (const start of starts)
      for (let i = 0; i < depth; i += lanes)
        for (let j = first; j < first + size; j++)
          for (let k = i; k < i + lanes; k++, at++)
            if (j < outputs && k < depth) to[at] = weights[start + k * along + j * across] ?? 0;
  }
}

/** [inputs, outputs] → the lanes that assembly/infer/dense-int8.ts describes. */
export function packInt8(weights: Int8Array, inputs: number, outputs: number, to: Int16Array): void {
  to.fill(128);
  const fours = roundUp(inputs, 4) / 4;
  for (let i = 0; i < inputs; i++) {
    const unit = i & 2 ? 256 : 1;
    for (let j = 0; j < outputs; j++) {
      const column = j % INT8_PANEL;
      const four = ((j - column) / INT8_PANEL) * fours + (i >> 2);
      to[(four * INT8_PANEL + column) * 2 + (i & 1)]! += unit * weights[i * outputs + j]!;
    }
  }
}

export function addRows(weights: Int8Array, inputs: number, outputs: number, sums: Int32Array): void {
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) sums[j]! += weights[i * outputs + j]!;
  }
}
