import type { KdOptions } from 'wasm-distill/objectives';
import type { Training } from '../model.ts';

/** A network without its last layer, which has a unit for each class, and how it is trained. */
export interface Trainee {
  network: string;
  training: Training;
}

/** At what size and how often the experiments train. */
export interface Scale {
  /** Only the first training images (default: all). */
  limit?: number;
  seeds: number;
  /** What students learn from, in all experiments. */
  teacher: Trainee;
  transfer: {
    /** Classes that are learned first, from all of their images, and those that there are few images of then. */
    first: readonly number[];
    next: readonly number[];
    /** The student, and how it learns the first classes. */
    student: Trainee;
    /** Images of each class, and epochs that are as many steps for all. */
    few: readonly { each: number; training: Training }[];
    loss: KdOptions;
  };
  ways: {
    teachers: number;
    students: readonly { what: string; network: string }[];
    /** The survey's T, and a milder one for two terms. */
    temperatures: { survey: number; mild: number };
    /** A small share of the images, and all. */
    few: { share: number; training: Training };
    all: Training;
  };
}

const SMALL = 'conv8k5s2v conv16k5v pool dense32';
const JITTERED = [{ shift: 2 }];

/** Minutes. Trainings say nothing of their recipe: all have the library's own. */
export const FULL: Scale = {
  seeds: 3,
  teacher: {
    network: 'conv16k5v pool conv32k5v pool dense128',
    training: { epochs: 3, augment: JITTERED },
  },
  transfer: {
    first: [0, 1, 2, 3, 4],
    next: [5, 6, 7, 8, 9],
    student: { network: SMALL, training: { epochs: 4 } },
    few: [
      { each: 10, training: { epochs: 80, batch: 10 } },
      { each: 30, training: { epochs: 27, batch: 10 } },
      { each: 100, training: { epochs: 8, batch: 10 } },
    ],
    loss: { temperature: 4, alpha: 0.1, form: 'two-term' },
  },
  ways: {
    teachers: 2,
    students: [
      { what: 'perceptron 100,100', network: '100,100' },
      { what: 'convolutional', network: SMALL },
    ],
    temperatures: { survey: 20, mild: 4 },
    few: { share: 0.03, training: { epochs: 30, batch: 50 } },
    all: { epochs: 1, batch: 50 },
  },
};

/** A sixth of the images, smaller teachers, fewer seeds: each in less than a minute on two cores. */
export const QUICK: Scale = {
  limit: 10_000,
  seeds: 2,
  teacher: { network: 'conv8k5s2v conv32k5v pool dense64', training: { epochs: 8, augment: JITTERED } },
  transfer: {
    ...FULL.transfer,
    student: { network: 'conv4k5s2v conv12k5v pool dense32', training: { epochs: 10 } },
    few: FULL.transfer.few.slice(0, 2),
  },
  ways: {
    ...FULL.ways,
    teachers: 1,
    students: [
      { what: 'perceptron 30,30', network: '30,30' },
      { what: 'convolutional', network: 'conv4k5s2v conv12k5v pool' },
    ],
    few: { share: 0.1, training: { epochs: 20 } },
    all: { epochs: 5 },
  },
};
