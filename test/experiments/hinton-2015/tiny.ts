import type { Scale } from '../../../experiments/hinton-2015/recipes.ts';

const RECIPE = { epochs: 2, rate: 0.05 } as const;
const JITTERED = { ...RECIPE, augment: [{ shift: 1 }] } as const;
const LOSS = { temperature: 4, alpha: 0.1, form: 'two-term' } as const;

export const TEACHER = {
  network: '40,32,10',
  training: { epochs: 4, rate: 0.1, augment: [{ shift: 1 }] },
} as const;

/** Every experiment, in seconds. */
export const TINY: Scale = {
  headlineSeeds: 2,
  seeds: 2,
  teacher: TEACHER,
  better: { title: 'teacher', network: 'conv4k5s2v pool dense16 dense10', training: { epochs: 2 } },
  student: '24,16,10',
  hard: RECIPE,
  soft: { training: RECIPE, loss: LOSS },
  ensemble: { training: JITTERED, loss: LOSS, teachers: 2 },
  temperature: {
    widths: [
      { width: 8, training: RECIPE, seeds: 2 },
      { width: 12, training: RECIPE, seeds: 1 },
    ],
    temperatures: [
      { temperature: 1, rate: 0.1 },
      { temperature: 4, rate: 0.05 },
    ],
  },
  only78: RECIPE,
  sweep: {
    teacher: TEACHER,
    student: '20,12,10',
    hard: RECIPE,
    soft: { training: RECIPE, loss: LOSS },
    seeds: 2,
  },
  few: {
    share: 0.1,
    plain: { hard: RECIPE, soft: RECIPE },
    jittered: { all: JITTERED, hard: JITTERED, soft: JITTERED },
  },
  labelShares: [0, 0.5, 1],
  forms: { alphas: [0, 0.5], fusion: RECIPE, unscaled: RECIPE },
  logits: { training: { epochs: 2, rate: 0.002 }, temperatures: [20] },
  features: { network: '24,6,10', units: 6, training: RECIPE, correlations: [1, 0.9], weight: 0.02 },
  specialists: {
    network: '32,100',
    training: { epochs: 4, rate: 0.1 },
    pairs: { training: 3000, validation: 1000, test: 300 },
    heldOut: 400,
    clusters: 3,
    clusterTemperature: 4,
    early: { epochs: 2, rate: 0.01, patience: 1 },
    soft: { epochs: 2, rate: 0.01, temperature: 4 },
  },
};
