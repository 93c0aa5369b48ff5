import { roundUp } from './images.js';

/** Columns of a panel of 8-bit weights of a dense layer. */
export const INT8_PANEL = 16;
/** Columns of a panel of other weights, and of the last ones. */
const PANEL = 8;
const HALF_PANEL = 4;

/** Floats that packed weights take. */
export function packedSize(steps: number, outputs: number): number {
  return steps * roundUp(outputs, HALF_PANEL);
}

/** Visits the numbers of panels in their order: the step, and the column, which may be one too many. */
function eachOfPanels(steps: number, outputs: number, visit: (step: number, column: number) => void): void {
  for (let first = 0, size = PANEL; first < outputs; first += size) {
    if (first + PANEL > outputs) size = HALF_PANEL;
    for (let step = 0; step < steps; step++)
      for (let column = first; column < first + size; column++) visit(step, column);
  }
}

/** weight(step, output) → panels of eight outputs, then of four, for each step side by side; zero past the last. */
export function pack(
  steps: number,
  outputs: number,
  weight: (step: number, output: number) => number,
  to: Float32Array,
): void {
  let at = 0;
  eachOfPanels(steps, outputs, (step, column) => {
    to[at++] = column < outputs ? weight(step, column) : 0;
  });
}

/** The same for 16-bit numbers, of which a step has two: weight(step, which, output). */
export function packPairs(
  steps: number,
  outputs: number,
  weight: (step: number, which: 0 | 1, output: number) => number,
  to: Int16Array,
): void {
  let at = 0;
  eachOfPanels(steps, outputs, (step, column) => {
    to[at++] = column < outputs ? weight(step, 0, column) : 0;
    to[at++] = column < outputs ? weight(step, 1, column) : 0;
  });
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
