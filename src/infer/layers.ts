import { DistillError, demand } from '../errors.js';
import { asFloat32, decodeSafetensors, type NamedTensor } from '../formats/safetensors.js';
import { checkClassNames, readMetadata } from '../nn/metadata.js';
import type { Architecture, InputSpec } from '../nn/specs.js';

/** A layer as stored in a file: y = x·weights + bias. */
export type Layer = FloatLayer | Int8Layer;

interface Shape {
  inputs: number;
  outputs: number;
  /** [outputs] */
  bias: Float32Array;
  /** Whether a ReLU follows. */
  relu: boolean;
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

/** The contents of a student's file. */
export interface StudentFile {
  input: InputSpec;
  /** Floats are from 0 to 1: the file predates models that normalize their input. */
  unit: boolean;
  classNames: readonly string[] | undefined;
  layers: readonly Layer[];
}

/** Most inputs of a layer for which sums of 8-bit products are sure to fit 32 bits. */
const MOST_INT8_INPUTS = 65_536;

/**
 * A student's file: f32 as encodeModel writes it, or 8-bit as encodeInt8Model does.
 *
 * @throws DistillError 'bad-file' for anything else, NaN, infinities, and a network that this entry can't run.
 */
export function readStudent(bytes: Uint8Array, file: string): StudentFile {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const { architecture, classNames, unit, nameInFile } = readMetadata(metadata, file);
  const tensor = (parameter: string, ...shape: number[]) => {
    const name = nameInFile(parameter);
    const found = tensors.get(name);
    if (found?.shape.join() === shape.join()) return found;
    const instead = found ? `of shape [${found.shape}]` : 'absent';
    throw new DistillError(
      'bad-file',
      `${file}: ${name} should be a tensor of shape [${shape}] but is ${instead}`,
    );
  };
  const layers = productsOf(architecture, file).map(({ path, inputs, outputs, relu }): Layer => {
    const weight = tensor(`${path}.weight`, inputs, outputs);
    const bias = asFloat32(tensor(`${path}.bias`, outputs), file);
    const shape = { inputs, outputs, bias, relu };
    if (weight.dtype !== 'I8') return { ...shape, weights: asFloat32(weight, file) };
    const scales = asFloat32(tensor(`${path}.scale`, outputs), file);
    return { ...shape, weights: asInt8(weight, file), scales };
  });
  checkClassNames(classNames, layers.at(-1)!.outputs, file);
  return { input: architecture.input, unit, classNames, layers };
}

interface Product {
  path: string;
  inputs: number;
  outputs: number;
  relu: boolean;
}

/** The dense layers, each with what is applied to its outputs. A sample is one row here, and nothing is dropped. */
function productsOf({ input, layers }: Architecture, file: string): Product[] {
  const products: Product[] = [];
  let inputs = input.shape.reduce((a, b) => a * b, 1);
  layers.forEach((layer, i) => {
    if ('dense' in layer) {
      products.push({ path: layer.name ?? String(i), inputs, outputs: layer.dense, relu: false });
      inputs = layer.dense;
    } else if ('relu' in layer) {
      const before = products.at(-1);
      demand(before !== undefined, `${file}: a ReLU of the input isn't run here`, 'bad-file');
      before.relu = true;
    } else
      demand(
        'dropout' in layer || 'flatten' in layer,
        `${file}: layer ${layer.name ?? i} is one that isn't run here`,
        'bad-file',
      );
  });
  demand(products.length > 0, `${file}: the network has no dense layer`, 'bad-file');
  return products;
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
