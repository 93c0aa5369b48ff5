import { addressOf, roundUp, type View } from './images.js';
import type { Dense } from './layers.js';
import type { Memory, Step } from './memory.js';
import { addRows, INT8_PANEL, packInt8 } from './pack.js';
import { placeWeights } from './products.js';

/** y = x·weights + bias for all images at once; x and y are rows. */
export function denseStep(memory: Memory, layer: Dense, x: View, y: View): Step {
  return layer.scales ? int8(memory, layer, layer.scales, x, y) : float(memory, layer, x, y);
}

function float(memory: Memory, { inputs, outputs, weights, bias, relu }: Dense, x: View, y: View): Step {
  const { kernels } = memory;
  const w = placeWeights(memory, weights, { starts: [0], depth: inputs, outputs, along: outputs, across: 1 });
  const b = memory.floats(bias);
  memory.share(kernels.denseScratch(memory.images, outputs));
  const [from, ldx, to, ldy] = placesOf(x, y);
  return (rows) => kernels.dense(rows, outputs, inputs, from, ldx, w, b, to, ldy, relu, memory.scratch);
}

function int8(
  memory: Memory,
  { inputs, outputs, weights, bias, relu }: Dense,
  scales: Float32Array,
  x: View,
  y: View,
): Step {
  const { kernels } = memory;
  const width = roundUp(outputs, INT8_PANEL);
  const lanes = (roundUp(inputs, 4) * width) / 2;
  const w = memory.place(lanes * 2, (buffer, at) =>
    packInt8(weights as Int8Array, inputs, outputs, new Int16Array(buffer, at, lanes)),
  );
  const units = memory.floats(scales, width);
  const sums = memory.place(width * 4, (buffer, at) =>
    addRows(weights as Int8Array, inputs, outputs, new Int32Array(buffer, at, outputs)),
  );
  const b = memory.floats(bias, width);
  memory.share(2 * roundUp(inputs, 4));
  const [from, ldx, to, ldy] = placesOf(x, y);
  return (rows) =>
    kernels.denseInt8(rows, width, inputs, from, ldx, w, units, sums, b, to, ldy, relu, memory.scratch);
}

function placesOf(x: View, y: View): [number, number, number, number] {
  return [addressOf(x), x.store.imageBytes, addressOf(y), y.store.imageBytes];
}
