import type { Bytes } from '../arrays.js';
import { demand } from '../errors.js';
import {
  asFloat32,
  decodeSafetensors,
  encodeSafetensors,
  f32Tensor,
  type NamedTensor,
} from '../formats/safetensors.js';
import { foldNorms } from './fold.js';
import { channelOf, type OutputChannels, outputChannels } from './fold-weights.js';
import { readMetadata } from './metadata.js';
import {
  checkModel,
  decodeModel,
  INT8_FORMAT,
  inFile,
  metadataOf,
  type TrainedModel,
  weightOf,
} from './model-file.js';
import { atomsOf, placedLayers } from './placed-layers.js';

/** Largest magnitude of the integers that stand for weights: symmetric, so that 0 is 0. */
const MOST = 127;

/**
 * A model as a safetensors file with 8-bit weights, a quarter of the size, for wasm-distill/infer: batch norm is folded
 * into the weights before it, and in each layer weight ≈ scale[output]·q with q in −127 … 127, the scale chosen so that
 * the largest weight of the output (a filter, a unit) is ±127. All other parameters stay f32. What the caller adds to
 * the metadata is kept, except its format.
 * @throws DistillError 'bad-argument' as encodeModel does.
 */
export function encodeInt8Model(model: TrainedModel, metadata: Readonly<Record<string, string>> = {}): Bytes {
  checkModel(model);
  const folded = foldNorms(model);
  const tensors = atomsOf(placedLayers(folded.architecture)).flatMap(({ path, kind, parameters }) =>
    parameters.flatMap((parameter) => {
      const { name, shape, role } = parameter;
      const values = weightOf(folded, parameter);
      if (role !== 'weight') return [f32Tensor(name, shape, values)];
      const { whole, scales } = quantized(values, outputChannels(kind === 'deconv', shape));
      const weight: NamedTensor = {
        name,
        dtype: 'I8',
        shape: [...shape],
        bytes: new Uint8Array(whole.buffer),
      };
      return [weight, f32Tensor(`${path}.scale`, [scales.length], scales)];
    }),
  );
  return encodeSafetensors(tensors, { ...metadata, ...metadataOf(folded, INT8_FORMAT) });
}

/**
 * What encodeInt8Model() has written, as a model of f32 numbers: each weight is scale·q, rounded once. Batch norm stays
 * folded, and inputs of layers aren't quantized any more, so that its answers differ a little from those of
 * wasm-distill/infer. `name` is the file's, for messages; the metadata are those of the file, without its format.
 * @throws DistillError 'bad-file' for what isn't a model with 8-bit weights, or isn't whole.
 */
export function decodeInt8Model(
  bytes: Uint8Array,
  name: string,
): { model: TrainedModel; metadata: Record<string, string> } {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const { format, ...others } = metadata;
  demand(
    format === INT8_FORMAT,
    () => `${name} isn't a model with 8-bit weights: read it by decodeModel()`,
    'bad-file',
  );
  const { architecture, nameInFile } = readMetadata(metadata, name);
  const layers = inFile(name, () => atomsOf(placedLayers(architecture)));
  const floats = layers.flatMap(({ path, kind, parameters }) =>
    parameters.flatMap((parameter) => {
      const stored = tensors.get(nameInFile(parameter.name));
      if (stored?.dtype !== 'I8' || stored.shape.join() !== parameter.shape.join()) return stored ?? [];
      const outputs = outputChannels(kind === 'deconv', parameter.shape);
      return dequantized(stored, tensors.get(nameInFile(`${path}.scale`)), outputs, name);
    }),
  );
  // As a file of f32 it is checked like any other.
  const { model } = decodeModel(encodeSafetensors(floats, { ...others, format: 'wasm-distill' }), name);
  return { model, metadata: others };
}

function dequantized(
  { name, shape, bytes }: NamedTensor,
  scale: NamedTensor | undefined,
  outputs: OutputChannels,
  file: string,
): NamedTensor {
  demand(
    scale?.shape.join() === `${outputs.channels}`,
    () =>
      `${file}: ${name} has no scale for each of its ${outputs.channels} outputs: quantize the model again`,
    'bad-file',
  );
  const scales = asFloat32(scale, file);
  const whole = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return f32Tensor(
    name,
    shape,
    Float32Array.from(whole, (q, i) => q * scales[channelOf(i, outputs)]!),
  );
}

function quantized(
  weights: Float32Array,
  outputs: OutputChannels,
): { whole: Int8Array<ArrayBuffer>; scales: Float32Array } {
  const scales = new Float32Array(outputs.channels);
  weights.forEach((w, i) => {
    const c = channelOf(i, outputs);
    scales[c] = Math.max(scales[c]!, Math.abs(w));
  });
  // In place; an f32 so small that 1/127 of it is 0 counts as 0.
  scales.forEach((most, c) => {
    scales[c] = most / MOST;
  });
  const whole = Int8Array.from(weights, (w, i) => {
    const scale = scales[channelOf(i, outputs)]!;
    return scale === 0 ? 0 : Math.max(-MOST, Math.min(MOST, Math.round(w / scale)));
  });
  return { whole, scales };
}
