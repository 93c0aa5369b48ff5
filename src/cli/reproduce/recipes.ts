import type { Lesson, Recipe } from './model.js';

/** A student's recipe, and what its soft targets are like. */
export interface SoftRecipe {
  recipe: Recipe;
  lesson: Pick<Lesson, 'temperature' | 'alpha' | 'form'>;
}

/** At what size, how often and by which recipes the experiments train. */
export interface Scale {
  /** Only the first training images (default: all). */
  limit?: number;
  /** How many seeds the headline rows have, and the others. */
  headlineSeeds: number;
  seeds: number;
  teacher: { hidden: readonly number[]; recipe: Recipe };
  /** Hidden layers of the student. */
  student: readonly number[];
  /** The student on labels alone, not regularised. */
  hard: Recipe;
  /** The student on the soft targets of one teacher, of images without jitter. */
  soft: SoftRecipe;
  /** The student on the soft targets that an ensemble makes of jittered images. */
  ensemble: SoftRecipe & { teachers: number };
}

/** Squared length of a unit's incoming weights at most 15 (Hinton et al. 2012, arXiv 1207.0580, appendix A). */
const MAX_NORM = Math.sqrt(15);

/** The paper's sizes, tuned on 50,000 training images with errors counted on the other 10,000 (--split). */
export const FULL: Scale = {
  headlineSeeds: 5,
  seeds: 3,
  teacher: {
    hidden: [1200, 1200],
    recipe: {
      epochs: 80,
      rate: 0.1,
      initialiser: 'he',
      optimiser: { kind: 'sgd', nesterov: true, maxNorm: MAX_NORM },
      jitter: 2,
      dropout: { input: 0, hidden: 0.2 },
    },
  },
  student: [800, 800],
  hard: { epochs: 30, rate: 0.1, initialiser: 'he', optimiser: { kind: 'sgd', nesterov: true } },
  soft: {
    recipe: { epochs: 40, rate: 0.02, initialiser: 0.01, optimiser: { kind: 'sgd', nesterov: true } },
    lesson: { temperature: 20, alpha: 0.1, form: 'two-term' },
  },
  ensemble: {
    recipe: {
      epochs: 60,
      rate: 0.02,
      initialiser: 0.01,
      optimiser: { kind: 'sgd', nesterov: true },
      jitter: 2,
    },
    lesson: { temperature: 20, alpha: 0.1, form: 'two-term' },
    teachers: 5,
  },
};

/** A few minutes altogether: smaller networks, fewer images, the same ordering. */
export const QUICK: Scale = {
  limit: 10_000,
  headlineSeeds: 2,
  seeds: 2,
  teacher: {
    hidden: [400, 400],
    recipe: { ...FULL.teacher.recipe, epochs: 15 },
  },
  student: [100, 100],
  hard: { ...FULL.hard, epochs: 15 },
  soft: { ...FULL.soft, recipe: { ...FULL.soft.recipe, epochs: 20, initialiser: 0.05 } },
  ensemble: {
    ...FULL.ensemble,
    recipe: { ...FULL.ensemble.recipe, epochs: 15, initialiser: 0.05 },
    teachers: 3,
  },
};
