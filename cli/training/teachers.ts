import { type Dataset, DistillError, type TrainedModel } from 'wasm-distill';
import { checkFits } from 'wasm-distill/graph';
import { type ModelReference, modelSha256 } from 'wasm-distill/jobs';
import { loadModels } from '../files/load-models.ts';
import { kindOf } from '../files/targets.ts';
import type { Progress } from '../terminal/progress.ts';
import { UsageError } from '../terminal/usage.ts';
import { type ClassOptions, fitClasses } from './fit-classes.ts';

/** A model that is there, as jobs refer to it. */
export interface GivenModel {
  file: string;
  model: TrainedModel;
  reference: ModelReference;
}

/** What --teacher names: a network to be trained, or a model. */
export type NamedTeacher = { network: string; given?: undefined } | { given: GivenModel };

const MODEL = /\.safetensors$/i;
const ONNX = /\.onnx$/i;

/** A file if it exists or is called like a model; anything else is a network. @throws UsageError, DistillError */
export async function namedTeacher(text: string): Promise<NamedTeacher> {
  const file = MODEL.test(text) || ONNX.test(text) || (await kindOf(text).catch(() => 'nothing')) === 'file';
  if (!file) return { network: text };
  if (ONNX.test(text))
    throw new UsageError(
      `--teacher ${text}: ONNX models can't teach yet: give a network, or a .safetensors file of wasm-distill`,
    );
  return { given: await givenModel(text) };
}

export async function givenModel(file: string): Promise<GivenModel> {
  const { model } = (await loadModels([file]))[0]!;
  return { file, model, reference: { kind: 'model', name: file, sha256: await modelSha256(model) } };
}

/** Each network as often as is asked for, each model once, in the order given. */
export function repeatedTeachers(named: readonly NamedTeacher[], times: number): NamedTeacher[] {
  return named.flatMap((one) => Array.from({ length: one.given ? 1 : times }, () => one));
}

/**
 * A model with the data's classes in their order, known by the hash of what it is then.
 * @throws DistillError 'mismatch' for samples or classes that it doesn't know.
 */
export async function teaching(
  given: GivenModel,
  data: Dataset,
  options: ClassOptions,
  progress: Progress,
): Promise<GivenModel> {
  const { file, reference } = given;
  const model = await fitClasses(`--teacher ${file}`, given.model, data, options, progress);
  checkTeaches({ ...given, model }, data);
  if (model === given.model) return given;
  return { file, model, reference: { ...reference, sha256: await modelSha256(model) } };
}

/** @throws DistillError 'mismatch' for samples or classes other than the model's. */
function checkTeaches({ file, model }: GivenModel, data: Dataset): void {
  try {
    checkFits(model.architecture, { shape: data.inputs.shape, classes: data.classes });
  } catch (error) {
    if (!(error instanceof DistillError)) throw error;
    throw new DistillError(error.code, `--teacher ${file}: ${error.message}`, { cause: error });
  }
}
