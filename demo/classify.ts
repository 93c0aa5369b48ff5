import {
  type Dataset,
  DistillError,
  type Engine,
  makeDataset,
  predict,
  type TrainedModel,
  take,
  train,
} from 'wasm-distill';
import { teacherTrainings } from './jobs.ts';
import type { Answers, Classifier } from './messages.ts';
import type { Settings } from './settings.ts';

/** The networks there are, by who they are; the teachers answer together. */
export type Classifiers = ReadonlyMap<Classifier, readonly TrainedModel[]>;

/** What each takes a digit of 28 × 28 bytes for. */
export async function classify(
  engine: Engine,
  classifiers: Classifiers,
  image: Uint8Array,
): Promise<Answers['classify']> {
  const answers: Answers['classify'] = {};
  for (const [who, models] of classifiers) answers[who] = await predict(engine, models, oneImage(image));
  return answers;
}

/** The teachers' soft targets of one digit, by teachers as they start out and as they are now. */
export async function soften(
  engine: Engine,
  untrained: readonly TrainedModel[],
  now: readonly TrainedModel[] | undefined,
  image: Uint8Array,
  temperature: number,
): Promise<Answers['soften']> {
  const data = oneImage(image);
  return {
    before: await predict(engine, untrained, data, { temperature }),
    now: now && (await predict(engine, now, data, { temperature })),
  };
}

/** The teachers of these settings as they are before their first step. */
export async function untrainedTeachers(
  engine: Engine,
  settings: Settings,
  data: Dataset,
): Promise<TrainedModel[]> {
  const models: TrainedModel[] = [];
  // Any data will do, but batch norm takes no batch of one.
  for (const training of teacherTrainings(settings)) {
    const weights = await firstWeights(engine, { ...training, data: take(data, 2) });
    models.push({ architecture: training.architecture, weights });
  }
  return models;
}

/** A training that is stopped before it starts hands out the weights it would have started from. */
async function firstWeights(
  engine: Engine,
  options: Parameters<typeof train>[1],
): Promise<TrainedModel['weights']> {
  let weights: TrainedModel['weights'] | undefined;
  try {
    await train(engine, options, {
      signal: AbortSignal.abort(),
      onCheckpoint: ({ tensors }) => {
        weights = tensors;
      },
    });
  } catch (error) {
    if (!(error instanceof DistillError) || error.code !== 'aborted') throw error;
  }
  return weights!;
}

/** A digit as all networks here take it: bytes, like MNIST's. What they make of bytes is in each model. */
function oneImage(values: Uint8Array): Dataset {
  return makeDataset({ inputs: { shape: [28, 28, 1], values }, labels: [-1] });
}
