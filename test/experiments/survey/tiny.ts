import type { Scale } from '../../../experiments/survey/recipes.ts';

/** Every experiment, in seconds. */
export const TINY: Scale = {
  seeds: 2,
  teacher: { network: 'conv4k5s2v pool dense16', training: { epochs: 2, augment: [{ shift: 1 }] } },
  transfer: {
    first: [0, 1, 2, 3, 4],
    next: [5, 6, 7, 8, 9],
    student: { network: 'conv2k5s2v pool dense12', training: { epochs: 2 } },
    few: [
      { each: 2, training: { epochs: 4, batch: 5 } },
      { each: 5, training: { epochs: 2, batch: 5 } },
    ],
    loss: { temperature: 4, alpha: 0.1, form: 'two-term' },
  },
  ways: {
    teachers: 2,
    students: [
      { what: 'perceptron', network: '12,8' },
      { what: 'convolutional', network: 'conv2k5s2v pool' },
    ],
    temperatures: { survey: 20, mild: 4 },
    few: { share: 0.1, training: { epochs: 2, batch: 25 } },
    all: { epochs: 1 },
  },
};
