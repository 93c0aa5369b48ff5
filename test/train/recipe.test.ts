import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  defaultRecipe,
  distill,
  distillation,
  type Engine,
  labels,
  mlp,
  type Recipe,
  type SoftTargets,
  softTargets,
  type TrainOptions,
  train,
  weightedSum,
  weightsSha256,
} from 'wasm-distill';
import { learningRates } from '#library/train/schedule.js';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(500);
const base = { architecture: mlp([144, 24, 10]), data, epochs: 3, seed: 5, batch: 64 } as const;
let engine: Engine;
let soft: SoftTargets;

beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
  soft = await softTargets(engine, [await train(engine, base)], data, { temperature: 8 });
});
afterAll(() => engine.close());

const hashOf = async (more: Partial<TrainOptions>) =>
  weightsSha256(await train(engine, { ...base, ...more }));

describe('the default recipe', () => {
  test('for labels: SGD with momentum, half a cosine from 0.1, the gradient clipped at norm 1', () => {
    expect(defaultRecipe(labels(), 10)).toEqual({
      rate: 0.1,
      schedule: 'cosine',
      warmup: 0,
      optimizer: { kind: 'sgd', momentum: 0.9 },
      clip: 1,
      initializer: 'he',
    });
  });

  test.each([
    [1, 0.2],
    [40, 0.2],
    [80, 0.1],
    [160, 0.05],
  ])('for soft targets over %i epochs: from %d', (epochs, rate) => {
    const objective = distillation({ soft, temperature: 8 });
    expect(defaultRecipe(objective, epochs)).toEqual({ ...defaultRecipe(labels(), epochs), rate });
    expect(defaultRecipe(weightedSum([1, labels()], [1, objective]), epochs).rate).toBe(rate);
  });

  test('is what happens where none is given', async () => {
    expect(await hashOf({})).toBe(await hashOf({ recipe: defaultRecipe(labels(), base.epochs) }));
    const objective = distillation({ soft, temperature: 8 });
    const recipe = defaultRecipe(objective, base.epochs);
    const short = await distill(engine, { ...base, soft, temperature: 8 });
    expect(await weightsSha256(short)).toBe(await hashOf({ objective, recipe }));
    expect(await weightsSha256(short)).not.toBe(
      await hashOf({ objective, recipe: { ...recipe, rate: 0.1 } }),
    );
  });

  test('has no say where one is given: without a clip of its own it has none', async () => {
    const given = await hashOf({ recipe: { rate: 0.1 } });
    expect(await hashOf({ recipe: { rate: 0.1, clip: 'none' } })).toBe(given);
    expect(await hashOf({ recipe: {} })).toBe(given);
    expect(await hashOf({ recipe: { rate: 0.1, clip: 1 } })).not.toBe(given);
  });
});

describe('the clip', () => {
  test.each<[string, Recipe]>([
    ['SGD', { rate: 0.1 }],
    ['Adam', { rate: 0.002, optimizer: { kind: 'adam', decay: 1e-4 } }],
  ])('above the norm changes nothing, %s', async (_, recipe) => {
    const none = await hashOf({ recipe: { ...recipe, clip: 'none' } });
    for (const clip of [1e4, 1e30, 3e38]) expect(await hashOf({ recipe: { ...recipe, clip } })).toBe(none);
    expect(await hashOf({ recipe: { ...recipe, clip: 0.01 } })).not.toBe(none);
  });

  test('at 1 changes nothing where the norm is below', async () => {
    const objective = weightedSum([1e-3, labels()]);
    const none = await hashOf({ objective, recipe: { clip: 'none' } });
    expect(await hashOf({ objective, recipe: { clip: 1 } })).toBe(none);
  });

  test('makes no more of a loss that is a thousand times as large', async () => {
    const loud = await hashOf({ objective: weightedSum([1024, labels()]), recipe: { clip: 1e-3 } });
    // Powers of two scale without rounding: the direction is the same, to the bit where the norm's is.
    const plain = await train(engine, { ...base, recipe: { clip: 1e-3 } });
    expect(loud).toBe(await weightsSha256(plain));
  });

  test('keeps a gradient that would blow up finite', async () => {
    const objective = weightedSum([1e12, labels()]);
    const recipe = { rate: 1 };
    await expect(train(engine, { ...base, objective, recipe })).rejects.toMatchObject({ code: 'diverged' });
    const kept = await train(engine, { ...base, objective, recipe: { ...recipe, clip: 1 } });
    for (const values of kept.weights.values()) expect(values.every(Number.isFinite)).toBe(true);
  });

  test('ends a run whose norm is too long for f32, instead of standing still', async () => {
    const objective = weightedSum([1e22, labels()]);
    await expect(train(engine, { ...base, objective, recipe: { clip: 1 } })).rejects.toMatchObject({
      code: 'diverged',
    });
  });

  test('doesn’t hide a NaN', async () => {
    const recipe = { initializer: 1e25, clip: 1 };
    await expect(train(engine, { ...base, recipe })).rejects.toMatchObject({ code: 'diverged' });
  });
});

describe('warm-up', () => {
  test('grows evenly to the rate, and the schedule begins there', () => {
    const cosine = { schedule: 'cosine', rate: 0.8, warmup: 0.4, total: 10 } as const;
    const rates = [...learningRates(cosine, 0, 10)];
    expect(rates.slice(0, 4)).toEqual([0.2, 0.4, 0.6, 0.8].map((rate) => expect.closeTo(rate, 6)));
    const rest = { ...cosine, warmup: 0, total: 6 };
    expect(rates.slice(4)).toEqual([...learningRates(rest, 0, 6)]);
    const constant = { ...cosine, schedule: 'constant' } as const;
    expect([...learningRates(constant, 2, 6)]).toEqual(
      [0.6, 0.8, 0.8, 0.8].map((rate) => expect.closeTo(rate, 6)),
    );
  });

  test('of the whole run ends at the rate', () => {
    const rates = learningRates({ schedule: 'cosine', rate: 1, warmup: 1, total: 5 }, 0, 5);
    expect([...rates]).toEqual([0.2, 0.4, 0.6, 0.8, 1].map((rate) => expect.closeTo(rate, 6)));
  });

  test('trains otherwise than without', async () => {
    expect(await hashOf({ recipe: { warmup: 0.2 } })).not.toBe(await hashOf({ recipe: {} }));
    expect(await hashOf({ recipe: { warmup: 0 } })).toBe(await hashOf({ recipe: {} }));
  });
});

test.each<[string, Recipe]>([
  ['clip 0', { clip: 0 }],
  ['a clip that f32 can’t hold', { clip: 1e300 }],
  ['rate 0', { rate: 0 }],
  ['a rate that f32 can’t hold', { rate: 1e300 }],
  ['a rate that is 0 in f32', { rate: 1e-60 }],
  ['a deviation below 0', { initializer: -0.1 }],
  ['warmup −1', { warmup: -1 }],
  ['momentum of Adam', { optimizer: { kind: 'adam', momentum: 0.9 } }],
  ['nesterov of Adam', { optimizer: { kind: 'adam', nesterov: true } }],
])('%s is refused', async (_, recipe) => {
  await expect(train(engine, { ...base, recipe })).rejects.toMatchObject({ code: 'bad-argument' });
});

test('temperatures whose square or inverse f32 can’t hold are refused', async () => {
  for (const temperature of [1e-30, 1e30])
    await expect(distill(engine, { ...base, soft, temperature })).rejects.toThrow(
      /the temperature must be a number from 1e-18 to 1e18/,
    );
});

test('more steps than are counted are refused before the first', async () => {
  await expect(
    train(engine, { ...base, batch: 1, epochs: 1_000_000, data: syntheticData(3000) }),
  ).rejects.toThrow(/the number of all steps must be a whole number from 1 to 2,147,483,647, not 3000000000/);
});
