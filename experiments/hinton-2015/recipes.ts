import type { KdOptions } from 'wasm-distill/objectives';
import { CONVOLUTIONAL, CONVOLUTIONAL_QUICK } from '../convolutional.ts';
import type { SpecialistStudy } from '../experiment.ts';
import type { Model, Training } from '../model.ts';

/** At what size, how often and by which recipes the experiments train. */
export interface Scale {
  /** Only the first training images (default: all). */
  limit?: number;
  /** How many seeds the headline rows have, and the others. */
  headlineSeeds: number;
  seeds: number;
  teacher: Omit<Model, 'title'>;
  /** Of another kind, with fewer errors: students of one and of several are further rows. */
  better: Model;
  /** The student's network. */
  student: string;
  /** The student on labels alone, not regularized. */
  hard: Training;
  /** The student on the soft targets of one teacher, of images without jitter. */
  soft: { training: Training; loss: KdOptions };
  /** The student on the soft targets that an ensemble makes of jittered images. */
  ensemble: { training: Training; loss: KdOptions; teachers: number };
  /**
   * Students of two hidden layers of each width, small ones from more seeds; each temperature has a rate of its own, of
   * which a width may take a part.
   */
  temperature: {
    widths: readonly { width: number; training: Training; seeds: number; part?: number }[];
    temperatures: readonly { temperature: number; rate: number }[];
  };
  /** The student on 7s and 8s alone: a fifth of the images, so more epochs. */
  only78: Training;
  /** The student on a small share of the images, without jitter and with it. */
  few: { share: number; plain: FewSamples; jittered: FewSamples };
  /**
   * Student, in its two ways, of the experiments that train dozens of it; their teacher, which the students of other
   * temperatures have too (default: those above).
   */
  sweep?: Pick<Scale, 'teacher' | 'student' | 'hard' | 'soft' | 'seeds'>;
  /** Shares of the images that have labels. */
  labelShares: readonly number[];
  /** Weights of the hard labels; how fusion is learned, and two terms without T². */
  forms: { alphas: readonly number[]; fusion: Training; unscaled: Training };
  logits: { training: Training; temperatures: readonly number[] };
  /** A student whose last hidden layer has as many units as features are selected, at several greatest correlations. */
  features: {
    network: string;
    units: number;
    training: Training;
    correlations: readonly number[];
    weight: number;
  };
  /** What the generalist is like, and its specialists: one that leaves them something to learn. */
  specialists: { network: string; training: Training } & Omit<
    SpecialistStudy,
    'kind' | 'seeds' | 'generalist'
  >;
}

/** Recipes for the labels of a few images, their soft targets, and the labels of all (default: as the student elsewhere). */
export interface FewSamples {
  all?: Training;
  hard: Training;
  soft: Training;
}

/** Squared length of a unit's incoming weights at most 15 (Hinton et al. 2012, arXiv 1207.0580, appendix A). */
const MAX_NORM = Math.sqrt(15);
const NESTEROV = { kind: 'sgd', nesterov: true } as const;
/** What all trainings have. They were tuned without the clip that the library's default recipe has: one's own has none. */
const BASE = { optimizer: NESTEROV, clip: 'none' } as const;

const HARD: Training = { ...BASE, epochs: 12, rate: 0.1, initializer: 'he' };
/** Small first weights: large ones of pixels that the training images hardly ever light up stay as noise. */
const SOFT: Training = { ...BASE, epochs: 20, rate: 0.02, initializer: 0.01 };
/** Small batches: four times the steps, which at this rate still go well (larger batches diverge at four times the rate). */
const SOFT_LONG: Training = { ...SOFT, epochs: 30, batch: 25, rate: 0.01 };
const SWEEP_SOFT: Training = { ...SOFT, epochs: 10 };
const LOSS: KdOptions = { temperature: 20, alpha: 0.1, form: 'two-term' };
/** With every shift to learn from, the class of an image counts more than what its teachers think of the others. */
const ENSEMBLE_LOSS: KdOptions = { ...LOSS, temperature: 2 };

/** Tuned as 0.1 where fusion was multiplied by T. Now it is by T², so the steps are the same at a Tth of that. */
const FUSION_RATE = 0.1 / LOSS.temperature;

const TEACHER: Training = {
  ...BASE,
  epochs: 50,
  rate: 0.1,
  optimizer: { ...NESTEROV, maxNorm: MAX_NORM },
  augment: [{ shift: 2 }],
};
const SPECIALIST: Training = { ...BASE, epochs: 12, rate: 0.1, augment: [{ shift: 1 }] };
/** The teacher after its first cycle of learning rates. */
const FIRST: Model = {
  title: 'teacher, first cycle',
  network: 'nobn dense1200 drop.2 dense1200 drop.2 dense10',
  training: { ...TEACHER, initializer: 0.01 },
};

/** The paper's sizes. Recipes are tuned with --split. */
export const FULL: Scale = {
  headlineSeeds: 5,
  seeds: 3,
  // Warm restart (Loshchilov & Hutter 2017, arXiv 1608.03983): a second half cosine, from half the rate.
  teacher: { network: FIRST.network, training: { ...TEACHER, epochs: 40, rate: 0.05 }, from: FIRST },
  better: CONVOLUTIONAL,
  student: '800,800,10',
  hard: HARD,
  soft: { training: SOFT_LONG, loss: LOSS },
  ensemble: {
    training: { ...HARD, epochs: 60, rate: 0.06, augment: [{ shift: 2 }] },
    loss: ENSEMBLE_LOSS,
    teachers: 5,
  },
  temperature: {
    widths: [
      { width: 30, training: { ...SOFT, initializer: 'he', epochs: 20 }, seeds: 5, part: 0.5 },
      { width: 100, training: { ...SOFT, initializer: 'he', epochs: 10 }, seeds: 3 },
      { width: 300, training: { ...SOFT, epochs: 8 }, seeds: 3 },
      { width: 800, training: { ...SOFT, epochs: 5 }, seeds: 2 },
    ],
    // Two terms: the hotter, the larger the gradient of what is left to learn.
    temperatures: [
      { temperature: 1, rate: 0.08 },
      { temperature: 2, rate: 0.06 },
      { temperature: 2.5, rate: 0.04 },
      { temperature: 3, rate: 0.04 },
      { temperature: 4, rate: 0.02 },
      { temperature: 6, rate: 0.02 },
      { temperature: 8, rate: 0.02 },
      { temperature: 12, rate: 0.02 },
      { temperature: 20, rate: 0.02 },
      { temperature: 40, rate: 0.02 },
    ],
  },
  only78: { ...SOFT_LONG, epochs: 100 },
  few: {
    share: 0.03,
    plain: { hard: { ...HARD, epochs: 100 }, soft: { ...SOFT_LONG, epochs: 300 } },
    jittered: {
      all: { ...HARD, epochs: 60, augment: [{ shift: 2 }] },
      hard: { ...HARD, epochs: 300, augment: [{ shift: 2 }] },
      // The farther, the more there is to ask the teacher about; labels alone gain nothing from it.
      soft: { ...SOFT_LONG, epochs: 1000, augment: [{ shift: 4 }] },
    },
  },
  sweep: {
    teacher: FIRST,
    student: '300,300,10',
    hard: HARD,
    soft: { training: SWEEP_SOFT, loss: LOSS },
    seeds: 2,
  },
  labelShares: [0, 0.01, 0.1, 0.3, 1],
  forms: {
    alphas: [0, 0.1, 0.5, 1],
    fusion: { ...SWEEP_SOFT, rate: FUSION_RATE },
    unscaled: { ...SWEEP_SOFT, rate: 0.2 },
  },
  logits: { training: { ...SWEEP_SOFT, rate: 0.002 }, temperatures: [1, 4, 20, 100] },
  features: {
    network: '300,100,10',
    units: 100,
    training: { ...HARD, rate: 0.05 },
    correlations: [1, 0.8, 0.5],
    weight: 0.02,
  },
  specialists: {
    network: '100,100',
    training: { ...HARD, epochs: 10, augment: [{ shift: 1 }] },
    pairs: { training: 120_000, validation: 10_000, test: 10_000 },
    heldOut: 5_000,
    clusters: 10,
    clusterTemperature: 4,
    early: { ...SPECIALIST, patience: 3 },
    soft: { ...SPECIALIST, temperature: 1 },
  },
};

const QUICK_HARD: Training = { ...HARD, epochs: 15 };
const QUICK_SOFT: Training = { ...SOFT, epochs: 20, initializer: 0.05 };

/** Smaller networks, fewer images, fewer values: each experiment in less than three minutes on two cores. */
export const QUICK: Scale = {
  limit: 10_000,
  headlineSeeds: 2,
  seeds: 2,
  teacher: {
    network: 'nobn dense400 drop.2 dense400 drop.2 dense10',
    training: { ...FIRST.training, epochs: 15 },
  },
  better: CONVOLUTIONAL_QUICK,
  student: '100,100,10',
  hard: QUICK_HARD,
  soft: { training: QUICK_SOFT, loss: LOSS },
  ensemble: {
    training: { ...QUICK_HARD, rate: 0.06, augment: [{ shift: 2 }] },
    loss: ENSEMBLE_LOSS,
    teachers: 3,
  },
  temperature: {
    widths: [
      { width: 10, training: { ...QUICK_SOFT, initializer: 'he' }, seeds: 2, part: 0.5 },
      { width: 100, training: QUICK_SOFT, seeds: 2 },
    ],
    temperatures: [
      { temperature: 1, rate: 0.1 },
      { temperature: 2.5, rate: 0.06 },
      { temperature: 8, rate: 0.03 },
      { temperature: 20, rate: 0.02 },
    ],
  },
  only78: { ...QUICK_SOFT, epochs: 100 },
  few: {
    share: 0.06,
    plain: { hard: { ...HARD, epochs: 40 }, soft: { ...QUICK_SOFT, epochs: 100 } },
    jittered: {
      all: { ...QUICK_HARD, augment: [{ shift: 2 }] },
      hard: { ...HARD, epochs: 100, augment: [{ shift: 2 }] },
      soft: { ...QUICK_SOFT, epochs: 200, augment: [{ shift: 2 }] },
    },
  },
  labelShares: [0, 0.1, 1],
  forms: {
    alphas: [0, 0.1, 1],
    fusion: { ...QUICK_SOFT, rate: FUSION_RATE },
    unscaled: { ...QUICK_SOFT, rate: 0.2 },
  },
  logits: { training: { ...QUICK_SOFT, rate: 0.002 }, temperatures: [1, 20] },
  features: {
    network: '100,30,10',
    units: 30,
    training: { ...QUICK_HARD, rate: 0.05 },
    correlations: [1, 0.5],
    weight: 0.02,
  },
  specialists: {
    network: '50,100',
    training: { ...HARD, epochs: 5, augment: [{ shift: 1 }] },
    pairs: { training: 40_000, validation: 4_000, test: 10_000 },
    heldOut: 1_500,
    clusters: 10,
    clusterTemperature: 4,
    early: { ...SPECIALIST, patience: 2 },
    soft: { ...SPECIALIST, temperature: 1 },
  },
};
