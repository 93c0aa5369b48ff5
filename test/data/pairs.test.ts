import { expect, test } from 'vitest';
import { loadMnist, makeDataset } from 'wasm-distill';
import { pairs } from 'wasm-distill/data';
import { sha256 } from 'wasm-distill/formats';

/** Sample k is k everywhere but for one pixel, and its class is k. */
const three = makeDataset({
  inputs: {
    shape: [2, 4, 1],
    values: Uint8Array.from(
      [0, 1, 2].flatMap((k) => [10 * k, 10 * k, 10 * k, 10 * k + 3, ...Array(4).fill(10 * k)]),
    ),
  },
  labels: [0, 1, 2],
  classes: 3,
  name: 'three',
});
const reshaped = (shape: number[]) => ({ ...three, inputs: { ...three.inputs, shape } });

test('each pair is two images side by side at half resolution, and its class says which', () => {
  const made = pairs(three, { seed: 1, count: 500 });
  expect(made).toMatchObject({ size: 500, classes: 9, inputs: { shape: [1, 4, 1] } });
  const seen = new Set<number>();
  for (let p = 0; p < made.size; p++) {
    const [left, right] = [Math.floor(made.labels[p]! / 3), made.labels[p]! % 3];
    // (4·10k + 3) / 4, rounded, is 10k + 1.
    expect([...made.inputs.values.subarray(4 * p, 4 * p + 4)]).toEqual([
      10 * left,
      10 * left + 1,
      10 * right,
      10 * right + 1,
    ]);
    seen.add(made.labels[p]!);
  }
  expect(seen.size).toBe(9);
});

test('the same seed gives the same pairs, a longer set begins with the shorter one, another seed gives others', () => {
  const made = pairs(three, { seed: 7, count: 40 });
  expect(pairs(three, { seed: 7, count: 40 })).toEqual(made);
  expect(pairs(three, { seed: 7, count: 60 }).labels.subarray(0, 40)).toEqual(made.labels);
  expect(pairs(three, { seed: 8, count: 40 }).labels).not.toEqual(made.labels);
});

test('100 classes of MNIST, about equally many of each, and always these', async () => {
  const { train } = await loadMnist();
  const made = pairs(train, { seed: 1, count: 10_000 });
  expect(made).toMatchObject({ classes: 100, inputs: { shape: [14, 28, 1] } });
  const counts = new Array<number>(100).fill(0);
  for (const label of made.labels) counts[label]!++;
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(170);
  expect(await sha256([made.inputs.values, Uint8Array.from(made.labels)])).toBe(
    'aea0827f3669c567f43c0a4748fa455fadf5d2722cb882b33a3e9c94b3c9cb21',
  );
});

test('what has no pairs is refused', () => {
  expect(() => pairs({ ...three, classes: 257 }, { seed: 1, count: 5 })).toThrow(
    /pairs of 257 classes have 66049: at most 65,536 are supported/,
  );
  expect(() => pairs(reshaped([1, 8, 1]), { seed: 1, count: 5 })).toThrow(
    /images of 1 × 8 pixels can't be halved/,
  );
  expect(() => pairs(three, { seed: -1, count: 5 })).toThrow(/the seed must be/);
  for (const count of [0, 1.5, Number.NaN])
    expect(() => pairs(three, { seed: 1, count })).toThrow(/the count must be/);
  for (const shape of [[8], [2, 2, 2]])
    expect(() => pairs(reshaped(shape), { seed: 1, count: 5 })).toThrow(
      `gray images of bytes are needed, not samples of shape [${shape}]`,
    );
  const floats = { ...three, inputs: { shape: [2, 4, 1], values: new Float32Array(24) } };
  expect(() => pairs(floats, { seed: 1, count: 5 })).toThrow(/gray images of bytes are needed, not floats/);
  const unlabeled = { ...three, labels: Int32Array.of(0, -1, 2) };
  expect(() => pairs(unlabeled, { seed: 1, count: 5 })).toThrow(/every image needs a label/);
});
