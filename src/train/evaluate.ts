import type { Engine } from '../backends/backend.js';
import { type Dataset, samplesOf } from '../data/dataset.js';
import { DistillError } from '../errors.js';
import { checkFits } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import { ensembleProbabilities } from './ensemble.js';
import { Forward, type ForwardControl } from './forward.js';

export interface PredictOptions extends ForwardControl {
  /** Temperature of every model's softmax (default 1, at which models are deployed). */
  temperature?: number;
}

export interface Evaluation {
  /** Samples whose most probable class isn't the label. */
  errors: number;
  size: number;
  /** [size, classes] */
  probabilities: Float32Array;
  /** confusion[label][predicted] */
  confusion: number[][];
}

/** Models in an engine, ready to predict any number of times: an ensemble's probabilities are averaged. */
export class Predictor {
  private constructor(private readonly forward: Forward) {}

  /** Compiles the forward pass of models of these architectures over one data set; weights come with predict(). */
  static async create(
    engine: Engine,
    architectures: readonly TrainedModel['architecture'][],
    data: Dataset,
    temperature = 1,
  ): Promise<Predictor> {
    if (architectures.length === 0)
      throw new DistillError('bad-argument', 'at least one model is needed to predict');
    for (const architecture of architectures) checkFits(architecture, samplesOf(data));
    return new Predictor(
      await Forward.create(engine, architectures, data, (models, x) =>
        ensembleProbabilities(models, x, temperature),
      ),
    );
  }

  /** Puts other images, as many of the same size, in place of the data's. */
  show(images: Uint8Array): Promise<void> {
    return this.forward.show(images);
  }

  /** The averaged probabilities of every sample, [size, classes]. */
  predict(weights: readonly TrainedModel[], control: ForwardControl = {}): Promise<Float32Array> {
    return this.forward.run(weights, control);
  }

  close(): Promise<void> {
    return this.forward.close();
  }
}

/** Averaged probabilities of one or more models: [size, classes]. */
export async function predict(
  engine: Engine,
  models: readonly TrainedModel[],
  data: Dataset,
  options: PredictOptions = {},
): Promise<Float32Array> {
  const predictor = await Predictor.create(
    engine,
    models.map((model) => model.architecture),
    data,
    options.temperature,
  );
  try {
    return await predictor.predict(models, options);
  } finally {
    await predictor.close();
  }
}

/** Errors and confusions of a model, or of an ensemble by its averaged probabilities. */
export async function evaluate(
  engine: Engine,
  models: TrainedModel | readonly TrainedModel[],
  data: Dataset,
  options: PredictOptions = {},
): Promise<Evaluation> {
  const list = Array.isArray(models) ? (models as readonly TrainedModel[]) : [models as TrainedModel];
  return score(await predict(engine, list, data, options), data);
}

/** Counts errors and confusions of given probabilities. */
export function score(probabilities: Float32Array, { labels, classes, size }: Dataset): Evaluation {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < size; i++)
    confusion[labels[i]!]![mostProbable(probabilities.subarray(i * classes, (i + 1) * classes))]!++;
  const right = confusion.reduce((sum, row, i) => sum + row[i]!, 0);
  return { errors: size - right, size, probabilities, confusion };
}

/** Index of the greatest value; the first of equals. */
export function mostProbable(row: Float32Array): number {
  return row.reduce((best, p, i) => (p > row[best]! ? i : best), 0);
}
