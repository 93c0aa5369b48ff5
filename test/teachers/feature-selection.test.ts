import { expect, test } from 'vitest';
import { createEngine, evaluate, mlp, type TrainOptions, train } from 'wasm-distill';
import { features, featuresOf, hiddenOf, selectFeatures } from 'wasm-distill/objectives';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';

const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);

/** [60, units] from a function for each unit. */
function activations(...units: ((i: number) => number)[]): Float32Array {
  return Float32Array.from({ length: 60 * units.length }, (_, at) =>
    units[at % units.length]!(Math.floor(at / units.length)),
  );
}
/** Something between 0 and 1 that has nothing to do with the label. */
const noise = (i: number, k: number) => ((i * 37 + k * 11) % 19) / 19;
const isClass = (i: number, c: number) => Number(i % 3 === c);

test('units that discriminate come first, those that repeat a better one and those that tell nothing are left out', () => {
  const values = activations(
    (i) => noise(i, 1), // 0 tells nothing
    (i) => isClass(i, 0) + 0.3 * noise(i, 2), // 1 tells class 0
    () => 7, // 2 is always the same
    (i) => 10 * isClass(i, 0) + 1 * noise(i, 3), // 3 tells class 0 better
    (i) => isClass(i, 1) + 0.5 * noise(i, 4), // 4 tells class 1
    (i) => 5 - 10 * isClass(i, 0) - 2 * noise(i, 2), // 5 repeats 3, turned round
  );
  expect(selectFeatures(values, labels, { count: 6, correlation: 0.7 })).toEqual([3, 4, 0]);
  expect(selectFeatures(values, labels, { count: 2, correlation: 0.7 })).toEqual([3, 4]);
  const all = selectFeatures(values, labels, { count: 6, correlation: 1 });
  expect(all.slice(0, 3)).toEqual([3, 5, 1]);
  expect(all).toHaveLength(5);
  expect([...featuresOf(values, { size: 60, selected: [4, 2] })].slice(2, 4)).toEqual([values[6 + 4], 7]);
});

test('a unit that is one number for each class has no variance within them and comes first', () => {
  const values = activations(
    (i) => 10 * isClass(i, 0) + noise(i, 3),
    (i) => isClass(i, 2),
  );
  expect(selectFeatures(values, labels, { count: 1, correlation: 1 })).toEqual([1]);
});

test('unlabeled samples are of no class: units are ranked as without them', () => {
  const values = activations(
    (i) => isClass(i, 0) + 0.3 * noise(i, 2),
    (i) => 10 * isClass(i, 0) + noise(i, 3),
    (i) => (i < 30 ? noise(i, 1) : 100 * noise(i, 5)),
    // Tells those that have no label from those that have, and nothing else.
    (i) => Number(i < 30) + 0.01 * noise(i, 6),
  );
  const hidden = labels.map((label, i) => (i < 30 ? label : -1));
  const options = { count: 2, correlation: 1 };
  expect(selectFeatures(values, hidden, options)).toEqual(
    selectFeatures(values.subarray(0, 4 * 30), labels.subarray(0, 30), options),
  );
  const none = new Int32Array(60).fill(-1);
  expect(() => selectFeatures(values, none, options)).toThrow(/no sample has a label/);
});

test('a student learns its teacher’s best units, and its labels with them', async () => {
  await using engine = await createEngine({ threads: 2 });
  const data = syntheticData(600);
  const base = { data, epochs: 8, seed: 1, batch: 64, recipe: { rate: 0.05 } } as const;
  const teacher = await train(engine, { ...base, architecture: mlp([144, 40, 10], { input: byteInput }) });
  const hidden = await hiddenOf(engine, teacher, data);
  expect(hidden).toHaveLength(600 * 40);
  expect(hidden.every((v) => v >= 0)).toBe(true);
  const selected = selectFeatures(hidden, data.labels, { count: 12, correlation: 0.6 });
  expect(selected).toHaveLength(12);
  const chosen = featuresOf(hidden, { size: data.size, selected });
  const options: TrainOptions = {
    ...base,
    architecture: mlp([144, 20, 12, 10], { input: byteInput }),
    objective: features({ features: chosen, units: 12, weight: 0.3 }),
  };
  const student = await train(engine, options);
  const plain = await train(engine, {
    ...options,
    objective: features({ features: chosen, units: 12, weight: 0 }),
  });
  const distance = async (model: typeof student) =>
    (await hiddenOf(engine, model, data)).reduce((sum, v, i) => sum + (v - chosen[i]!) ** 2, 0);
  expect(await distance(student)).toBeLessThan(0.3 * (await distance(plain)));
  expect((await evaluate(engine, student, data)).errors).toBeLessThan(200);
  await expect(
    train(engine, { ...options, architecture: mlp([144, 11, 10], { input: byteInput }) }),
  ).rejects.toThrow(/last hidden layer has 11 units, but there are 12 features/);
  const linear = await train(engine, {
    ...base,
    architecture: mlp([144, 10], { input: byteInput }),
    epochs: 1,
  });
  await expect(hiddenOf(engine, linear, data)).rejects.toThrow(/has no hidden layer/);
});

test('what is no layer of activations is refused', () => {
  const values = activations((i) => noise(i, 1));
  const options = { count: 1, correlation: 0.5 };
  expect(() => selectFeatures(values.subarray(1), labels, options)).toThrow(
    /59 activations aren't equally many/,
  );
  expect(() => selectFeatures(values.fill(Number.NaN, 3, 4), labels, options)).toThrow(/activation 3 is NaN/);
  const sound = activations((i) => noise(i, 1));
  expect(() => selectFeatures(sound, labels, { ...options, count: 0 })).toThrow(/the count must be/);
  expect(() => selectFeatures(sound, labels, { ...options, correlation: 2 })).toThrow(
    /between 0 and 1, not 2/,
  );
});
