import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Architecture, createEngine, type Engine, makeDataset, type TrainedModel } from 'wasm-distill';
import { activationsOf, hiddenOf } from 'wasm-distill/objectives';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

const architecture: Architecture = {
  input: { shape: [1, 2, 1] },
  layers: [
    { conv: 2, kernel: 1, name: 'eyes' },
    { relu: true, name: 'open' },
    { flatten: true },
    { dense: 3 },
  ],
};
const model: TrainedModel = {
  architecture,
  weights: new Map([
    ['eyes.weight', Float32Array.of(2, -1)],
    ['eyes.bias', Float32Array.of(0, 1)],
    ['3.weight', new Float32Array(12).fill(1)],
    ['3.bias', Float32Array.of(0, 0, 7)],
  ]),
};
/** More than a batch. */
const data = makeDataset({
  inputs: { shape: [1, 2, 1], values: Float32Array.from({ length: 300 }, (_, i) => i) },
  labels: new Int32Array(150),
  classes: 3,
});

test('a layer answers for every sample, by its name, its place and before its activation', async () => {
  const before = await activationsOf(engine, model, data, 'eyes');
  expect(before).toEqual(Float32Array.from({ length: 600 }, (_, at) => (at % 2 ? 1 - (at - 1) / 2 : at)));
  expect(await activationsOf(engine, model, data, 'open:pre')).toEqual(before);
  const after = await activationsOf(engine, model, data, '1');
  expect(after).toEqual(before.map((value) => Math.max(0, value)));
  expect(after).toEqual(await hiddenOf(engine, model, data));
  // x = 2 and 3: eyes open at 4, 0, 6, 0.
  expect([...(await activationsOf(engine, model, data, '3')).subarray(3, 6)]).toEqual([10, 10, 17]);
});

test('a layer that there isn’t, and samples of another shape are refused', async () => {
  await expect(activationsOf(engine, model, data, 'ears')).rejects.toMatchObject({
    code: 'bad-argument',
    message: expect.stringMatching(/no layer "ears".*eyes, open/),
  });
  const others = makeDataset({
    inputs: { shape: [3], values: new Float32Array(6) },
    labels: new Int32Array(2),
    classes: 3,
  });
  await expect(activationsOf(engine, model, others, 'eyes')).rejects.toMatchObject({ code: 'mismatch' });
  await expect(activationsOf(engine, model, data, 3 as never)).rejects.toMatchObject({
    code: 'bad-argument',
  });
});
