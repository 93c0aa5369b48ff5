import { expect, test } from 'vitest';
import { makeDataset, select } from 'wasm-distill';

const data = makeDataset({
  inputs: { shape: [1, 2, 1], values: Uint8Array.from([1, 2, 3, 4, 5, 6]) },
  labels: [0, 1, 2],
  classes: 3,
  name: 'three',
});

test('select copies the samples named, in the order named', () => {
  const some = select(data, [2, 0, 2]);
  expect([...some.inputs.values]).toEqual([5, 6, 1, 2, 5, 6]);
  expect([...some.labels]).toEqual([2, 0, 2]);
  expect(some).toMatchObject({ size: 3, classes: 3, inputs: { shape: [1, 2, 1] } });
  some.inputs.values[0] = 9;
  expect(data.inputs.values[4]).toBe(5);
});

test('select refuses no samples and samples that there are not', () => {
  expect(() => select(data, [])).toThrow('a data set of no samples was asked for');
  for (const i of [3, -1, 0.5, Number.NaN])
    expect(() => select(data, [0, i])).toThrow(`there is no sample ${i}: they go from 0 to 2`);
});
