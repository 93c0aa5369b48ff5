import { expect, test } from 'vitest';
import { createEngine, encodeInt8Model, encodeModel, mostProbable, predict } from 'wasm-distill';
import { load } from 'wasm-distill/infer';
import { randomImages, randomModel } from '../support/models.ts';

/** One block of k and several, whole panels and not, one layer and many. */
const shapes = [
  [1, 1],
  [5, 3, 2],
  [400, 12],
  [401, 24, 10],
  [33, 17, 25, 49, 3],
  [784, 800, 800, 10],
  [1203, 100, 256],
];

test.each(shapes)('the bits of the library, alone and in batches: %j', async (...layers) => {
  const model = randomModel(layers);
  const [pixels, classes] = [layers[0]!, layers.at(-1)!];
  const { data, inputs } = randomImages(131, pixels, classes);
  await using engine = await createEngine({ threads: 2 });
  const expected = await predict(engine, [model], data);
  const student = await load(encodeModel(model));
  expect([student.inputs, student.classes]).toEqual([pixels, classes]);

  for (const n of [131, 2, 3]) {
    const { labels, probabilities } = student.predictBatch(inputs.subarray(0, n * pixels), n);
    expect(probabilities).toEqual(expected.slice(0, n * classes));
    expect([...labels]).toEqual(
      Array.from({ length: n }, (_, i) => mostProbable(expected.subarray(i * classes, (i + 1) * classes))),
    );
  }
  for (const i of [0, 7, 130]) {
    const { label, probabilities } = student.predict(inputs.subarray(i * pixels, (i + 1) * pixels));
    expect(probabilities).toEqual(expected.slice(i * classes, (i + 1) * classes));
    expect(label).toBe(mostProbable(probabilities));
  }
});

test('a lone image, which the library sums in another order: alike up to rounding', async () => {
  const model = randomModel([784, 100, 10]);
  const { data, inputs } = randomImages(1, 784, 10);
  await using engine = await createEngine({ threads: 1 });
  const expected = await predict(engine, [model], data);
  const { probabilities } = (await load(encodeModel(model))).predict(inputs);
  probabilities.forEach((p, i) => {
    expect(Math.abs(p - expected[i]!)).toBeLessThan(1e-6);
  });
});

test('8-bit students: the same bits alone and in batches, near those of f32', async () => {
  for (const layers of shapes) {
    const model = randomModel(layers);
    const [pixels, classes] = [layers[0]!, layers.at(-1)!];
    const { inputs } = randomImages(131, pixels, classes);
    const exact = (await load(encodeModel(model))).predictBatch(inputs, 131);
    const student = await load(encodeInt8Model(model));
    const { probabilities } = student.predictBatch(inputs, 131);
    probabilities.forEach((p, i) => {
      expect(Math.abs(p - exact.probabilities[i]!)).toBeLessThan(0.03);
    });
    for (const i of [0, 130]) {
      const alone = student.predict(inputs.subarray(i * pixels, (i + 1) * pixels));
      expect(alone.probabilities).toEqual(probabilities.slice(i * classes, (i + 1) * classes));
    }
  }
});

test('results are the caller’s own, and what was predicted before leaves no trace', async () => {
  for (const encode of [encodeModel, encodeInt8Model]) {
    const student = await load(encode(randomModel([5, 17, 3])));
    const small = new Float32Array([0.1, 0.2, 0.3, 0.4, 0.5]);
    const first = student.predict(small);
    const kept = [...first.probabilities];
    student.predictBatch(new Float32Array(150 * 5).fill(1000), 150);
    expect([...first.probabilities]).toEqual(kept);
    expect(student.predict(small)).toEqual(first);
    expect(student.predictBatch(new Float32Array(0), 0)).toEqual({
      labels: new Int32Array(0),
      probabilities: new Float32Array(0),
    });
  }
});

test('10,000 predictions take no more memory', async () => {
  const student = await load(encodeModel(randomModel([20, 30, 4])));
  const input = new Float32Array(20).fill(0.5);
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 10_000; i++) student.predict(input);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20);
});
