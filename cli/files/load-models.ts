import { type Architecture, DistillError, decodeModel, type TrainedModel } from 'wasm-distill';
import type { ExternalModel } from 'wasm-distill/data';
import { decodeSafetensors } from 'wasm-distill/formats';
import { load } from 'wasm-distill/infer';
import type { OnnxTeacher } from 'wasm-distill/onnx';
import { type Preparation, preparationIn } from '../data/preparation.ts';
import { read } from './run-files.ts';

/** What a file says of the data that a model is for. */
interface Made extends Preparation {
  file: string;
  classNames?: readonly string[];
}

export interface LoadedModel extends Made {
  model: TrainedModel;
}

export function loadModels(paths: readonly string[]): Promise<LoadedModel[]> {
  return oneByOne(paths, async (file) => loaded(await read(file), file));
}

/** A model with weights of 8 bits, which wasm-distill/infer runs. */
export interface Int8Model extends Made {
  bytes: Uint8Array;
  /** That of the model it was made from, without batch norm, which is folded into the weights. */
  architecture: Architecture;
}

/** The format that a file of `quantize` says it has. */
export const INT8 = 'wasm-distill int8';

/** A model of ours. */
export type OwnModel = LoadedModel | Int8Model;

/** An ONNX model. */
export interface OpenedModel {
  file: string;
  onnx: OnnxTeacher;
  /** With the classes of the data that it is asked about. */
  fitted: ExternalModel;
}

export type AnyModel = OwnModel | OpenedModel;

export function architectureOf(loaded: OwnModel): Architecture {
  return 'model' in loaded ? loaded.model.architecture : loaded.architecture;
}

/** Models of ours of either kind. */
export function loadAnyModels(paths: readonly string[]): Promise<OwnModel[]> {
  return oneByOne(paths, async (file) => {
    const bytes = await read(file);
    return decodeSafetensors(bytes, file).metadata.format === INT8
      ? decodeInt8(bytes, file)
      : loaded(bytes, file);
  });
}

function loaded(bytes: Uint8Array, file: string): LoadedModel {
  const { model, metadata } = decodeModel(bytes, file);
  const { classNames } = model;
  return { file, model, ...(classNames && { classNames }), ...preparationIn(metadata, file) };
}

/** All at once would need a file descriptor for each. */
async function oneByOne<T>(paths: readonly string[], load: (path: string) => Promise<T>): Promise<T[]> {
  const loaded: T[] = [];
  for (const path of paths) loaded.push(await load(path));
  return loaded;
}

/** @throws DistillError 'bad-file' */
export async function decodeInt8(bytes: Uint8Array, file: string): Promise<Int8Model> {
  const { metadata } = decodeSafetensors(bytes, file);
  await load(bytes).catch((error: Error) => {
    if (!(error instanceof DistillError)) throw error;
    throw new DistillError(error.code, error.message.replace(/^the student/, file), { cause: error });
  }); // It checks the architecture, and that the weights are its own.
  const architecture = JSON.parse(metadata.architecture!) as Architecture;
  const named = metadata.classNames !== undefined && {
    classNames: JSON.parse(metadata.classNames) as string[],
  };
  return { file, bytes, architecture, ...named, ...preparationIn(metadata, file) };
}
