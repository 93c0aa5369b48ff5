import { expect, test } from 'vitest';
import { classClusters } from 'wasm-distill/ensemble';

/** Predictions of one who knows 9 classes in blocks, and confuses each block's among themselves. */
function confused(blocks: readonly (readonly number[])[], classes: number, rows = 900): Float32Array {
  const probabilities = new Float32Array(rows * classes);
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  for (let r = 0; r < rows; r++) {
    const block = blocks.find((b) => b.includes(r % classes))!;
    const row = probabilities.subarray(r * classes, (r + 1) * classes);
    row.fill(0.1 / classes);
    const shares = block.map(random);
    const total = shares.reduce((a, b) => a + b);
    block.forEach((c, i) => {
      row[c]! += (0.9 * shares[i]!) / total;
    });
  }
  return probabilities;
}

test('classes that are predicted together come into one group', () => {
  const blocks = [
    [0, 4, 8],
    [1, 2],
    [3, 5, 6, 7],
  ];
  const groups = classClusters(confused(blocks, 9), { classes: 9, count: 3 });
  expect([...groups].sort((a, b) => a[0]! - b[0]!)).toEqual(blocks);
});

test('as many groups as classes are the classes, one group is all of them', () => {
  const predictions = confused([[0, 1, 2, 3]], 4);
  expect(classClusters(predictions, { classes: 4, count: 4 }).flat().sort()).toEqual([0, 1, 2, 3]);
  expect(classClusters(predictions, { classes: 4, count: 1 })).toEqual([[0, 1, 2, 3]]);
});

test('what can’t be grouped is refused', () => {
  const predictions = confused([[0, 1, 2, 3]], 4);
  expect(() => classClusters(predictions, { classes: 4, count: 5 })).toThrow(
    /4 classes can't make 5 clusters/,
  );
  expect(() => classClusters(predictions, { classes: 7, count: 2 })).toThrow(
    /3600 probabilities aren't whole rows of 7 classes/,
  );
  expect(() => classClusters(new Float32Array(0), { classes: 4, count: 2 })).toThrow(/aren't whole rows/);
  expect(() => classClusters(new Float32Array(8).fill(0.25), { classes: 4, count: 2 })).toThrow(
    /tell only 1 groups of classes apart/,
  );
  expect(() => classClusters(new Float32Array(8).fill(Number.NaN), { classes: 4, count: 2 })).toThrow(
    /are no probabilities/,
  );
});
