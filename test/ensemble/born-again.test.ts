import { afterAll, expect, test } from 'vitest';
import { createEngine, distill, evaluate, mlp, train, weightsSha256 } from 'wasm-distill';
import { bornAgain } from 'wasm-distill/ensemble';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';

const engine = await createEngine({ threads: 2 });
afterAll(() => engine.close());

const options = {
  architecture: mlp([144, 16, 10], { input: byteInput }),
  data: syntheticData(300),
  epochs: 6,
  seed: 5,
};

test('each generation learns from the one before alone; together they are an ensemble', async () => {
  const models = await bornAgain(engine, { ...options, generations: 2 });
  const first = await train(engine, options);
  const shared = { temperature: 1, alpha: 0 };
  const second = await distill(engine, { ...options, ...shared, seed: 6, teachers: [first] });
  const third = await distill(engine, { ...options, ...shared, seed: 7, teachers: [second] });
  const hashes = (all: typeof models) => Promise.all(all.map((model) => weightsSha256(model)));
  expect(await hashes(models)).toEqual(await hashes([first, second, third]));
  expect((await evaluate(engine, models, options.data)).errors).toBeLessThan(150);
});

test('what is no number of generations, and an objective, are refused', async () => {
  await expect(bornAgain(engine, { ...options, generations: 0 })).rejects.toThrow(/generations must be/);
  const more = { ...options, generations: 1, objective: undefined };
  await expect(bornAgain(engine, more)).rejects.toThrow(/bornAgain has no option objective/);
});
