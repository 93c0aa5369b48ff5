import type { Bytes } from '../arrays.js';
import { encodeSafetensors, f32Tensor, type NamedTensor } from '../formats/safetensors.js';
import { foldNorms } from './fold.js';
import { channelOf, type OutputChannels, outputChannels } from './fold-weights.js';
import { checkModel, INT8_FORMAT, metadataOf, type TrainedModel, weightOf } from './model-file.js';
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
