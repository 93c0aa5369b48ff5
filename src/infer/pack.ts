import type { Kernels } from './kernels.js';
import type { Layer } from './layers.js';

/** A layer's place in memory: addresses of what the kernels read. */
export interface Placed {
  inputs: number;
  /** Outputs rounded up to whole panels: the numbers in a row of y. */
  width: number;
  weights: number;
  bias: number;
  relu: boolean;
  /** Only for 8-bit weights. */
  int8: { scales: number; sums: number } | undefined;
}

/** Reserves this many bytes and returns their address. */
export type Place = (bytes: number) => number;

export function placeLayer(kernels: Kernels, { inputs, outputs, scales, relu }: Layer, place: Place): Placed {
  const width = roundUp(outputs, panelOf(kernels, scales !== undefined));
  const row = width * 4;
  return {
    inputs,
    width,
    relu,
    weights: place(scales ? roundUp(inputs, 4) * width : inputs * row),
    bias: place(row),
    int8: scales && { scales: place(row), sums: place(row) },
  };
}

/** Copies a layer's weights to their place, in fresh memory, in the order in which the kernels read them. */
export function fillLayer(kernels: Kernels, layer: Layer, { width, weights, bias, int8 }: Placed): void {
  const { inputs, outputs } = layer;
  const { buffer } = kernels.memory;
  const panel = panelOf(kernels, int8 !== undefined);
  new Float32Array(buffer, bias, outputs).set(layer.bias);
  if (layer.scales && int8) {
    const lanes = (roundUp(inputs, 4) * width) / 2;
    packInt8(layer.weights, inputs, outputs, panel, new Int16Array(buffer, weights, lanes));
    new Float32Array(buffer, int8.scales, outputs).set(layer.scales);
    addRows(layer.weights, inputs, outputs, new Int32Array(buffer, int8.sums, outputs));
  } else if (!layer.scales) {
    packFloat(layer.weights, inputs, outputs, panel, new Float32Array(buffer, weights, inputs * width));
  }
}

/**
 * y [rows, width] = x·weights + bias, with ReLU if the layer has it; x has ldx bytes between rows, each zero-padded to
 * a multiple of four.
 */
export function runLayer(
  kernels: Kernels,
  { inputs, width, weights, bias, relu, int8 }: Placed,
  rows: number,
  x: number,
  ldx: number,
  y: number,
  scratch: number,
): void {
  if (int8) {
    const { scales, sums } = int8;
    kernels.denseInt8(rows, width, inputs, x, ldx, weights, scales, sums, bias, y, relu, scratch);
  } else {
    kernels.dense(rows, width, inputs, x, ldx, weights, bias, y, relu, scratch);
  }
}

function panelOf(kernels: Kernels, int8: boolean): number {
  return (int8 ? kernels.INT8_PANEL : kernels.FLOAT_PANEL).value;
}

/** [inputs, outputs] → panels of `panel` columns, each [inputs, panel], zero past the last column. */
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
