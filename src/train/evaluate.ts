import type { Dataset } from '../data/dataset.js';
import { DistillError } from '../errors.js';
import { compile } from '../graph/program.js';
import type { Model } from '../nn/mlp.js';
import type { TrainedModel } from '../nn/model-file.js';
import { writeAtStep } from '../ops/effects.js';
import { imagesAt } from '../ops/gather.js';
import { atStep } from '../ops/step-read.js';
import { variable } from '../ops/tensor.js';
import type { Engine } from '../runtime/engine.js';
import type { Session } from '../runtime/session.js';
import { checkFits, ensembleOf, ensembleProbabilities, writeEnsemble } from './ensemble.js';

export interface PredictOptions {
  /** Temperature of every model's softmax (default 1, at which models are deployed). */
  temperature?: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { samples: number; totalSamples: number }) => void) | undefined;
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

const BATCH = 100;

/** Models in an engine, ready to predict any number of times: an ensemble's probabilities are averaged. */
export class Predictor {
  private constructor(
    private readonly session: Session,
    private readonly models: readonly Model[],
    private readonly output: ReturnType<typeof variable>,
    private readonly data: Dataset,
  ) {}

  /** Compiles the forward pass of models of these architectures over one data set; weights come with predict(). */
  static async create(
    engine: Engine,
    architectures: readonly TrainedModel['architecture'][],
    data: Dataset,
    temperature = 1,
  ): Promise<Predictor> {
    for (const { layers } of architectures) checkFits(layers, data);
    const models = ensembleOf(architectures, 'model');
    const batch = Math.min(BATCH, data.size);
    const steps = Math.ceil(data.size / batch);
    const images = variable('images', [data.size, data.height, data.width], 'u8');
    const order = variable('order', [steps, batch], 'i32');
    const output = variable('probabilities', [steps, batch, data.classes]);
    const probabilities = ensembleProbabilities(models, imagesAt(images, atStep(order)), temperature);
    const session = await engine.load(compile({ predict: [writeAtStep(output, probabilities)] }));
    await session.write(images, data.images);
    await session.write(
      order,
      Int32Array.from({ length: steps * batch }, (_, i) => (i < data.size ? i : -1)),
    );
    return new Predictor(session, models, output, data);
  }

  /** The averaged probabilities of every sample, [size, classes]. */
  async predict(
    weights: readonly TrainedModel[],
    { signal, onProgress }: PredictOptions = {},
  ): Promise<Float32Array> {
    await writeEnsemble(this.session, this.models, weights);
    const [steps, batch, classes] = this.output.shape as [number, number, number];
    const { size } = this.data;
    const report = (step: number) =>
      onProgress?.({ samples: Math.min(size, step * batch), totalSamples: size });
    const reached = await this.session.run('predict', { steps, signal, onStep: onProgress && report });
    if (reached < steps) throw new DistillError('aborted', 'the prediction was stopped');
    report(reached);
    const probabilities = (await this.session.read(this.output)).slice(0, size * classes);
    const bad = probabilities.findIndex((p) => !Number.isFinite(p));
    if (bad >= 0)
      throw new DistillError(
        'diverged',
        `the model gives ${probabilities[bad]} for sample ${Math.floor(bad / classes)}: its weights are unusable`,
      );
    return probabilities;
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

/** Averaged probabilities of one or more models: [size, classes]. */
export async function predict(
  engine: Engine,
  models: readonly TrainedModel[],
  data: Dataset,
  options: PredictOptions = {},
): Promise<Float32Array> {
  if (models.length === 0) throw new DistillError('bad-argument', 'at least one model is needed to predict');
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
