import { describe, expect, test } from 'vitest';
import {
  type Architecture,
  createEngine,
  decodeModel,
  encodeInt8Model,
  encodeModel,
  mlp,
  predict,
  train,
} from 'wasm-distill';
import { makeDataset, standardize } from 'wasm-distill/data';
import { load } from 'wasm-distill/infer';
import { byteInput } from '#library/nn/specs.js';
import { faultOf } from '../support/faults.js';

const convolutional: Architecture = {
  input: { shape: [1, 2, 3] },
  layers: [{ conv: 2, kernel: 1 }, { flatten: true }, { dense: 2 }],
};

describe('standardize', () => {
  test('numbers by feature', () => {
    const values = Float32Array.of(1, 100, 3, 300);
    expect(standardize(mlp([2, 2]), { shape: [2], values }).input).toEqual({
      shape: [2],
      values: 'floats',
      normalization: { mean: [2, 200], deviation: [1, 100] },
    });
  });

  test('gray images and rows of bytes from 0 to 1', () => {
    const gray = standardize(mlp([4, 2]), { shape: [2, 2, 1], values: new Uint8Array(8) });
    expect(gray.input).toEqual({ shape: [4], ...byteInput });
    expect(standardize(mlp([4, 2]), { shape: [4], values: new Uint8Array(8) }).input).toEqual(gray.input);
  });

  test('color images by channel, pixel by pixel for a network of rows', () => {
    const samples = { shape: [1, 2, 3], values: Uint8Array.of(0, 10, 100, 4, 20, 100) };
    const normalization = { mean: [2, 15, 100], deviation: [2, 5, 1e30] };
    expect(standardize(convolutional, samples).input).toEqual({
      shape: [1, 2, 3],
      values: 'bytes',
      normalization,
    });
    const { mean, deviation } = standardize(mlp([6, 2]), samples).input.normalization!;
    expect([mean, deviation]).toEqual([
      [2, 15, 100, 2, 15, 100],
      [2, 5, 1e30, 2, 5, 1e30],
    ]);
  });

  test('leaves alone what the architecture says, and refuses what it does not take', async () => {
    const said = mlp([2, 2], { input: { values: 'floats' } });
    const samples = { shape: [2], values: Float32Array.of(1, 2) };
    expect(standardize(said, samples)).toBe(said);
    expect((await faultOf(() => standardize(mlp([3, 2]), samples))).code).toBe('mismatch');
    expect((await faultOf(() => standardize({} as never, samples))).code).toBe('bad-argument');
    expect((await faultOf(() => standardize(mlp([2, 2]), {} as never))).code).toBe('bad-argument');
  });

  test('what is constant becomes 0, whatever it is later', async () => {
    const values = Float32Array.of(5, 1, 5, 3, 5, 5);
    const { input } = standardize(mlp([2, 2]), { shape: [2], values });
    const architecture = { input, layers: [{ dense: 2 }] };
    const weights = new Map([
      ['0.weight', Float32Array.of(1, 0, 0, 1)],
      ['0.bias', new Float32Array(2)],
    ]);
    const { model } = decodeModel(encodeModel({ architecture, weights }), 'x');
    const data = makeDataset({
      inputs: { shape: [2], values: Float32Array.of(1e6, 3) },
      labels: [0],
      classes: 2,
    });
    await using engine = await createEngine({ threads: 1 });
    expect([...(await predict(engine, [model], data))]).toEqual([0.5, 0.5]);
  });
});

test('a table of features of all sizes is learnt, saved, and inferred with the same bits, with 8 bits nearly so', async () => {
  const rows = 300;
  const values = new Float32Array(rows * 4);
  const labels = Int32Array.from({ length: rows }, (_, i) => {
    const label = i % 3;
    values.set([1e4 + 10 * label + (i % 7), 1e-5 * ((i % 11) - 9 * label), 7, i % 5], i * 4);
    return label;
  });
  const data = makeDataset({ inputs: { shape: [4], values }, labels, classNames: ['a', 'b', 'c'] });
  const architecture = standardize(mlp([4, 20, 3]), data.inputs);
  await using engine = await createEngine({ threads: 1 });
  const trained = await train(engine, { architecture, data, epochs: 30, batch: 32, seed: 1 });
  const { model } = decodeModel(encodeModel(trained), 'x');
  expect(model.architecture.input).toEqual(architecture.input);
  const expected = await predict(engine, [model], data);
  const wrong = (probabilities: Float32Array) =>
    labels.filter((label, i) => {
      const row = probabilities.subarray(i * 3, i * 3 + 3);
      return row.indexOf(Math.max(...row)) !== label;
    }).length;
  expect(wrong(expected)).toBe(0);

  const student = await load(encodeModel(model));
  expect(student.predictBatch(values, rows).probabilities).toEqual(expected);
  const small = await load(encodeInt8Model(model));
  const { probabilities } = small.predictBatch(values, rows);
  expect(wrong(probabilities)).toBe(0);
  for (const [i, p] of probabilities.entries()) expect(Math.abs(p - expected[i]!)).toBeLessThan(0.05);
});
