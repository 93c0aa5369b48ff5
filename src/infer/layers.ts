import { DistillError } from '../errors.js';
import { asFloat32, decodeSafetensors, type NamedTensor } from '../formats/safetensors.js';
import { readArchitecture } from '../nn/architecture.js';

/** A layer as it lies in a file: y = x·weights + bias. */
export type Layer = FloatLayer | Int8Layer;

interface Shape {
  inputs: number;
  outputs: number;
  /** [outputs] */
  bias: Float32Array;
}

interface FloatLayer extends Shape {
  /** [inputs, outputs], row by row. */
  weights: Float32Array;
  scales?: undefined;
}

export interface Int8Layer extends Shape {
  /** [inputs, outputs]: −127 to 127 in units of the output's scale. */
  weights: Int8Array;
  /** [outputs] */
  scales: Float32Array;
}

/** Most inputs of a layer whose sums of products of 8 bits are sure to fit 32. */
const MOST_INT8_INPUTS = 65_536;

/**
 * The layers of a student's file: f32 as encodeModel writes it, or 8-bit as encodeInt8Model does.
 *
 * @throws DistillError 'bad-file' for anything else, NaN, and infinities.
 */
export function readLayers(bytes: Uint8Array, file: string): Layer[] {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const { layers } = readArchitecture(metadata.architecture, file);
  const tensor = (name: string, ...shape: number[]) => {
    const found = tensors.get(name);
    if (found?.shape.join() === shape.join()) return found;
    const instead = found ? `of shape [${found.shape}]` : 'absent';
    throw new DistillError(
      'bad-file',
      `${file}: ${name} should be a tensor of shape [${shape}] but is ${instead}`,
    );
  };
  return layers.slice(1).map((outputs, i) => {
    const inputs = layers[i]!;
    const name = `layer${i + 1}`;
    const weight = tensor(`${name}.weight`, inputs, outputs);
    const bias = asFloat32(tensor(`${name}.bias`, outputs), file);
    if (weight.dtype !== 'I8') {
      return { inputs, outputs, bias, weights: asFloat32(weight, file) };
    }
    const scales = asFloat32(tensor(`${name}.scale`, outputs), file);
    return { inputs, outputs, bias, weights: asInt8(weight, file), scales };
  });
}

function asInt8({ name, shape, bytes }: NamedTensor, file: string): Int8Array {
  if (shape[0]! > MOST_INT8_INPUTS) {
    throw new DistillError(
      'bad-file',
      `${file}: ${name} has ${shape[0]} inputs where 8-bit layers may have ${MOST_INT8_INPUTS}; use the f32 model`,
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
