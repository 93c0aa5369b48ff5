import {
  type Architecture,
  type Dataset,
  labels,
  type Objective,
  parseShorthand,
  type TrainOptions,
  take,
} from 'wasm-distill';

import { type Settings, STUDENT_EPOCHS } from './settings.ts';

/** One network to train, by the library's own recipe. */
export interface Job {
  name: string;
  options: TrainOptions;
}

export function teacherJobs(settings: Settings, train: Dataset): Job[] {
  return Array.from({ length: settings.teachers }, (_, i) => ({
    name: `teacher ${i + 1}`,
    options: {
      architecture: network(settings.teacher, train),
      data: train,
      epochs: settings.teacherEpochs,
      seed: i + 1,
      augment: [{ shift: 1 }],
    },
  }));
}

/** A student: both start from the same weights and see the same images; only what they learn from differs. */
export function studentJob(
  name: 'hard' | 'distilled',
  settings: Settings,
  train: Dataset,
  objective: Objective = labels(),
): Job {
  return {
    name,
    options: {
      architecture: network(settings.student, train),
      data: transferSet(settings, train),
      epochs: STUDENT_EPOCHS,
      seed: 100,
      objective,
    },
  };
}

/** The images that both students see. */
export function transferSet({ images }: Settings, train: Dataset): Dataset {
  return take(train, images);
}

/** A network of bytes. It says so itself, as a checkpoint's weights are made a model with the job's architecture. */
function network(text: string, { inputs: { shape }, classes }: Dataset): Architecture {
  const input = { shape, values: 'bytes', normalization: { mean: [0], deviation: [255] } } as const;
  return parseShorthand(text, { input, classes }).architecture;
}
