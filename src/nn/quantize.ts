import { encodeSafetensors, f32Tensor, type NamedTensor } from '../formats/safetensors.js';
import { parametersOf, type TrainedModel, weight } from './model-file.js';

/** Whole numbers that stand for weights reach this far either way: symmetric, so that 0 is 0. */
const MOST = 127;

/**
 * A model as a safetensors file with 8-bit weights, a quarter of the size, for wasm-distill/infer: of each layer
 * weight ≈ scale[output]·q with q in −127 … 127, the scale such that the output's largest weight is met. Biases stay
 * f32. What the caller adds to the metadata is kept, but not its format.
 */
export function encodeInt8Model(
  model: TrainedModel,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const tensors = parametersOf(model.architecture).flatMap(({ name, shape }) => {
    const values = weight(model, name);
    return shape.length === 2
      ? quantized(name.replace(/\.weight$/, ''), values, shape[0]!, shape[1]!)
      : [f32Tensor(name, shape, values)];
  });
  return encodeSafetensors(tensors, {
    ...metadata,
    format: 'wasm-distill int8',
    architecture: JSON.stringify(model.architecture),
  });
}

function quantized(layer: string, weights: Float32Array, inputs: number, outputs: number): NamedTensor[] {
  const scales = new Float32Array(outputs);
  weights.forEach((w, i) => {
    scales[i % outputs] = Math.max(scales[i % outputs]!, Math.abs(w));
  });
  // In place: an f32 so small that a 127th of it is 0 counts as 0.
  scales.forEach((most, j) => {
    scales[j] = most / MOST;
  });
  const whole = Int8Array.from(weights, (w, i) => {
    const scale = scales[i % outputs]!;
    return scale === 0 ? 0 : Math.max(-MOST, Math.min(MOST, Math.round(w / scale)));
  });
  return [
    {
      name: `${layer}.weight`,
      dtype: 'I8',
      shape: [inputs, outputs],
      bytes: new Uint8Array(whole.buffer),
    },
    f32Tensor(`${layer}.scale`, [outputs], scales),
  ];
}
