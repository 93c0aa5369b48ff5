import { expect, test } from 'vitest';
import { teacherEpochs } from '../../../cli/options/epochs.ts';

test('teachers get 1,500 steps, and at least the usual epochs', () => {
  const epochs = (samples: number, batch = 100) => teacherEpochs(samples, { batch, usual: 5 });
  expect([60_000, 30_000, 29_900, 5000, 4950, 1800].map((n) => epochs(n))).toEqual([5, 5, 6, 30, 30, 84]);
  expect(epochs(60_000, 1000)).toBe(25);
});

test('but no more than 200 epochs of few samples, unless those are usual', () => {
  expect(teacherEpochs(50, { batch: 100, usual: 5 })).toBe(200);
  expect(teacherEpochs(600, { batch: 100, usual: 5 })).toBe(200);
  expect(teacherEpochs(600, { batch: 100, usual: 400 })).toBe(400);
  expect(teacherEpochs(600, { batch: 16, usual: 5 })).toBe(40);
});
