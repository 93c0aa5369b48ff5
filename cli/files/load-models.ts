import { decodeModel, type TrainedModel } from 'wasm-distill';
import { read } from './run-files.ts';

export interface LoadedModel {
  file: string;
  model: TrainedModel;
}

export function loadModels(paths: readonly string[]): Promise<LoadedModel[]> {
  return Promise.all(paths.map(async (file) => ({ file, model: decodeModel(await read(file), file).model })));
}
