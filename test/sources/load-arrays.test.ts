import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { arrayDataset, loadNpy, loadSafetensors } from 'wasm-distill/data';
import { encodeNpy, encodeNpz, encodeSafetensors, type NumericArray } from 'wasm-distill/formats';
import { f32Tensor } from '#library/formats/safetensors.js';
import { faultOf, utf8 } from '../support/faults.js';

const folder = 'test/fixtures/arrays';
const array = (shape: number[], data: NumericArray['data']): NumericArray => ({ shape, data });
const range = (n: number) => Uint8Array.from({ length: n }, (_, i) => i);

describe('loadNpy', () => {
  test.each(['stored', 'deflated', 'piped'])('takes the parts of an npz, %s', async (file) => {
    const train = await loadNpy(`${folder}/${file}.npz`);
    expect([train.size, train.inputs.shape, [...train.labels]]).toEqual([4, [4], [0, 1, 2, 0]]);
    const test = await loadNpy(`${folder}/${file}.npz`, { part: 'test', classNames: train.classNames! });
    expect([[...test.inputs.values], [...test.labels]]).toEqual([
      [2, 3, 4, 5, 6, 0, 1, 2],
      [1, 2],
    ]);
    const missing = await faultOf(() => loadNpy(`${folder}/${file}.npz`, { part: 'val' }));
    expect([missing.code, missing.message]).toEqual([
      'missing',
      `${folder}/${file}.npz: no array is called as inputs of the part val are, such as x_val: name one as inputs; there are x_train, y_train, x_test, y_test`,
    ]);
  });

  test.each([
    ['x', 'y'],
    ['images', 'labels'],
    ['data', 'target'],
    ['X', 'Y'],
    ['train_images', 'train_labels'],
    ['X_train', 'y_train'],
  ])('finds %s and %s', async (x, y) => {
    const bytes = encodeNpz({
      other: array([1], Float32Array.of(5)),
      [y]: array([2, 1], BigInt64Array.of(1n, 0n)),
      [x]: array([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)),
    });
    const data = await loadNpy(bytes);
    expect([[...data.labels], data.inputs.shape]).toEqual([[1, 0], [3]]);
    expect([...(await loadNpy(bytes, { labels: false })).labels]).toEqual([-1, -1]);
  });

  test('takes arrays by name, and lists those there are', async () => {
    const bytes = encodeNpz({ a: array([2, 1], Float32Array.of(1, 2)), b: array([2], Int8Array.of(1, 0)) });
    expect([...(await loadNpy(bytes, { inputs: 'a', labels: 'b' })).labels]).toEqual([1, 0]);
    expect((await faultOf(() => loadNpy(bytes, { inputs: 'c' }))).message).toBe(
      `the data: the inputs "c" aren't there; there are a, b`,
    );
    expect((await faultOf(() => loadNpy(bytes))).message).toContain('no array is called as inputs are');
  });

  test('takes two npy files, names as labels', async () => {
    const inputs = encodeNpy(array([4, 2, 3], range(24)));
    const labelsFrom = new Uint8Array(readFileSync(`${folder}/unicode.npy`));
    const data = await loadNpy(inputs, { labelsFrom });
    expect(data.inputs).toEqual({ shape: [2, 3, 1], values: range(24) });
    expect([[...data.labels], data.classNames]).toEqual([
      [1, 0, -1, 2],
      ['Käse', 'cat', '😀x'],
    ]);
    expect((await loadNpy(inputs)).labels).toEqual(Int32Array.of(-1, -1, -1, -1));
    expect((await faultOf(() => loadNpy(inputs, { inputs: 'x' }))).message).toContain('is one array');
    expect((await faultOf(() => loadNpy(utf8('hello')))).message).toContain('is neither npy nor npz');
  });
});

describe('loadSafetensors', () => {
  test('takes tensors by name, narrow floats too', async () => {
    const labels = { name: 'y', dtype: 'U8', shape: [2], bytes: Uint8Array.of(1, 0) } as const;
    const halves = {
      name: 'x',
      dtype: 'BF16',
      shape: [2, 1],
      bytes: Uint8Array.of(0x80, 0x3f, 0, 0xc0),
    } as const;
    const data = await loadSafetensors(
      encodeSafetensors([
        f32Tensor('other', [1], Float32Array.of(1)),
        { ...halves, shape: [2, 1] },
        { ...labels, shape: [2] },
      ]),
    );
    expect([[...data.inputs.values], [...data.labels]]).toEqual([
      [1, -2],
      [1, 0],
    ]);
  });
});

describe('arrayDataset', () => {
  test('turns images with channels first', () => {
    const { inputs } = arrayDataset(array([2, 3, 2, 2], range(24)));
    expect(inputs.shape).toEqual([2, 2, 3]);
    expect([...inputs.values.slice(0, 6)]).toEqual([0, 4, 8, 1, 5, 9]);
    expect([...inputs.values.slice(21)]).toEqual([15, 19, 23]);
    expect(arrayDataset(array([2, 1, 3, 4], range(24))).inputs.shape).toEqual([3, 4, 1]);
    const last = arrayDataset(array([2, 2, 2, 3], range(24))).inputs;
    expect(last).toEqual({ shape: [2, 2, 3], values: range(24) });
  });

  test('keeps bytes and makes all others f32', () => {
    expect(arrayDataset(array([2, 2], range(4))).inputs.values).toEqual(range(4));
    expect(arrayDataset(array([2, 2], Float64Array.of(1, 2, 3, 0.1))).inputs.values).toEqual(
      Float32Array.of(1, 2, 3, 0.1),
    );
    expect(arrayDataset(array([3], Int16Array.of(1, 2, 3))).inputs.shape).toEqual([1]);
  });

  test.each<[NumericArray, NumericArray | undefined, string]>([
    [array([], Float32Array.of(1)), undefined, 'give [samples, …]'],
    [array([0, 3], new Float32Array(0)), undefined, 'give [samples, …]'],
    [array([2, 1], range(2)), array([3], range(3)), 'give one label a sample'],
    [array([2, 1], range(2)), array([2, 2], range(4)), 'give one label a sample'],
    [array([2, 1], range(2)), array([2], Float32Array.of(0, 0.5)), "regression isn't supported"],
    [array([2, 1], Float32Array.of(1, NaN)), undefined, 'number 0 of sample 1 is NaN'],
    [array([3, 1], range(2)), undefined, 'are no array of shape'],
  ])('refuses %o with %o', async (inputs, labels, message) => {
    const error = await faultOf(() => arrayDataset(inputs, { labels }));
    expect(error.message).toContain(message);
  });
});
