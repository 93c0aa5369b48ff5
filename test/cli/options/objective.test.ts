import { describe, expect, test } from 'vitest';
import {
  checkObjective,
  type ObjectiveOptions,
  ownTapsIn,
  tapsIn,
  tensorIn,
  weightsOf,
} from '../../../cli/options/objective.ts';

const typed = (options: Partial<ObjectiveOptions>) => () =>
  checkObjective({
    ...{ weight: undefined, taps: undefined, hintEpochs: undefined, alpha: undefined, objective: undefined },
    ...{ loss: 'fusion', temperature: 20, epochs: 9, ...options },
    chosen: new Set(Object.keys(options)),
  });

describe('options beside --objective', () => {
  test('are refused where nothing of the list reads them', () => {
    for (const objective of ['kd', 'dkd+kd'])
      expect(typed({ objective, loss: 'two-term', alpha: 0.5, temperature: 2 })).not.toThrow();
    expect(typed({ objective: 'dkd', loss: 'sum' })).toThrow(
      /^none of dkd has forms of its loss, as kd has: leave --loss out$/,
    );
    expect(typed({ objective: 'dkd', alpha: 0.5 })).toThrow(/leave --alpha out/);
    expect(typed({ objective: 'sp+fsp', temperature: 2 })).toThrow(
      /none of similarity, fsp has a temperature: leave --temperature out/,
    );
    // Its second stage learns soft targets.
    expect(typed({ objective: 'fitnets', temperature: 2 })).not.toThrow();
  });
});

describe('--weight', () => {
  const weights = (weight: string, ...names: Parameters<typeof weightsOf>[1]) => weightsOf({ weight }, names);

  test('is of one objective, or of each by its name or an alias', () => {
    expect(weights('5', 'kd', 'attention')).toEqual({ attention: 5 });
    expect(weights('5', 'kd')).toEqual({ kd: 5 });
    expect(weights('at=2, labels=0', 'attention')).toEqual({ attention: 2, labels: 0 });
  });

  const sentences: [string, Parameters<typeof weightsOf>[1], RegExp][] = [
    [
      '5',
      ['kd', 'labels'],
      /^--weight 5 is of one objective, but there are kd, labels: say --weight kd=5,labels=5$/,
    ],
    ['5', ['kd', 'attention', 'similarity'], /but there are attention, similarity: say/],
    ['at=1=2', ['attention'], /--weight must be a number of at least 0, or name=number .* not "1=2"/],
    ['at=1,at=2', ['attention'], /^--weight has attention twice$/],
    ['at=1,attention=2', ['attention'], /^--weight has attention twice$/],
    ['at=1,sp', ['attention', 'similarity'], /--weight must be a number of at least 0/],
  ];
  test.each(sentences)('%s of %s', (weight, names, sentence) => {
    expect(() => weights(weight, ...names)).toThrow(sentence);
  });
});

describe('--taps', () => {
  test('are pairs, or where nobody teaches layers of the student', () => {
    expect(tapsIn('conv2:1, pool:pre:0:pre')).toEqual([
      { teacher: 'conv2', student: '1' },
      { teacher: 'pool:pre', student: '0:pre' },
    ]);
    expect(() => tapsIn('1')).toThrow(/must be pairs of layers, teacher:student/);
    const own = ['1', 'conv2:pre', '0'].map((layer) => ({ teacher: layer, student: layer }));
    expect(ownTapsIn('1, conv2:pre, 3:0')).toEqual(own);
    expect(() => ownTapsIn('1,')).toThrow(/where nobody teaches, layers of the student/);
  });

  test('name a tensor of an ONNX teacher only for what looks inside of it', () => {
    expect(tensorIn({ objective: 'kd+at', taps: 'relu:0:1' })).toBe('relu:0');
    expect(tensorIn({ objective: 'kd+self-distillation', taps: '1' })).toBeUndefined();
  });
});
