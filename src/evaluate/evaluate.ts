import type { Engine } from '../backends/backend.js';
import { checkArray, checkEngine, checkNames, checkTemperature } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { checkData, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { checkModel } from '../nn/model-file.js';
import { AnyPredictor } from './any-predictor.js';
import { type AnyModel, checkAnyModels, isExternal } from './external.js';
import { CONTROL_NAMES, type ForwardControl } from './forward.js';

/** What predict() and evaluate() take besides data. */
export interface PredictOptions extends ForwardControl {
  /** Temperature of every model's softmax (default 1, at which models are deployed). */
  temperature?: number;
}

/** What evaluate() counts on a data set. */
export interface Evaluation {
  /** Labeled samples whose most probable class isn't the label. */
  errors: number;
  /** Labeled samples. */
  size: number;
  /** [samples, classes] */
  probabilities: Float32Array;
  /** confusion[label][predicted]; empty for more than 1,024 classes, as it would take gigabytes. */
  confusion: number[][];
}

/** Classes up to which confusions are counted. */
const MOST_CONFUSED = 1024;

/** Averaged probabilities of one or more models, networks or external ones: [size, classes]. */
export async function predict(
  engine: Engine,
  models: AnyModel | readonly AnyModel[],
  data: Dataset | SampleStream,
  options: PredictOptions = {},
): Promise<Float32Array> {
  checkNames(options, 'predict', ['temperature', ...CONTROL_NAMES]);
  const { temperature = 1, ...control } = options;
  checkEngine(engine);
  const list = modelList(models);
  checkData(data);
  checkTemperature(temperature);
  const predictor = await AnyPredictor.create(engine, list, data, { temperature });
  try {
    return await predictor.predict(control);
  } finally {
    await predictor.close();
  }
}

/** Errors and confusions of a model, or of an ensemble by its averaged probabilities. */
export async function evaluate(
  engine: Engine,
  models: AnyModel | readonly AnyModel[],
  data: Dataset | SampleStream,
  options: PredictOptions = {},
): Promise<Evaluation> {
  return score(await predict(engine, models, data, options), data);
}

/** One model or several, as a list. @throws DistillError 'bad-argument' for invalid models. */
function modelList(models: AnyModel | readonly AnyModel[]): readonly AnyModel[] {
  const list = Array.isArray(models) ? models : [models];
  if (list !== models && !isExternal(models)) checkModel(models);
  checkAnyModels(list, 'the models');
  return list;
}

/** Counts errors and confusions of given probabilities [size, classes]; unlabeled samples are left out. */
export function score(probabilities: Float32Array, data: Dataset | SampleStream): Evaluation {
  checkData(data);
  const { labels, classes, size } = data;
  demand(
    probabilities?.length === size * classes,
    () => `there are ${probabilities?.length} probabilities, but ${size} samples of ${classes} classes`,
  );
  const rows = classes <= MOST_CONFUSED ? classes : 0;
  const confusion = Array.from({ length: rows }, () => new Array<number>(classes).fill(0));
  let labeled = 0;
  let errors = 0;
  for (let i = 0; i < size; i++) {
    const label = labels[i]!;
    if (label < 0) continue;
    const predicted = mostProbable(probabilities.subarray(i * classes, (i + 1) * classes));
    labeled++;
    if (predicted !== label) errors++;
    const row = confusion[label];
    if (row) row[predicted]!++;
  }
  return { errors, size: labeled, probabilities, confusion };
}

/** Index of the greatest value; the first in a tie. */
export function mostProbable(row: Float32Array): number {
  checkArray(row, 'the row', 'Float32Array');
  return row.reduce((best, p, i) => (p > row[best]! ? i : best), 0);
}
