import { type Dataset, DistillError, type TrainedModel } from 'wasm-distill';
import type { AnyModel, ExternalModel } from 'wasm-distill/data';
import { checkFits } from 'wasm-distill/graph';
import { type ModelReference, modelSha256 } from 'wasm-distill/jobs';
import type { OnnxTeacher } from 'wasm-distill/onnx';
import { loadModels } from '../files/load-models.ts';
import { kindOf } from '../files/targets.ts';
import { remembered } from '../onnx/remembered.ts';
import { isOnnx, type OnnxOptions, openOnnx } from '../onnx/teacher.ts';
import type { Progress } from '../terminal/progress.ts';
import { type ClassOptions, fitClasses } from './fit-classes.ts';

/** A model that is there, as jobs refer to it. */
export interface GivenModel {
  file: string;
  model: AnyModel;
  reference: ModelReference;
  /** What the model is made of, where it is an ONNX one. */
  onnx?: OnnxTeacher;
}

/** One of ours. */
export type GivenNetwork = GivenModel & { model: TrainedModel };

/** Who teaches: a network to be trained, or a model. */
export type NamedTeacher = { network: string; given?: undefined } | { given: GivenModel };

/** The same, as --teacher names it: ONNX models are opened for data. */
export type UnopenedTeacher =
  | { network: string; given?: undefined; onnx?: undefined }
  | { given: GivenNetwork; onnx?: undefined }
  | { onnx: string; given?: undefined };

const MODEL = /\.safetensors$/i;

/** A file if it exists or is called like a model; anything else is a network. @throws UsageError, DistillError */
export async function namedTeacher(text: string): Promise<UnopenedTeacher> {
  if (isOnnx(text)) return { onnx: text };
  const file = MODEL.test(text) || (await kindOf(text).catch(() => 'nothing')) === 'file';
  return file ? { given: await givenModel(text) } : { network: text };
}

/** The teacher, fit for the data. @throws DistillError */
export async function teacherFor(
  named: UnopenedTeacher,
  data: Dataset,
  options: ClassOptions & OnnxOptions,
  progress: Progress,
): Promise<NamedTeacher> {
  if (named.onnx !== undefined) return { given: await opened(named.onnx, data, options, progress) };
  return named.given ? { given: await teaching(named.given, data, options, progress) } : named;
}

async function opened(
  file: string,
  data: Dataset,
  options: ClassOptions & OnnxOptions,
  progress: Progress,
): Promise<GivenModel> {
  const onnx = await openOnnx(file, options, { samples: data.inputs, progress });
  try {
    const model = await fitClasses(`--teacher ${file}`, remembered(onnx), data, options, progress);
    checkClasses(file, model, data);
    return { file, model, onnx, reference: { kind: 'model', name: file, sha256: model.sha256 } };
  } catch (error) {
    await onnx.close();
    throw error;
  }
}

/** Ends the workers of those that have one. */
export async function closeTeachers(teachers: readonly GivenModel[]): Promise<void> {
  for (const { onnx } of teachers) await onnx?.close();
}

export async function givenModel(file: string): Promise<GivenNetwork> {
  const { model } = (await loadModels([file]))[0]!;
  return { file, model, reference: { kind: 'model', name: file, sha256: await modelSha256(model) } };
}

/** Each network as often as is asked for, each model once, in the order given. */
export function repeatedTeachers<T extends NamedTeacher | UnopenedTeacher>(
  named: readonly T[],
  times: number,
): T[] {
  return named.flatMap((one) => Array.from({ length: one.given ? 1 : times }, () => one));
}

/**
 * A model with the data's classes in their order, known by the hash of what it is then.
 * @throws DistillError 'mismatch' for samples or classes that it doesn't know.
 */
export async function teaching(
  given: GivenNetwork,
  data: Dataset,
  options: ClassOptions,
  progress: Progress,
): Promise<GivenNetwork> {
  const { file, reference } = given;
  const model = await fitClasses(`--teacher ${file}`, given.model, data, options, progress);
  checkTeaches({ ...given, model }, data);
  if (model === given.model) return given;
  return { file, model, reference: { ...reference, sha256: await modelSha256(model) } };
}

/** @throws DistillError 'mismatch' for samples or classes other than the model's. */
function checkTeaches({ file, model }: GivenNetwork, data: Dataset): void {
  try {
    checkFits(model.architecture, { shape: data.inputs.shape, classes: data.classes });
  } catch (error) {
    if (!(error instanceof DistillError)) throw error;
    throw new DistillError(error.code, `--teacher ${file}: ${error.message}`, { cause: error });
  }
}

function checkClasses(file: string, { classes }: ExternalModel, data: Dataset): void {
  if (classes !== data.classes)
    throw new DistillError(
      'mismatch',
      `--teacher ${file}: it knows ${classes} classes, but the data have ${data.classes}: --teacher-classes names its classes in its order`,
    );
}
