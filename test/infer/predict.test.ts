import { expect, test } from 'vitest';
import {
  type Architecture,
  createEngine,
  encodeInt8Model,
  encodeModel,
  mostProbable,
  predict,
} from 'wasm-distill';
import { network, ops, variable } from 'wasm-distill/graph';
import { load } from 'wasm-distill/infer';
import { byteInput } from '#library/nn/specs.js';
import { randomImages, randomlyTrained, randomModel } from '../support/models.ts';

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
  const model = randomModel(layers, 1, byteInput);
  const [pixels, classes] = [layers[0]!, layers.at(-1)!];
  const { data, images } = randomImages(131, pixels, classes);
  await using engine = await createEngine({ threads: 2 });
  const expected = await predict(engine, [model], data);
  const student = await load(encodeModel(model));
  expect([student.inputs, student.classes]).toEqual([pixels, classes]);

  for (const n of [131, 2, 3]) {
    const { labels, probabilities } = student.predictBatch(images.subarray(0, n * pixels), n);
    expect(probabilities).toEqual(expected.slice(0, n * classes));
    expect([...labels]).toEqual(
      Array.from({ length: n }, (_, i) => mostProbable(expected.subarray(i * classes, (i + 1) * classes))),
    );
  }
  for (const i of [0, 7, 130]) {
    const { label, probabilities } = student.predict(images.subarray(i * pixels, (i + 1) * pixels));
    expect(probabilities).toEqual(expected.slice(i * classes, (i + 1) * classes));
    expect(label).toBe(mostProbable(probabilities));
  }
});

test('a lone image, which the library sums in another order: alike up to rounding', async () => {
  const model = randomModel([784, 100, 10], 1, byteInput);
  const { data, images } = randomImages(1, 784, 10);
  await using engine = await createEngine({ threads: 1 });
  const expected = await predict(engine, [model], data);
  const { probabilities } = (await load(encodeModel(model))).predict(images);
  probabilities.forEach((p, i) => {
    expect(Math.abs(p - expected[i]!)).toBeLessThan(1e-6);
  });
});

test('8-bit students: the same bits alone and in batches, near those of f32', async () => {
  for (const layers of shapes) {
    const model = randomModel(layers, 1, byteInput);
    const [pixels, classes] = [layers[0]!, layers.at(-1)!];
    const { images } = randomImages(131, pixels, classes);
    const exact = (await load(encodeModel(model))).predictBatch(images, 131);
    const student = await load(encodeInt8Model(model));
    const { probabilities } = student.predictBatch(images, 131);
    probabilities.forEach((p, i) => {
      expect(Math.abs(p - exact.probabilities[i]!)).toBeLessThan(0.03);
    });
    for (const i of [0, 130]) {
      const alone = student.predict(images.subarray(i * pixels, (i + 1) * pixels));
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

/** Everything that a student can be made of, over images of three channels. */
const mixed: Architecture = {
  input: {
    shape: [4, 5, 3],
    values: 'bytes',
    normalization: { mean: [125.3, 123, 113.9], deviation: [63, 62.1, 66.7] },
  },
  layers: [
    { dropout: 0.2 },
    { flatten: true },
    { name: 'wide', dense: 33 },
    { dropout: 0.5 },
    { relu: true },
    { dense: 9 },
    { name: 'out', dense: 5 },
  ],
};

test('a network of images with a mean for each channel: the bits of the library, f32, and near them with 8 bits', async () => {
  const model = { ...randomlyTrained(mixed), classNames: ['a', 'b', 'c', 'd', 'e'] };
  const { images } = randomImages(131, 60, 5);
  const made = network(mixed);
  const x = variable('x', [131, 4, 5, 3]);
  const p = variable('p', [131, 5]);
  await using engine = await createEngine({ threads: 2 });
  const session = await engine.load({
    run: [ops.assign(p, ops.softmax(made.forward(x, 'infer').logits))],
  });
  for (const { name, variable: v } of made.parameters) await session.write(v, model.weights.get(name)!);
  await session.write(x, Float32Array.from(images));
  await session.run('run');
  const expected = await session.read(p);
  const student = await load(encodeModel(model));
  expect(student).toMatchObject({
    inputs: 60,
    shape: [4, 5, 3],
    classes: 5,
    classNames: ['a', 'b', 'c', 'd', 'e'],
  });
  expect(student.predictBatch(images, 131).probabilities).toEqual(expected);
  expect(student.predictBatch(Float32Array.from(images), 131).probabilities).toEqual(expected);
  expect(student.predict(images.subarray(60, 120)).probabilities).toEqual(expected.slice(5, 10));
  (await load(encodeInt8Model(model))).predictBatch(images, 131).probabilities.forEach((q, i) => {
    expect(Math.abs(q - expected[i]!)).toBeLessThan(0.05);
  });
});

test('a model of bytes refuses floats that were divided by 255, by the whole batch', async () => {
  const model = randomModel([4, 3, 2], 1, byteInput);
  for (const encode of [encodeModel, encodeInt8Model]) {
    const student = await load(encode(model));
    const refusal = /the model takes bytes from 0 to 255, but all numbers are at most 1/;
    expect(() => student.predict(Float32Array.of(0, 0.5, 1, 0))).toThrow(refusal);
    expect(() => student.predictBatch(new Float32Array(800).fill(0.9, 799), 200)).toThrow(refusal);
    // A dark image is fine beside another, as bytes, and if it is black.
    student.predictBatch(Float32Array.of(0, 0, 1, 0, 0, 0, 2, 0), 2);
    student.predict(Uint8Array.of(0, 1, 1, 0));
    student.predict(new Float32Array(4));
    expect(() => student.predict(Float32Array.of(0, Number.NaN, 1, 0))).toThrow(/number 1 of input 0 is NaN/);
  }
  const plain = await load(encodeModel(randomModel([4, 3, 2])));
  expect(plain.predict(Float32Array.of(0, 1, 1, 0))).toEqual(plain.predict(Uint8Array.of(0, 1, 1, 0)));
});

test('a number that normalization makes infinite is told as it was given', async () => {
  const normalization = { mean: [0], deviation: [1e-5] };
  const student = await load(encodeModel(randomModel([3, 2], 1, { normalization })));
  const data = new Float32Array(390).fill(3e38, 388, 389);
  expect(() => student.predictBatch(data, 130)).toThrow(/number 1 of input 129 is 3\.\d+e\+38/);
});
