import { DistillError } from '../errors.js';
import { asFloat32, type NamedTensor } from '../formats/safetensors.js';

/** Most inputs of a layer for which sums of 8-bit products are sure to fit 32 bits. */
const MOST_INT8_INPUTS = 65_536;

/** A layer's weights as the file has them; scales by output channel, if they have 8 bits. */
export interface StoredWeights {
  weights: Float32Array | Int8Array;
  scales: Float32Array | undefined;
}

/** Parameters in a file, by their layer's path. */
export interface Parameters {
  floats(path: string, suffix: string, length: number): Float32Array;
  weights(path: string, shape: readonly number[], outputs: number): StoredWeights;
}

/** @throws DistillError (on reading) 'bad-file' for parameters that are absent or not what they should be. */
export function parametersIn(
  tensors: ReadonlyMap<string, NamedTensor>,
  nameInFile: (parameter: string) => string,
  file: string,
): Parameters {
  const tensor = (parameter: string, shape: readonly number[]) => {
    const name = nameInFile(parameter);
    const found = tensors.get(name);
    if (found?.shape.join() === shape.join()) return found;
    const instead = found ? `of shape [${found.shape}]` : 'absent';
    throw new DistillError(
      'bad-file',
      `${file}: ${name} should be a tensor of shape [${shape}] but is ${instead}`,
    );
  };
  const floats = (path: string, suffix: string, length: number) =>
    asFloat32(tensor(`${path}.${suffix}`, [length]), file);
  return {
    floats,
    weights(path, shape, outputs) {
      const stored = tensor(`${path}.weight`, shape);
      if (stored.dtype !== 'I8') return { weights: asFloat32(stored, file), scales: undefined };
      return { weights: asInt8(stored, file), scales: floats(path, 'scale', outputs) };
    },
  };
}

/** As 32-bit floats, for the layers whose sums aren't whole; an output has so many weights side by side. */
export function dequantized({ weights, scales }: StoredWeights, inner: number): Float32Array {
  if (!scales) return weights as Float32Array;
  return Float32Array.from(weights, (q, i) => q * scales[Math.floor(i / inner) % scales.length]!);
}

function asInt8({ name, shape, bytes }: NamedTensor, file: string): Int8Array {
  const inputs = bytes.length / shape.at(-1)!;
  if (inputs > MOST_INT8_INPUTS) {
    throw new DistillError(
      'bad-file',
      `${file}: ${name} has ${inputs} inputs where 8-bit layers may have ${MOST_INT8_INPUTS}; use the f32 model`,
    );
  }
  const values = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (values.includes(-128)) {
    throw new DistillError(
      'bad-file',
      `${file}: ${name} holds −128 where weights are −127 to 127; quantize the model again`,
    );
  }
  return values;
}
