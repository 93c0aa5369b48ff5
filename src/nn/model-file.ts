import type { Bytes } from '../arrays.js';
import { brandOf, shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import { sha256 } from '../formats/hash.js';
import { asFloat32, decodeSafetensors, encodeSafetensors, f32Tensor } from '../formats/safetensors.js';
import { size } from '../graph/shape.js';
import { checkArchitecture, classesOf } from './architecture.js';
import { checkClassNames, readMetadata } from './metadata.js';
import { type PlacedParameter, parametersOf } from './placed-layers.js';
import type { Architecture } from './specs.js';

/** A model's weights by parameter name, as plain data. */
export interface TrainedModel {
  readonly architecture: Architecture;
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Names of the classes, in order. */
  readonly classNames?: readonly string[] | undefined;
}

/**
 * Refuses what is no list of trained models, at least one; `what` says whose it is.
 * @throws DistillError 'bad-argument'
 */
export function checkModels(models: unknown, what: string): asserts models is readonly TrainedModel[] {
  demand(
    Array.isArray(models) && models.length > 0,
    () => `${what} must be a list of at least one trained model, not ${shown(models)}`,
  );
  for (const [i, model] of models.entries()) checkModel(model, `${what}[${i}]`);
}

/** @throws DistillError 'bad-argument' */
export function checkModel(model: unknown, what = 'the model'): asserts model is TrainedModel {
  const { architecture, weights } = (model ?? {}) as Partial<TrainedModel>;
  demand(
    typeof architecture === 'object' && weights !== undefined,
    () =>
      `${what} must be a trained model, as train() and decodeModel() answer it, not ${brandOf(model) === 'Promise' ? 'a promise: await it' : shown(model)}`,
  );
  demand(
    brandOf(weights) === 'Map',
    () =>
      `the weights of ${what} must be a Map, not ${shown(weights)}: keep models with encodeModel(), JSON loses their numbers`,
  );
}

/**
 * A model as a safetensors file: the metadata holds the architecture and class names, besides what the caller adds.
 * @throws DistillError 'bad-argument' for an invalid architecture or weights that don't belong to it.
 */
export function encodeModel(model: TrainedModel, metadata: Readonly<Record<string, string>> = {}): Bytes {
  checkModel(model);
  const tensors = parametersOf(model.architecture).map((parameter) =>
    f32Tensor(parameter.name, parameter.shape, weightOf(model, parameter)),
  );
  return encodeSafetensors(tensors, { ...metadata, ...metadataOf(model, 'wasm-distill') });
}

/** What the metadata of a model with weights of 8 bits says. */
export const INT8_FORMAT = 'wasm-distill int8';

/** The metadata by which a file is recognized as a model. */
export function metadataOf(model: TrainedModel, format: string): Record<string, string> {
  const { architecture, classNames } = model;
  checkClassNames(classNames, classesOf(architecture));
  return {
    format,
    architecture: JSON.stringify(architecture),
    ...(classNames && { classNames: JSON.stringify(classNames) }),
  };
}

/** @throws DistillError 'bad-file' if the bytes aren't a model from this library or a weight isn't finite. */
export function decodeModel(
  bytes: Uint8Array,
  name: string,
): { model: TrainedModel; metadata: Record<string, string> } {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  demand(
    metadata.format !== INT8_FORMAT,
    () =>
      `${name} has weights of 8 bits, which wasm-distill/infer alone runs: read the model that it was made from`,
    'bad-file',
  );
  const { architecture, classNames, nameInFile } = readMetadata(metadata, name);
  const parameters = inFile(name, () => parametersOf(checkArchitecture(architecture)));
  const weights = new Map<string, Float32Array>();
  for (const parameter of parameters) {
    const itsName = nameInFile(parameter.name);
    const tensor = tensors.get(itsName);
    demand(
      tensor?.shape.join() === parameter.shape.join(),
      `${name}: ${itsName} should be a tensor of shape [${parameter.shape}] but is ${tensor ? `of shape [${tensor.shape}]` : 'absent'}`,
      'bad-file',
    );
    weights.set(parameter.name, asFloat32(tensor, name));
  }
  checkClassNames(classNames, classesOf(architecture), name);
  return { model: { architecture, weights, ...(classNames && { classNames }) }, metadata };
}

/** Turns errors into 'bad-file': here it is the file that is wrong. */
export function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof DistillError)) throw cause;
    throw new DistillError('bad-file', `${file}: ${cause.message}`, { cause });
  }
}

/** SHA-256 of the weights' bytes (f32, little-endian) in the order of the architecture's parameters, as hex. */
export async function weightsSha256(model: TrainedModel): Promise<string> {
  checkModel(model);
  const parts = parametersOf(model.architecture).map((parameter) => weightOf(model, parameter));
  return sha256(parts);
}

/**
 * A parameter's values, row-major.
 * @throws DistillError 'bad-argument' if the model has no parameter of that name or the wrong number of values.
 */
export function weightOf(
  { weights }: TrainedModel,
  { name, shape }: Pick<PlacedParameter, 'name' | 'shape'>,
): Float32Array {
  const values = weights.get(name);
  demand(values !== undefined, () => `the model has no weights named ${name}`);
  demand(brandOf(values) === 'Float32Array', () => `${name} must be a Float32Array, not ${shown(values)}`);
  demand(
    values.length === size(shape),
    () => `${name} has ${values.length} values, but its shape is [${shape}]`,
  );
  return values;
}
