import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Architecture,
  createEngine,
  type Dataset,
  type Engine,
  evaluate,
  mlp,
  mostProbable,
  select,
  type TrainedModel,
  train,
} from 'wasm-distill';
import { adjustBias } from 'wasm-distill/ensemble';
import { logitsOf } from 'wasm-distill/objectives';
import { withBias } from '#library/ensemble/bias-adjustment.js';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';

let engine: Engine;
let model: TrainedModel;
const data = syntheticData(1000);

beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
  // It has never seen classes 3 and 6.
  model = await train(engine, {
    architecture: mlp([144, 24, 10], { input: byteInput }),
    data: without(data, [3, 6]),
    epochs: 8,
    seed: 1,
  });
});
afterAll(() => engine.close());

describe('bias adjustment', () => {
  test('classes that were omitted are predicted as often as they occur, and most of them rightly', async () => {
    const frequency = data.labels.filter((label) => label === 3 || label === 6).length / data.size;
    const adjusted = await adjustBias(engine, model, data, { classes: [3, 6], frequency });
    const before = await evaluate(engine, model, data);
    const after = await evaluate(engine, adjusted, data);
    expect(before.confusion[3]![3]! + before.confusion[6]![6]!).toBeLessThan(5);
    const predicted = after.confusion.reduce((sum, row) => sum + row[3]! + row[6]!, 0);
    expect(predicted).toBe(Math.round(frequency * data.size));
    expect(after.errors).toBeLessThan(before.errors);
  });

  test.each([0, 0.013, 0.5, 0.999, 1])('the share of predictions is %d', async (frequency) => {
    const adjusted = await adjustBias(engine, model, data, { classes: [7], frequency });
    const logits = await logitsOf(engine, [adjusted], data);
    let predicted = 0;
    for (let i = 0; i < data.size; i++)
      if (mostProbable(logits.subarray(10 * i, 10 * i + 10)) === 7) predicted++;
    expect(predicted).toBe(Math.round(frequency * data.size));
  });

  test('moves nothing but these biases, each by the same amount, and leaves the model it was given alone', async () => {
    const before = new Map([...model.weights].map(([name, values]) => [name, values.slice()]));
    const adjusted = await adjustBias(engine, model, data, { classes: [7, 8], frequency: 0.01 });
    expect(model.weights).toEqual(before);
    const moved = [...adjusted.weights.get('logits.bias')!].map((b, i) => b - before.get('logits.bias')![i]!);
    expect(moved[7]).toBeLessThan(0);
    expect(moved[8]).toBeCloseTo(moved[7]!, 5);
    expect(moved.filter((amount) => amount !== 0)).toHaveLength(2);
    for (const name of ['layer1.dense.weight', 'layer1.dense.bias', 'logits.weight'])
      expect(adjusted.weights.get(name)).toEqual(before.get(name));
  });

  test('refuses classes that there are not, all classes, and what is no share', async () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    for (const classes of [[], [10], [-1], [1.5], [3, 3], all])
      await expect(adjustBias(engine, model, data, { classes, frequency: 0.1 })).rejects.toMatchObject({
        code: 'bad-argument',
      });
    for (const frequency of [-0.1, 1.1, Number.NaN])
      await expect(adjustBias(engine, model, data, { classes: [3], frequency })).rejects.toThrow(
        /the frequency must be a share from 0 to 1/,
      );
  });
});

function without(all: Dataset, classes: readonly number[]): Dataset {
  return select(
    all,
    [...all.labels.keys()].filter((i) => !classes.includes(all.labels[i]!)),
  );
}

test('the bias of the class layer is found by its role, whatever it is called and however deep it lies', () => {
  const architecture: Architecture = {
    input: { shape: [2] },
    layers: [{ name: 'logits', dense: 2 }, { relu: true }, { dense: 3 }, { dropout: 0.5 }],
  };
  const weights = new Map([
    ['logits.bias', Float32Array.of(1, 2)],
    ['2.bias', Float32Array.of(1, 2, 3)],
  ]);
  const adjusted = withBias({ architecture, weights, classNames: ['a', 'b', 'c'] }, [2], 4);
  expect(adjusted.weights.get('logits.bias')).toEqual(Float32Array.of(1, 2));
  expect(adjusted.weights.get('2.bias')).toEqual(Float32Array.of(1, 2, 7));
  expect(adjusted.classNames).toEqual(['a', 'b', 'c']);
});

test.each<[string, Architecture['layers'], RegExp]>([
  ['batch norm', [{ conv: 3, bias: false }, { norm: 'batch' }, { gap: true }], /layer 0 isn't simply added/],
  ['a ReLU', [{ conv: 3 }, { relu: true }, { gap: true }], /layer 0 isn't simply added/],
  ['others beside it', [{ concat: [[{ dense: 1 }], [{ dense: 2 }]] }], /layer 0\.1\.0 isn't simply added/],
  ['no bias', [{ conv: 3, bias: false }, { gap: true }], /layer 0 has no bias/],
])('a class layer with %s is refused', (_, layers, message) => {
  const weights = new Map<string, Float32Array>();
  expect(() => withBias({ architecture: { input: { shape: [2, 2, 1] }, layers }, weights }, [0], 1)).toThrow(
    message,
  );
});
