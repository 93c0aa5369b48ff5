import { expect, it } from 'vitest';
import { estimate } from '../../experiments/estimate.ts';
import { context, named, reproduce } from './setting.ts';

/** Multiply-adds of a perceptron. */
const weights = (...layers: number[]) => layers.slice(1).reduce((sum, n, i) => sum + layers[i]! * n, 0);
const TEACHER = weights(784, 40, 32, 10);
const STUDENT = weights(784, 24, 16, 10);
/** Of conv4k5s2v pool dense16 dense10: 12 × 12 pixels, then 6 × 6. */
const CONVOLUTIONAL = 12 * 12 * 25 * 4 + weights(6 * 6 * 4, 16, 10);
/** Students: 2 for 2 epochs. */
const STUDENTS = 6 * 2 * 2 * STUDENT;
/** Teachers: 2 for 4 epochs, convolutional ones for 2, then 9 forward passes each; students of both. */
const TAUGHT = 6 * 2 * 4 * TEACHER + 2 * 9 * 2 * TEACHER + STUDENTS;
const BETTER_TAUGHT = 6 * 2 * 2 * CONVOLUTIONAL + 2 * 9 * 2 * CONVOLUTIONAL + STUDENTS;
const FLOPS = 1000 * (TAUGHT + BETTER_TAUGHT);

/** What the bar over everything was told. */
interface Told {
  total: number;
  from: number;
  done: number[];
}

function listening(onNote?: Parameters<typeof context>[0]) {
  const told: Told = { total: 0, from: 0, done: [] };
  const on = context(onNote);
  const { start } = on.progress;
  on.progress.start = (title, total, from = 0, ...rest) => {
    const bar = start(title, total, from, ...rest);
    if (!title.startsWith('all ')) return bar;
    Object.assign(told, { total, from });
    return { ...bar, update: (done) => void told.done.push(done) };
  };
  return { on, told };
}

it('a bar over all that is done, soft targets too, never goes back and ends full', async () => {
  const { on, told } = listening();
  await reproduce('mnist-ensemble', 'bar', { on });
  expect(told.total).toBeCloseTo(FLOPS / 1e9, 9);
  expect(told.from).toBe(0);
  expect(told.done).toEqual([...told.done].sort((a, b) => a - b));
  expect(told.done.at(-1)).toBe(told.total);
});

it('the bar begins with what an interrupted run has behind it', async () => {
  const stopping = listening((title, _, { controller }) => {
    // The first epoch of either, as the other may run ahead on its own thread.
    if (title.startsWith('ensemble student')) controller.abort();
  });
  await expect(reproduce('mnist-ensemble', 'bar-again', { on: stopping.on })).rejects.toThrow();
  const { on, told } = listening();
  await reproduce('mnist-ensemble', 'bar-again', { on });
  expect(told.total).toBeCloseTo((1000 * 2 * STUDENTS) / 1e9, 9);
  expect(told.from).toBeGreaterThanOrEqual((1000 * 6 * STUDENT) / 1e9);
  expect(told.done.every((done) => done >= told.from && done <= told.total)).toBe(true);
  expect(told.done.at(-1)).toBe(told.total);
});

it('the time that an experiment takes is estimated by the same arithmetic', async () => {
  expect(await estimate(named('mnist-ensemble'), 1000)).toBeCloseTo(FLOPS / 70e9, 9);
  // Of the images two of ten classes.
  const classes = await estimate(named('mnist-7-8'), 1000);
  const expected = 6 * 2 * (4 * 1000 * TEACHER + 2 * 200 * STUDENT) + 2 * 2 * 200 * TEACHER;
  expect(classes).toBeCloseTo(expected / 70e9, 9);
  // So many of each class, however many there are.
  const model = { title: 'few', network: '24,16,10', training: { epochs: 2 }, samples: { each: 3 } };
  const rows = [{ what: 'few', model, seeds: [1, 2] }];
  const few = await estimate({ name: 'few', shows: 'few', kind: 'comparison', rows }, 1000);
  expect(few).toBeCloseTo((6 * 2 * 2 * 30 * STUDENT) / 70e9, 9);
});
