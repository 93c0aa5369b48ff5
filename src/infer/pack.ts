import type { Kernels } from './kernels.js';
import type { Layer } from './layers.js';

/** A layer that has its place in memory. */
export interface PlacedLayer {
  /** Outputs up to whole panels: numbers between rows of y. */
  width: number;
  /** Copies the weights to their place, in the order in which kernels read them. */
  fill(): void;
  /** y [rows, width] = x·weights + bias; x has ldx bytes between rows, and numbers past its last that are zero. */
  run(rows: number, x: number, ldx: number, y: number, relu: boolean, scratch: number): void;
}

/** Answers the address of so many bytes of their own. */
export type Place = (bytes: number) => number;

export function placeLayer(kernels: Kernels, layer: Layer, place: Place): PlacedLayer {
  const { weights, scales } = layer;
  return weights instanceof Int8Array
    ? placeInt8(kernels, { ...layer, weights, scales: scales! }, place)
    : placeFloat(kernels, { ...layer, weights }, place);
}

function placeFloat(
  kernels: Kernels,
  { inputs, outputs, weights, bias }: Layer & { weights: Float32Array },
  place: Place,
): PlacedLayer {
  const panel = kernels.FLOAT_PANEL.value;
  const width = roundUp(outputs, panel);
  const w = place(inputs * width * 4);
  const b = place(width * 4);
  return {
    width,
    fill: () => {
      const { buffer } = kernels.memory;
      packFloat(weights, inputs, outputs, panel, new Float32Array(buffer, w, inputs * width));
      new Float32Array(buffer, b, outputs).set(bias);
    },
    run: (rows, x, ldx, y, relu) => kernels.dense(rows, width, inputs, x, ldx, w, b, y, relu),
  };
}

function placeInt8(
  kernels: Kernels,
  { inputs, outputs, weights, scales, bias }: Layer & { weights: Int8Array; scales: Float32Array },
  place: Place,
): PlacedLayer {
  const panel = kernels.INT8_PANEL.value;
  const width = roundUp(outputs, panel);
  const size = roundUp(inputs, 4) * width;
  const w = place(size);
  const [scale, sum, b] = [place(width * 4), place(width * 4), place(width * 4)];
  return {
    width,
    fill: () => {
      const { buffer } = kernels.memory;
      packInt8(weights, inputs, outputs, panel, new Int16Array(buffer, w, size / 2));
      new Float32Array(buffer, scale, outputs).set(scales);
      addRows(weights, inputs, outputs, new Int32Array(buffer, sum, outputs));
      new Float32Array(buffer, b, outputs).set(bias);
    },
    run: (rows, x, ldx, y, relu, scratch) =>
      kernels.denseInt8(rows, width, inputs, x, ldx, w, scale, sum, b, y, relu, scratch),
  };
}

/** [inputs, outputs] → panels of some columns, each [inputs, panel], zero past the last column. */
function packFloat(
  weights: Float32Array,
  inputs: number,
  outputs: number,
  panel: number,
  to: Float32Array,
): void {
  for (let first = 0; first < outputs; first += panel) {
    const last = Math.min(first + panel, outputs);
    for (let i = 0; i < inputs; i++) {
      let at = first * inputs + i * panel;
      for (let j = first; j < last; j++) to[at++] = weights[i * outputs + j]!;
    }
  }
}

/** [inputs, outputs] → the lanes that assembly/infer/dense-int8.ts describes. */
function packInt8(weights: Int8Array, inputs: number, outputs: number, panel: number, to: Int16Array): void {
  to.fill(128);
  const fours = roundUp(inputs, 4) / 4;
  for (let i = 0; i < inputs; i++) {
    const unit = i & 2 ? 256 : 1;
    for (let j = 0; j < outputs; j++) {
      const column = j % panel;
      const four = ((j - column) / panel) * fours + (i >> 2);
      to[(four * panel + column) * 2 + (i & 1)]! += unit * weights[i * outputs + j]!;
    }
  }
}

function addRows(weights: Int8Array, inputs: number, outputs: number, sums: Int32Array): void {
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) sums[j]! += weights[i * outputs + j]!;
  }
}

export function roundUp(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}
