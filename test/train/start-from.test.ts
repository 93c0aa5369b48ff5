import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type Engine,
  mlp,
  parseShorthand,
  startFrom,
  type TrainedModel,
  train,
  weightsSha256,
} from 'wasm-distill';
import { syntheticData } from '../support/golden.ts';
import { randomlyTrained } from '../support/models.ts';

/** A rate so small that no weight moves by half its last place. */
const still = { epochs: 1, batch: 100, recipe: { rate: 1e-30 } };
let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

const same = (a: TrainedModel, b: TrainedModel, name: string) =>
  expect(a.weights.get(name), name).toEqual(b.weights.get(name));

describe('startFrom', () => {
  const model = randomlyTrained(mlp([144, 24, 16, 10]));

  test('takes every layer that fits; another number of classes begins anew', async () => {
    const architecture = mlp([144, 24, 16, 5]);
    const start = startFrom(model, architecture);
    expect(start.taken).toEqual(['layer1.dense', 'layer2.dense']);
    expect(start.fresh).toEqual(['logits']);
    const data = syntheticData(200, 5);
    const begun = await train(engine, { architecture, data, seed: 3, initial: start, ...still });
    const fresh = await train(engine, { architecture, data, seed: 3, ...still });
    for (const name of start.weights.keys()) same(begun, model, name);
    same(begun, fresh, 'logits.weight');
    expect(begun.weights.get('logits.weight')!.some((w) => w !== 0)).toBe(true);
    expect(begun.weights.get('logits.bias')!.every((b) => Math.abs(b) < 1e-20)).toBe(true);
  });

  test('takes all of a model of the same shapes: as the model itself', async () => {
    const options = { architecture: model.architecture, data: syntheticData(200), seed: 3, ...still };
    const initial = startFrom(model, model.architecture);
    expect(initial.fresh).toEqual([]);
    const started = await train(engine, { ...options, initial });
    expect(await weightsSha256(started)).toBe(await weightsSha256(model));
  });

  test('takes a layer as a whole: a bias that fits isn’t taken without its weights', () => {
    const start = startFrom(model, mlp([100, 24, 16, 10]));
    expect(start.taken).toEqual(['layer2.dense', 'logits']);
    expect([...start.weights.keys()]).not.toContain('layer1.dense.bias');
  });

  test('begins the last layer anew where classes are others', () => {
    const named = { ...model, classNames: [...'abcdefghij'] };
    const last = (classNames?: string[]) => startFrom(named, model.architecture, { classNames }).fresh;
    expect(last([...'abcdefghij'])).toEqual([]);
    expect(last()).toEqual([]);
    expect(last([...'bacdefghij'])).toEqual(['logits']);
    // A model that doesn't say its classes: they may be the same.
    expect(startFrom(model, model.architecture, { classNames: [...'bacdefghij'] }).fresh).toEqual([]);
  });

  test('takes convolutions, batch norm with its statistics, and layers of branches', async () => {
    const of = (classes: number) => parseShorthand(`12x12x1 conv8k3 res8 gap dense${classes}`).architecture;
    const before = await train(engine, {
      architecture: of(10),
      data: syntheticData(200),
      seed: 1,
      epochs: 1,
    });
    const start = startFrom(before, of(7));
    expect(start.fresh).toHaveLength(1);
    expect([...start.weights.keys()].some((name) => name.endsWith('mean'))).toBe(true);
    expect(start.weights.size).toBe(before.weights.size - 2);
  });

  test('is refused where nothing fits, and for another network', async () => {
    expect(() => startFrom(model, mlp([144, 30, 7]))).toThrow(
      /no layer of the model fits the network: it has layer1.dense.weight \[144,24\], .* the network layer1.dense.weight \[144,30\]/,
    );
    const initial = startFrom(model, mlp([144, 24, 16, 5]));
    const options = { architecture: mlp([144, 20, 16, 10]), data: syntheticData(200), seed: 3, initial };
    await expect(train(engine, { ...options, ...still })).rejects.toThrow(
      /initial was made by startFrom\(\) for another network/,
    );
    expect(() => startFrom(model, mlp([144, 9, 10]), { classNames: 'ab' as never })).toThrow(/classNames/);
  });
});
