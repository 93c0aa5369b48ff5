import { describe, expect, test } from 'vitest';
import { parseShorthand } from 'wasm-distill';
import type { ObjectiveOptions } from '../../../cli/options/objective.ts';
import { taughtBy } from '../../../cli/training/lesson.ts';

const network = (text: string) =>
  parseShorthand(text, { input: { shape: [28, 28, 1] }, classes: 10 }).architecture;

/** Layers 1, 3 and 5 of both are activations, 1 and 3 of maps: 14 × 14 and 7 × 7. */
const student = network('nobn conv4s2 conv6s2 dense12 dense10');
const teacher = network('nobn conv4s2 conv6s2 dense24 dense10');

function taught(objective: string, given: Partial<ObjectiveOptions> = {}) {
  const options: ObjectiveOptions & { objective: string } = {
    ...{ weight: undefined, taps: undefined, hintEpochs: undefined, alpha: undefined },
    ...{ loss: 'fusion' as const, temperature: 20, epochs: 9, chosen: new Set() },
    ...{ ...given, objective },
  };
  return taughtBy(options, { student, teacher, teachers: 1, external: undefined });
}

describe('--taps', () => {
  const said: [string, string, string][] = [
    // Features of relations are compared unless they alone are meant.
    ['at+sp', '1:1,3:3', '1 · labels + 1 · attention (layers teacher:student 1:1, 3:3) + 3000 · similarity'],
    ['at+sp', '3:3', '1 · labels + 1 · attention (layers teacher:student 3:3) + 3000 · similarity'],
    ['sp', '3:3', '1 · labels + 3000 · similarity (layers teacher:student 3:3)'],
    [
      'at+sp:layer=5,teacherLayer=5',
      '3:3',
      '1 · labels + 1 · attention (layers teacher:student 3:3) + 3000 · similarity (layers teacher:student 5:5)',
    ],
    [
      'at+fitnets:guided=1,hint=1',
      '1:1,3:3',
      "1 · fitnets (layers teacher:student 1:1), up to the student's layer 1; then 1 · labels + 1 · attention (layers teacher:student 1:1, 3:3)",
    ],
    [
      'sp+fitnets:guided=1,hint=1',
      '5:5',
      "1 · fitnets (layers teacher:student 1:1), up to the student's layer 1; then 1 · labels + 3000 · similarity (layers teacher:student 5:5)",
    ],
    ['self-distillation', '1', "1 · self-distillation (the student's layers 1)"],
    ['self-distillation', '1:3,5', "1 · self-distillation (the student's layers 3, 5)"],
  ];
  test.each(said)('%s has %s where they are meant', (objective, taps, sentence) => {
    expect(taught(objective, { taps }).said).toBe(sentence);
  });

  const sentences: [string, string, RegExp][] = [
    ['fitnets:guided=1,hint=1', '3:3', /--taps is given beside options that name the same layers/],
    ['at+fitnets', '1:1,3:3', /--taps: fitnets has one pair .* are 2: give one, or guided and hint/],
    ['sp', '1:1,3:3', /--taps: relations are of one pair .* are 2: give one, or layer and teacherLayer/],
    ['self-distillation', '9', /--taps: the student: there is no layer "9"/],
    ['at', '1', /--taps must be pairs of layers/],
  ];
  test.each(sentences)('of %s can’t be %s', (objective, taps, sentence) => {
    expect(() => taught(objective, { taps })).toThrow(sentence);
  });
});

describe('labels of weight 0', () => {
  test('are left out, so that no sample needs one', () => {
    const without = (objective: string, weight = 'labels=0') => {
      const { first, terms } = taught(objective, { weight });
      return [first?.terms, terms].map((stage) => stage?.map((term) => term.objective));
    };
    expect(without('at')).toEqual([undefined, ['attention']]);
    expect(without('fitnets')).toEqual([['fitnets'], ['kd']]);
    expect(without('kd+labels')).toEqual([undefined, ['kd']]);
    expect(without('fsp+kd+labels')).toEqual([['fsp'], ['kd']]);
    expect(without('at', 'at=0')).toEqual([undefined, ['labels', 'attention']]);
  });

  const sentences: [string, string, RegExp][] = [
    ['fsp', 'labels=0', /^--weight labels=0 leaves the second stage nothing to learn: give labels a weight/],
    ['fsp+labels', 'labels=0', /leaves the second stage nothing to learn: give labels a weight above 0$/],
    ['fsp+at', 'at=0,labels=0', /the second stage nothing to learn: give attention or labels a weight/],
    ['fsp', '0', /^--weight 0 leaves the first stage nothing to learn: give fsp a weight above 0$/],
    [
      'at',
      'at=0,labels=0',
      /leaves the student nothing to learn: give attention or labels a weight above 0$/,
    ],
    ['labels', '0', /^--weight 0 leaves the student nothing to learn: give labels a weight above 0$/],
  ];
  test.each(sentences)('%s learns nothing at %s', (objective, weight, sentence) => {
    expect(() => taught(objective, { weight })).toThrow(sentence);
  });
});
