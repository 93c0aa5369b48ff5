import type { Scale } from '../../../experiments/hinton-2015/recipes.ts';

const RECIPE = { epochs: 2, rate: 0.05 } as const;
const JITTERED = { ...RECIPE, jitter: 1 } as const;
const LOSS = { temperature: 4, alpha: 0.1, form: 'two-term' } as const;

export const TEACHER = { hidden: [40, 32], recipe: { epochs: 4, rate: 0.1, jitter: 1 } } as const;

/** Every experiment, in seconds. */
export const TINY: Scale = {
  headlineSeeds: 2,
  seeds: 2,
  teacher: TEACHER,
  student: [24, 16],
  hard: RECIPE,
  soft: { recipe: RECIPE, loss: LOSS },
  ensemble: { recipe: JITTERED, loss: LOSS, teachers: 2 },
  temperature: {
    widths: [
      { width: 8, recipe: RECIPE, seeds: 2 },
      { width: 12, recipe: RECIPE, seeds: 1 },
    ],
    temperatures: [
      { temperature: 1, rate: 0.1 },
      { temperature: 4, rate: 0.05 },
    ],
  },
  only78: RECIPE,
  sweep: {
    teacher: TEACHER,
    student: [20, 12],
    hard: RECIPE,
    soft: { recipe: RECIPE, loss: LOSS },
    seeds: 2,
  },
  few: {
    share: 0.1,
    plain: { hard: RECIPE, soft: RECIPE },
    jittered: { all: JITTERED, hard: JITTERED, soft: JITTERED },
  },
  labelShares: [0, 0.5, 1],
  forms: { alphas: [0, 0.5], fusion: RECIPE, unscaled: RECIPE },
  logits: { recipe: { epochs: 2, rate: 0.002 }, temperatures: [20] },
  features: { hidden: [24, 6], recipe: RECIPE, correlations: [1, 0.9], weight: 0.02 },
  specialists: {
    hidden: [32],
    recipe: { epochs: 4, rate: 0.1 },
    pairs: { training: 3000, validation: 1000, test: 300 },
    heldOut: 400,
    clusters: 3,
    clusterTemperature: 4,
    early: { epochs: 2, rate: 0.01, patience: 1 },
    soft: { epochs: 2, rate: 0.01, temperature: 4 },
  },
};
