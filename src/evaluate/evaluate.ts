import type { Engine } from '../backends/backend.js';
import { checkArray, checkNames, checkTemperature } from '../checks.js';
import type { Dataset, Samples } from '../data/dataset.js';
import { checkData, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import type { Architecture } from '../nn/architecture.js';
import { meanProbabilities } from '../nn/ensemble.js';
import { checkModel, checkModels, type TrainedModel } from '../nn/model-file.js';
import { CONTROL_NAMES, Forward, type ForwardControl } from './forward.js';

export interface PredictOptions extends ForwardControl {
  /** Temperature of every model's softmax (default 1, at which models are deployed). */
  temperature?: number;
}

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

/** Models loaded into an engine, ready to predict any number of times; an ensemble's probabilities are averaged. */
export class Predictor {
  private constructor(private readonly forward: Forward) {}

  /** Compiles the forward pass of models of these architectures over one data set or stream; predict() supplies the weights. */
  static async create(
    engine: Engine,
    architectures: readonly Architecture[],
    data: Dataset | SampleStream,
    options: { temperature?: number | undefined; classes?: number } = {},
  ): Promise<Predictor> {
    checkNames(options, 'a predictor', ['temperature', 'classes']);
    const { temperature = 1, classes } = options;
    checkTemperature(temperature);
    return new Predictor(
      await Forward.create(
        engine,
        architectures,
        data,
        (models) =>
          meanProbabilities(
            models.map(({ logits }) => logits),
            temperature,
          ),
        { classes },
      ),
    );
  }

  /** Replaces the data's samples with others of the same number and shape. */
  show(inputs: Samples): Promise<void> {
    return this.forward.show(inputs);
  }

  /** The averaged probabilities of every sample, [size, classes]. */
  async predict(weights: readonly TrainedModel[], control: ForwardControl = {}): Promise<Float32Array> {
    checkModels(weights, 'the models');
    checkNames(control, 'the control', CONTROL_NAMES);
    return this.forward.run(weights, control);
  }

  close(): Promise<void> {
    return this.forward.close();
  }
}

/** Averaged probabilities of one or more models: [size, classes]. */
export async function predict(
  engine: Engine,
  models: TrainedModel | readonly TrainedModel[],
  data: Dataset | SampleStream,
  options: PredictOptions = {},
): Promise<Float32Array> {
  checkNames(options, 'predict', ['temperature', ...CONTROL_NAMES]);
  const { temperature, ...control } = options;
  const list = modelList(models);
  const predictor = await Predictor.create(
    engine,
    list.map((model) => model.architecture),
    data,
    { temperature },
  );
  try {
    return await predictor.predict(list, control);
  } finally {
    await predictor.close();
  }
}

/** Errors and confusions of a model, or of an ensemble by its averaged probabilities. */
export async function evaluate(
  engine: Engine,
  models: TrainedModel | readonly TrainedModel[],
  data: Dataset | SampleStream,
  options: PredictOptions = {},
): Promise<Evaluation> {
  return score(await predict(engine, models, data, options), data);
}

/** One model or several, as a list. @throws DistillError 'bad-argument' for invalid models. */
function modelList(models: TrainedModel | readonly TrainedModel[]): readonly TrainedModel[] {
  if (!Array.isArray(models)) {
    checkModel(models);
    return [models];
  }
  checkModels(models, 'the models');
  return models;
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
