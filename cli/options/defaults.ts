import type { Initializer, KdOptions } from 'wasm-distill';

export interface Defaults {
  data: string;
  teachers: number;
  /** Hidden layers of each teacher. */
  teacher: number[];
  /** Hidden layers of the student. */
  student: number[];
  temperature: number;
  alpha: number;
  loss: NonNullable<KdOptions['form']>;
  epochs: number;
  teacherEpochs: number;
  batch: number;
  /** 'auto': the rate of the loss's recipe. */
  lr: 'auto' | number;
  teacherLr: number;
  /** The teachers' jitter, dropout of hidden units, and greatest norm of a unit's weights (0 = none). */
  jitter: number;
  dropout: number;
  maxNorm: number;
  unlabeled: number;
  seed: number;
  threads: 'auto' | number;
}

/** What the command line does where it isn't told otherwise. */
export const DEFAULTS: Defaults = {
  data: 'mnist',
  teachers: 3,
  teacher: [1200, 1200],
  student: [800, 800],
  temperature: 20,
  alpha: 0.1,
  loss: 'fusion',
  epochs: 10,
  teacherEpochs: 5,
  batch: 100,
  lr: 'auto',
  teacherLr: 0.1,
  jitter: 1,
  dropout: 0,
  maxNorm: 0,
  unlabeled: 0,
  seed: 1,
  threads: 'auto',
};

export interface Recipe {
  lr: number;
  initializer: Initializer;
}

/**
 * How a network of the student's size learns best from each kind of target, by trials with the other defaults. Soft
 * targets like small first weights: with large ones, those of pixels that the training images hardly ever light up stay
 * as noise.
 */
export const RECIPES: Record<'hard' | Defaults['loss'] | 'brief-fusion', Recipe> = {
  hard: { lr: 0.1, initializer: 'he' },
  // Small weights take a while to get going: with fewer than BRIEF steps they end far behind (3,000 images, 9 epochs:
  // 1,117 errors against 506).
  'brief-fusion': { lr: 0.8, initializer: 'he' },
  fusion: { lr: 0.2, initializer: 0.01 },
  'two-term': { lr: 0.02, initializer: 0.01 },
};

/** Steps below which a run by fusion is brief. */
export const BRIEF = 2000;
