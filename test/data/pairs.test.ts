import { expect, test } from 'vitest';
import { loadMnist, makeDataset, pairs, sha256 } from 'wasm-distill';

/** Sample k is k everywhere but for one pixel, and its class is k. */
const three = makeDataset(
  {
    shape: [3, 2, 4],
    data: Uint8Array.from(
      [0, 1, 2].flatMap((k) => [10 * k, 10 * k, 10 * k, 10 * k + 3, ...Array(4).fill(10 * k)]),
    ),
  },
  { shape: [3], data: Uint8Array.from([0, 1, 2]) },
  3,
  'three',
);

test('each pair is two images side by side at half resolution, and its class says which', () => {
  const made = pairs(three, 1, 500);
  expect(made).toMatchObject({ size: 500, classes: 9, height: 1, width: 4 });
  const seen = new Set<number>();
  for (let p = 0; p < made.size; p++) {
    const [left, right] = [Math.floor(made.labels[p]! / 3), made.labels[p]! % 3];
    // (4·10k + 3) / 4, rounded, is 10k + 1.
    expect([...made.images.subarray(4 * p, 4 * p + 4)]).toEqual([
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
  const made = pairs(three, 7, 40);
  expect(pairs(three, 7, 40)).toEqual(made);
  expect(pairs(three, 7, 60).labels.subarray(0, 40)).toEqual(made.labels);
  expect(pairs(three, 8, 40).labels).not.toEqual(made.labels);
});

test('100 classes of MNIST, about equally many of each, and always these', async () => {
  const { train } = await loadMnist();
  const made = pairs(train, 1, 10_000);
  expect(made).toMatchObject({ classes: 100, height: 14, width: 28 });
  const counts = new Array<number>(100).fill(0);
  for (const label of made.labels) counts[label]!++;
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(170);
  expect(await sha256([made.images, made.labels])).toBe(
    'ff71e2f5b6e4c595a23e3b9d08e626e0436ee2db606958b761d36a521c61ef73',
  );
});

test('what has no pairs is refused', () => {
  expect(() => pairs({ ...three, classes: 17 }, 1, 5)).toThrow(
    /pairs of 17 classes have 289, but a label is one byte/,
  );
  expect(() => pairs({ ...three, height: 1, width: 8 }, 1, 5)).toThrow(
    /images of 1 × 8 pixels can't be halved/,
  );
  expect(() => pairs(three, -1, 5)).toThrow(/the seed must be/);
  for (const count of [0, 1.5, Number.NaN]) expect(() => pairs(three, 1, count)).toThrow(/the count must be/);
});
