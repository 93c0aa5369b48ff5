import { encodeSafetensors, f32Tensor, type NamedTensor } from '../formats/safetensors.js';
import { checkModel, INT8_FORMAT, metadataOf, type TrainedModel, weightOf } from './model-file.js';
import { parametersOf } from './placed-layers.js';

/** Largest magnitude of the integers that stand for weights: symmetric, so that 0 is 0. */
const MOST = 127;

/**
 * A model as a safetensors file with 8-bit weights, a quarter of the size, for wasm-distill/infer: in each layer weight
 * ≈ scale·q with q in −127 … 127, a scale for each of the last dimension's entries (outputs; of transposed convolutions
 * channels), chosen so that the largest weight is ±127. All other
 * parameters stay f32. What the caller adds to the metadata is kept, except its format.
 * @throws DistillError 'bad-argument' as encodeModel does.
 */
export function encodeInt8Model(
  model: TrainedModel,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  checkModel(model);
  const tensors = parametersOf(model.architecture).flatMap((parameter) => {
    const { name, shape, role } = parameter;
    const values = weightOf(model, parameter);
    if (role !== 'weight') return [f32Tensor(name, shape, values)];
    const { whole, scales } = quantized(values, shape.at(-1)!);
    const weight: NamedTensor = { name, dtype: 'I8', shape: [...shape], bytes: new Uint8Array(whole.buffer) };
    return [weight, f32Tensor(name.replace(/weight$/, 'scale'), [scales.length], scales)];
  });
  return encodeSafetensors(tensors, { ...metadata, ...metadataOf(model, INT8_FORMAT) });
}

/** Weights whose last dimension has so many entries. */
function quantized(
  weights: Float32Array,
  outputs: number,
): { whole: Int8Array<ArrayBuffer>; scales: Float32Array } {
  const scales = new Float32Array(outputs);
  weights.forEach((w, i) => {
    scales[i % outputs] = Math.max(scales[i % outputs]!, Math.abs(w));
  });
  // In place; an f32 so small that 1/127 of it is 0 counts as 0.
  scales.forEach((most, j) => {
    scales[j] = most / MOST;
  });
  const whole = Int8Array.from(weights, (w, i) => {
    const scale = scales[i % outputs]!;
    return scale === 0 ? 0 : Math.max(-MOST, Math.min(MOST, Math.round(w / scale)));
  });
  return { whole, scales };
}
