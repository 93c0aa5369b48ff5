import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Architecture, createEngine, type Engine, makeDataset, type TrainedModel } from 'wasm-distill';
import { attentionOf, gradientsOf } from 'wasm-distill/objectives';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

const values = Float32Array.from({ length: 4 * 6 }, (_, i) => ((i * 7) % 13) / 6 - 1);
const images = makeDataset({
  inputs: { shape: [2, 3, 1], values },
  labels: Int32Array.of(0, 1, -1, 1),
  classes: 2,
});

function modelOf(layers: Architecture['layers'], weights: Record<string, readonly number[]>): TrainedModel {
  return {
    architecture: { input: { shape: [2, 3, 1] }, layers },
    weights: new Map(Object.entries(weights).map(([name, list]) => [name, Float32Array.from(list)])),
  };
}

test('attention is the sum, or the greatest, of powers over the channels', async () => {
  const model = modelOf([{ conv: 2, kernel: 1 }, { flatten: true }, { dense: 2 }], {
    '0.weight': [1, -3],
    '0.bias': [0, 0],
    '2.weight': new Array<number>(24).fill(0),
    '2.bias': [0, 0],
  });
  const squares = await attentionOf(engine, model, images, '0');
  expect(squares.shape).toEqual([2, 3]);
  for (const [i, value] of squares.values.entries()) expect(value).toBeCloseTo(10 * values[i]! ** 2, 4);
  const greatest = await attentionOf(engine, model, images, '0', { power: 1, over: 'max' });
  for (const [i, value] of greatest.values.entries()) expect(value).toBeCloseTo(3 * Math.abs(values[i]!), 5);
  await expect(attentionOf(engine, model, images, '1')).rejects.toMatchObject({ code: 'bad-argument' });
  await expect(attentionOf(engine, model, images, 'nowhere')).rejects.toThrow(/no layer "nowhere"/);
  await expect(attentionOf(engine, model, images, '0', { over: 'all' as never })).rejects.toMatchObject({
    code: 'bad-argument',
  });
});

test('the gradient of a linear network is its weights times what it is wrong by; unlabeled samples have none', async () => {
  const weight = Array.from({ length: 12 }, (_, i) => ((i * 5) % 7) / 7 - 0.4);
  const model = modelOf([{ flatten: true }, { dense: 2 }], { '1.weight': weight, '1.bias': [0.1, -0.2] });
  const { shape, values: found } = await gradientsOf(engine, model, images);
  expect(shape).toEqual([2, 3, 1]);
  for (const [sample, label] of images.labels.entries()) {
    const x = values.subarray(sample * 6, sample * 6 + 6);
    const z = [0.1, -0.2].map((bias, c) => x.reduce((sum, one, u) => sum + one * weight[2 * u + c]!, bias));
    const p = 1 / (1 + Math.exp(z[0]! - z[1]!));
    const wrong = label < 0 ? [0, 0] : [1 - p - Number(label === 0), p - Number(label === 1)];
    for (let u = 0; u < 6; u++)
      expect(found[sample * 6 + u]).toBeCloseTo(
        wrong[0]! * weight[2 * u]! + wrong[1]! * weight[2 * u + 1]!,
        5,
      );
  }
  const unlabeled = { ...images, labels: new Int32Array(4).fill(-1) };
  await expect(gradientsOf(engine, model, unlabeled)).rejects.toThrow(/no sample has one/);
});
