import {
  type Architecture,
  byteInput,
  type Dataset,
  distillationLoss,
  mlp,
  type TrainOptions,
  take,
} from 'wasm-distill';
import { type Settings, STUDENT_EPOCHS } from './settings.ts';

/** One network to train. */
export interface Job {
  name: string;
  options: TrainOptions;
}

export function teacherJobs(settings: Settings, train: Dataset): Job[] {
  return Array.from({ length: settings.teachers }, (_, i) => ({
    name: `teacher ${i + 1}`,
    options: {
      architecture: network(settings.teacherUnits, train),
      data: train,
      epochs: settings.teacherEpochs,
      seed: i + 1,
      jitter: 1,
    },
  }));
}

/** The student that learns from the labels alone. */
export function hardJob(settings: Settings, train: Dataset): Job {
  return {
    name: 'hard',
    options: {
      architecture: network(settings.studentUnits, train),
      data: transferSet(settings, train),
      epochs: STUDENT_EPOCHS,
      seed: 100,
      rate: 0.2,
    },
  };
}

/** The same student from the same first weights on the same images; only its targets differ. */
export function distilledJob(settings: Settings, train: Dataset, soft: Float32Array): Job {
  const { temperature, alpha } = settings;
  return {
    name: 'distilled',
    options: {
      ...hardJob(settings, train).options,
      soft,
      loss: (batch) => distillationLoss(batch, { temperature, alpha }),
    },
  };
}

/** The images that both students see. */
export function transferSet({ images }: Settings, train: Dataset): Dataset {
  return take(train, images);
}

function network(units: number, { height, width, classes }: Dataset): Architecture {
  return mlp([height * width, units, units, classes], { input: byteInput });
}
