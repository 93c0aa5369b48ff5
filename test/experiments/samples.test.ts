import { expect, it } from 'vitest';
import { type Dataset, loadMnist, makeDataset } from 'wasm-distill';
import { choose, limited, split, testOf } from '../../experiments/samples.ts';

it('--split takes its test images from the training images', async () => {
  const { train } = await loadMnist();
  const parts = split(train);
  expect([parts.train.size, parts.test.size]).toEqual([50_000, 10_000]);
  const pixels = 28 * 28;
  expect(Buffer.compare(bytes(parts.test), bytes(train).subarray(50_000 * pixels))).toBe(0);
  expect(Buffer.compare(bytes(parts.train), bytes(train).subarray(0, 50_000 * pixels))).toBe(0);
});

it('a limit leaves the first images, of both parts or of one', async () => {
  const task = await loadMnist();
  const { train, test } = limited(task, { limit: 30, tested: 20 });
  expect([train.size, test.size]).toEqual([30, 20]);
  expect(Buffer.compare(bytes(test), bytes(task.test).subarray(0, 20 * 28 * 28))).toBe(0);
  expect([...train.labels]).toEqual([...task.train.labels.subarray(0, 30)]);
  expect(limited(task, { limit: 30 }).test).toBe(task.test);
  expect(limited(task, {}).train).toBe(task.train);
});

it('some classes alone are counted anew, under their names, in the test images too', async () => {
  const { train, test } = await loadMnist();
  const samples = { classes: [7, 5], alone: true };
  const { labels, ...chosen } = choose(train, samples, 1);
  expect([chosen.classes, chosen.classNames]).toEqual([2, ['7', '5']]);
  const digits = (label: number) => ['7', '5'][label];
  const before = [...train.labels].filter((label) => label === 7 || label === 5);
  expect([...labels].map(digits)).toEqual(before.map(String));
  const tested = testOf(test, samples);
  expect([...tested.labels].map(digits)).toEqual(
    [...test.labels].filter((label) => label === 7 || label === 5).map(String),
  );
  expect(testOf(test, { classes: [7, 5] })).toBe(test);
});

it('so many of each class are drawn by the seed', async () => {
  const { train } = await loadMnist();
  const samples = { classes: [5, 6], alone: true, each: 3 };
  const drawn = choose(train, samples, 1);
  expect([...drawn.labels]).toEqual([0, 0, 0, 1, 1, 1]);
  expect(bytes(choose(train, samples, 1))).toEqual(bytes(drawn));
  expect(bytes(choose(train, samples, 2))).not.toEqual(bytes(drawn));
});

function bytes({ inputs: { values } }: Dataset): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

it('a share of images whose classes take turns is refused: it would be of one class', async () => {
  const { inputs } = (await loadMnist()).test;
  const labels = Int32Array.from({ length: 10_000 }, (_, i) => i % 10);
  const inTurn = makeDataset({ inputs, labels });
  expect(() => choose(inTurn, { share: 0.1 }, 1)).toThrow(
    'a share of 0.1 has 0 samples of class 0, where 100 are due',
  );
  expect(choose(inTurn, { share: 0.13 }, 1).size).toBe(1300);
});
