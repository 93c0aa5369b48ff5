import { expect, test } from 'vitest';
import { type Dataset, DistillError, makeDataset } from 'wasm-distill';
import { permutationImportance } from 'wasm-distill/data';

const rows = 200;
const values = Float32Array.from({ length: 3 * rows }, (_, i) => ((i * 37) % 101) / 101 - 0.5);

/** The class is whether the first number is positive. */
const data = makeDataset({
  inputs: { shape: [3], values },
  labels: Int32Array.from({ length: rows }, (_, i) => (i % 10 === 9 ? -1 : Number(values[3 * i]! > 0))),
  classes: 2,
});

/** Decides by the sum of some of the numbers. */
const by =
  (...columns: number[]) =>
  ({ inputs, size }: Dataset) =>
    Float32Array.from({ length: 2 * size }, (_, k) => {
      const i = Math.floor(k / 2);
      const sum = columns.reduce((all, column) => all + inputs.values[3 * i + column]!, 0);
      return Number(sum > 0) === k % 2 ? 1 : 0;
    });

test('what a model goes by is important, what it does not look at isn’t', async () => {
  const [first, second, third] = await permutationImportance(data, by(0), { seed: 1 });
  expect([second, third]).toEqual([0, 0]);
  // Half of the 180 labeled rows get a number of the other sign.
  expect(first).toBeGreaterThan(60);
  expect(first).toBeLessThan(120);
});

test('the same seed gives the same numbers, and the median is of several shuffles', async () => {
  const asked = { seed: 7, shuffles: 4 };
  const some = await permutationImportance(data, by(0, 1), asked);
  expect(await permutationImportance(data, async (one) => by(0, 1)(one), asked)).toEqual(some);
  expect(await permutationImportance(data, by(0, 1), { ...asked, seed: 8 })).not.toEqual(some);
});

test('rows are shown shuffled in one column at a time, a permutation of it', async () => {
  const seen: Dataset[] = [];
  const predict = (one: Dataset) => {
    seen.push(one);
    return by(0)(one);
  };
  await permutationImportance(data, predict, { seed: 1, shuffles: 2 });
  const [plain, shuffled] = seen as [Dataset, Dataset];
  expect([seen.length, plain.size, shuffled.size]).toEqual([2, 180, 180 * 6]);
  const column = (from: Dataset, first: number, c: number) =>
    Array.from({ length: 180 }, (_, i) => from.inputs.values[3 * (first + i) + c]!);
  for (let variant = 0; variant < 6; variant++)
    for (let c = 0; c < 3; c++) {
      const [before, after] = [column(plain, 0, c), column(shuffled, 180 * variant, c)];
      if (c !== Math.floor(variant / 2)) expect(after).toEqual(before);
      else {
        expect(after).not.toEqual(before);
        expect(after.sort()).toEqual(before.sort());
      }
    }
});

test('answers of another size, and data without labels, are refused', async () => {
  const short = permutationImportance(data, () => new Float32Array(3), { seed: 1 });
  await expect(short).rejects.toThrow(/predict must answer a Float32Array of 180 × 2 probabilities/);
  const none = makeDataset({ inputs: data.inputs, labels: new Int32Array(rows).fill(-1), classes: 2 });
  await expect(permutationImportance(none, by(0), { seed: 1 })).rejects.toThrow(DistillError);
});
