import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  type Architecture,
  createEngine,
  decodeModel,
  distill,
  encodeInt8Model,
  encodeModel,
  makeDataset,
  mlp,
  predict,
  softTargets,
  type TrainedModel,
  train,
  weightsSha256,
} from 'wasm-distill';
import { decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';
import { load } from 'wasm-distill/infer';
import { byteInput } from '#library/nn/specs.js';
import { randomModel } from '../support/models.ts';

const fixture = (name: string) => readFile(new URL(`../fixtures/${name}`, import.meta.url));

describe('a model as a file', () => {
  const model: TrainedModel = {
    ...randomModel([6, 4, 3], 1, byteInput),
    classNames: ['cat', 'dog', 'nothing, "really"'],
  };

  test('is the same when read, with class names and what the caller adds', () => {
    const { model: read, metadata } = decodeModel(encodeModel(model, { history: '[]' }), 'test');
    expect(read).toEqual(model);
    expect(metadata).toMatchObject({ format: 'wasm-distill', history: '[]' });
    expect(JSON.parse(metadata.architecture!)).toEqual(model.architecture);
    expect(decodeModel(encodeModel(randomModel([6, 3])), 'test').model).not.toHaveProperty('classNames');
  });

  test('what an older file said of itself does not outlive it', () => {
    const metadata = { architecture: '{"kind":"mlp","layers":[6,4,3]}', format: 'other' };
    for (const encode of [encodeModel, encodeInt8Model]) {
      const written = decodeSafetensors(encode(model, metadata), 'test').metadata;
      expect(JSON.parse(written.architecture!)).toEqual(model.architecture);
      expect(written.format).toMatch(/^wasm-distill/);
    }
  });

  test('weights that are not the architecture’s, and class names that are too few, are not written', () => {
    const without = new Map([...model.weights].slice(1));
    for (const encode of [encodeModel, encodeInt8Model]) {
      expect(() => encode({ ...model, weights: without })).toThrow(
        'the model has no weights named layer1.dense.weight',
      );
      const short = new Map([...model.weights, ['logits.bias', new Float32Array(2)] as const]);
      expect(() => encode({ ...model, weights: short })).toThrow(
        'logits.bias has 2 values, but its shape is [3]',
      );
      expect(() => encode({ ...model, classNames: ['cat'] })).toThrow(
        expect.objectContaining({
          code: 'bad-argument',
          message: 'the model: there are 1 class names, but 3 classes',
        }),
      );
    }
  });

  const change = (key: string, text: string) => {
    const { tensors, metadata } = decodeSafetensors(encodeModel(model).slice(), 'test');
    return encodeSafetensors([...tensors.values()], { ...metadata, [key]: text });
  };
  test.each<[string, string, string]>([
    ['architecture', 'mlp', "test: the architecture in the metadata can't be read: mlp"],
    ['architecture', 'null', 'an architecture must be an object, not null'],
    ['architecture', '{"kind":"mlp","layers":[784]}', 'mlp takes a list of at least two numbers'],
    ['architecture', '{"input":{"shape":[6]},"layers":[{"conv3d":3}]}', 'layer 0 must be one of conv'],
    ['architecture', '{"input":{"shape":[6]},"layers":[{"flatten":true}]}', 'has no'],
    [
      'architecture',
      '{"input":{"shape":[6]},"layers":[{"dense":3}]}',
      '0.weight should be a tensor of shape [6,3] but is absent',
    ],
    ['classNames', '["a","b"]', 'there are 2 class names, but 3 classes'],
    ['classNames', '{"0":"a"}', 'the class names are no list of strings'],
  ])('%s %s is refused, by both entries', async (key, text, message) => {
    const refusal = expect.objectContaining({
      code: 'bad-file',
      message: expect.stringContaining(message),
    });
    expect(() => decodeModel(change(key, text), 'test')).toThrow(refusal);
    const student = expect.objectContaining({
      code: 'bad-file',
      message: expect.stringContaining(message.replace('test:', 'the student:')),
    });
    await expect(load(change(key, text))).rejects.toEqual(student);
  });
});

describe('a file from before models normalized their input', () => {
  const expected = fixture('old-model.json').then((text) => JSON.parse(String(text)));

  test('predicts in the library what it did, from bytes', async () => {
    const { layers, images, library, weightsSha256: hash } = await expected;
    const { model } = decodeModel(await fixture('old-model.safetensors'), 'old');
    expect(model.architecture).toEqual(mlp(layers, { input: byteInput }));
    expect(await weightsSha256(model)).toBe(hash);
    const inputs = { shape: [3, 4, 1], values: Uint8Array.from(images) };
    const data = makeDataset({ inputs, labels: new Uint8Array(5), classes: 4 });
    await using engine = await createEngine({ threads: 1 });
    expect([...(await predict(engine, [model], data))]).toEqual(library);
    // Written again it is of the new form, for bytes.
    const again = decodeModel(encodeModel(model), 'again').model;
    expect(again).toEqual(model);
    const student = await load(encodeModel(model));
    expect([...student.predictBatch(Uint8Array.from(images), 5).probabilities]).toEqual(library);
  });

  test('teaches, in the step and by kept soft targets, and can be trained further', async () => {
    const { model } = decodeModel(await fixture('old-model.safetensors'), 'old');
    const { images } = await expected;
    const inputs = { shape: [3, 4, 1], values: Uint8Array.from(images) };
    const data = makeDataset({ inputs, labels: [0, 1, 2, 3, 0], classes: 4 });
    await using engine = await createEngine({ threads: 1 });
    const options = { architecture: mlp([12, 6, 4]), data, epochs: 3, seed: 1, temperature: 2 };
    const soft = await softTargets(engine, [model], data, { temperature: 2 });
    const kept = await weightsSha256(await distill(engine, { ...options, soft }));
    expect(await weightsSha256(await distill(engine, { ...options, teachers: [model] }))).toBe(kept);
    // At a rate so small that nothing moves it stays what it was.
    const { temperature: _, ...plain } = options;
    const further = { ...plain, architecture: model.architecture, initial: model, recipe: { rate: 1e-30 } };
    expect(await weightsSha256(await train(engine, further))).toBe(await weightsSha256(model));
  });

  test.each([
    ['old-model.safetensors', 'infer'],
    ['old-model.int8.safetensors', 'int8'],
  ])('%s predicts in infer what it did, from 0 to 1, and from bytes', async (file, key) => {
    const { images, ...probabilities } = await expected;
    const student = await load(await fixture(file));
    const bytes = Uint8Array.from(images);
    const scaled = Float32Array.from(bytes, (byte) => byte * Math.fround(1 / 255));
    expect([student.inputs, student.shape, student.classes, student.classNames]).toEqual([
      12,
      [12],
      4,
      undefined,
    ]);
    expect([...student.predictBatch(scaled, 5).probabilities]).toEqual(probabilities[key]);
    expect([...student.predictBatch(bytes, 5).probabilities]).toEqual(probabilities[key]);
    expect([...student.predict(scaled.subarray(0, 12)).probabilities]).toEqual(
      probabilities[key].slice(0, 4),
    );
  });

  test('one with other tensors is refused by the names that are in it', async () => {
    const { tensors, metadata } = decodeSafetensors(await fixture('old-model.safetensors'), 'old');
    tensors.delete('layer3.bias');
    const file = encodeSafetensors([...tensors.values()], metadata);
    const message = /layer3.bias should be a tensor of shape \[4\] but is absent/;
    expect(() => decodeModel(file, 'old')).toThrow(message);
    await expect(load(file)).rejects.toThrow(message);
  });
});

test('8 bits: weights are found by their role, whatever their layer is called', () => {
  const architecture: Architecture = {
    input: { shape: [3] },
    layers: [{ dense: 2 }, { name: 'out', dense: 1 }],
  };
  const weights = new Map([
    ['0.weight', Float32Array.of(1, -4, 0.5, 2, -1, 0)],
    ['0.bias', Float32Array.of(7, 8)],
    ['out.weight', Float32Array.of(3, -1.5)],
    ['out.bias', Float32Array.of(9)],
  ]);
  const { tensors } = decodeSafetensors(encodeInt8Model({ architecture, weights }), 'test');
  const of = (name: string) => tensors.get(name)!;
  expect([...tensors.keys()].sort()).toEqual([
    '0.bias',
    '0.scale',
    '0.weight',
    'out.bias',
    'out.scale',
    'out.weight',
  ]);
  expect([of('0.weight').dtype, of('0.weight').shape, of('0.scale').shape]).toEqual(['I8', [3, 2], [2]]);
  expect([...new Int8Array(of('0.weight').bytes)]).toEqual([127, -127, 64, 64, -127, 0]);
});
