import { afterAll, describe, expect, test } from 'vitest';
import { createEngine, mlp, predict, select, softTargets, type TrainedModel, train } from 'wasm-distill';
import { makeDataset } from 'wasm-distill/data';
import {
  hiddenOf,
  logitsOf,
  type MapClassesOptions,
  mapClasses,
  storedTeacher,
} from 'wasm-distill/objectives';
import { syntheticData } from '../support/golden.ts';

const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const data = { ...syntheticData(60), classNames: names };
const own = await train(engine, { architecture: mlp([144, 8, 10]), data, epochs: 2, seed: 3 });
const logits = await logitsOf(engine, [own], data);
const external = await storedTeacher(data, logits, { classNames: names });
const turned = [...names].reverse();

describe.each([
  ['a network', own],
  ['an external model', external],
])('%s', (_, model) => {
  test('answers in the order of the data’s classes', async () => {
    const mapped = await mapClasses(model, turned);
    expect(mapped.classNames).toEqual(turned);
    const found = await logitsOf(engine, [mapped], data);
    for (let i = 0; i < data.size; i++)
      expect([...found.subarray(10 * i, 10 * (i + 1))]).toEqual(
        [...logits.subarray(10 * i, 10 * (i + 1))].reverse(),
      );
    expect(await mapClasses(model, names)).toBe(model);
    const numbered = await mapClasses(model, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(await logitsOf(engine, [numbered], data)).toEqual(found);
  });

  test('gives classes that it doesn’t know the probability 0, at high temperatures too', async () => {
    const more = { ...data, classes: 12, classNames: ['new', ...names, 'other'] };
    const mapped = await mapClasses(model, more.classNames);
    const at = await predict(engine, model, data, { temperature: 20 });
    const { probabilities } = await softTargets(engine, [mapped], more, { temperature: 20 });
    for (let i = 0; i < data.size; i++) {
      const row = [...probabilities.subarray(12 * i, 12 * (i + 1))];
      expect([row[0], row[11]]).toEqual([0, 0]);
      for (const [c, p] of row.slice(1, 11).entries()) expect(p).toBeCloseTo(at[10 * i + c]!, 6);
    }
    const hot = await predict(engine, mapped, more, { temperature: 9000 });
    expect(hot[0]).toBe(0);
    expect(hot[1]).toBeCloseTo(0.1, 3);
  });

  test('drops classes that the data don’t have where told to, and what is left adds up to 1', async () => {
    const fewer = makeDataset({ inputs: data.inputs, labels: new Int32Array(60), classNames: ['j', 'a'] });
    await expect(mapClasses(model, ['j', 'a'])).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringMatching(/8 classes that the data don't have, such as "b", "c", "d"/),
    });
    const mapped = await mapClasses(model, ['j', 'a'], { extra: 'drop' });
    const all = await predict(engine, model, data);
    const found = await predict(engine, mapped, fewer);
    for (let i = 0; i < 60; i++) {
      const [a, j] = [all[10 * i]!, all[10 * i + 9]!];
      expect(found[2 * i]).toBeCloseTo(j / (a + j), 4);
    }
  });

  test.each<[string, readonly string[] | readonly number[], MapClassesOptions, RegExp]>([
    ['no class that it knows', ['x', 'y'], { extra: 'drop' }, /knows none of the classes/],
    ['a number that is no class', [0, 10], {}, /numbers from 0 to 9 and −1/],
    ['a class twice', [0, 0], {}, /class 0 of the model is that of two classes/],
    ['nothing', [], {}, /classes must be names/],
    ['too few names', ['a'], { names: ['a'] }, /10 different names/],
    ['another way', ['a'], { extra: 'keep' as 'drop' }, /extra must be 'drop'/],
  ])('is refused %s', async (_, classes, options, sentence) => {
    await expect(mapClasses(model, classes, options)).rejects.toThrow(sentence);
  });
});

test('a network keeps what is inside of it', async () => {
  const mapped = await mapClasses(own, turned);
  expect(await hiddenOf(engine, mapped, data)).toEqual(await hiddenOf(engine, own, data));
});

test('an external model of other classes has another hash', async () => {
  const mapped = await mapClasses(external, turned);
  expect(mapped.sha256).not.toBe(external.sha256);
  expect((await mapClasses(external, turned)).sha256).toBe(mapped.sha256);
});

test('names are given where the model says none', async () => {
  const bare: TrainedModel = { architecture: own.architecture, weights: own.weights };
  await expect(mapClasses(bare, turned)).rejects.toThrow(/doesn't say what its classes are called/);
  const mapped = await mapClasses(bare, turned, { names });
  const some = select(data, [1, 2]);
  expect(await predict(engine, mapped, some)).toEqual(
    await predict(engine, await mapClasses(own, turned), some),
  );
});
