import { DistillError } from '../errors.js';
import { asFloat32, decodeSafetensors, encodeSafetensors, f32Tensor } from '../formats/safetensors.js';
import { readArchitecture } from './architecture.js';
import { type Architecture, mlp } from './mlp.js';

/** A model's weights by parameter name, as plain data. */
export interface TrainedModel {
  readonly architecture: Architecture;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** A model as a safetensors file: the architecture lies in the metadata, beside what the caller adds. */
export function encodeModel(
  model: TrainedModel,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const tensors = parametersOf(model.architecture).map(({ name, shape }) =>
    f32Tensor(name, shape, weight(model, name)),
  );
  return encodeSafetensors(tensors, {
    format: 'wasm-distill',
    architecture: JSON.stringify(model.architecture),
    ...metadata,
  });
}

/** @throws DistillError 'bad-file' where the bytes aren't a model of ours or a weight isn't finite. */
export function decodeModel(
  bytes: Uint8Array,
  name: string,
): { model: TrainedModel; metadata: Record<string, string> } {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const architecture = readArchitecture(metadata.architecture, name);
  const weights = new Map<string, Float32Array>();
  for (const parameter of parametersOf(architecture)) {
    const tensor = tensors.get(parameter.name);
    if (tensor?.shape.join() !== parameter.shape.join()) {
      throw new DistillError(
        'bad-file',
        `${name}: ${parameter.name} should be a tensor of shape [${parameter.shape}] but is ${tensor ? `of shape [${tensor.shape}]` : 'absent'}`,
      );
    }
    weights.set(parameter.name, asFloat32(tensor, name));
  }
  return { model: { architecture, weights }, metadata };
}

/** SHA-256 of the weights' bytes (f32, little-endian) in the order of the architecture's parameters, as hex. */
export async function weightsSha256(model: TrainedModel): Promise<string> {
  const parts = parametersOf(model.architecture).map(({ name }) => weight(model, name));
  return sha256(parts);
}

/** SHA-256 of arrays end to end, as hex. */
export async function sha256(parts: readonly (Float32Array | Uint8Array | Int32Array)[]): Promise<string> {
  if (!globalThis.crypto?.subtle) {
    throw new DistillError(
      'missing',
      'hashes need crypto.subtle, which browsers offer only to pages served over https or from localhost',
    );
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', all));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function parametersOf(
  architecture: Architecture,
): readonly { name: string; shape: readonly number[] }[] {
  return mlp(architecture.layers).parameters;
}

/** A parameter's values, row-major. @throws DistillError 'bad-argument' where the model has none of that name. */
export function weight(model: TrainedModel, name: string): Float32Array {
  const values = model.weights.get(name);
  if (!values) throw new DistillError('bad-argument', `the model has no weights named ${name}`);
  return values;
}
