import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { encodeInt8Model, type TrainedModel } from 'wasm-distill';
import { decodeInt8Model, decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';
import { foldNorms } from 'wasm-distill/graph';
import { architectures, studentOf } from '../support/students.ts';

const greatest = (values: Float32Array) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

test.each(Object.entries(architectures))('%s: weights come back, rounded to 8 bits', (_, architecture) => {
  const model: TrainedModel = studentOf(architecture);
  const folded = foldNorms(model);
  const { model: read, metadata } = decodeInt8Model(encodeInt8Model(model, { mine: 'kept' }), 'it');
  expect(read.architecture).toEqual(folded.architecture);
  expect(metadata.mine).toBe('kept');
  expect(metadata).not.toHaveProperty('format');
  expect([...read.weights.keys()]).toEqual([...folded.weights.keys()]);
  for (const [name, values] of folded.weights) {
    const got = read.weights.get(name)!;
    const half = name.endsWith('.weight') ? greatest(values) / 127 / 2 : 0;
    const apart = values.reduce((most, value, i) => Math.max(most, Math.abs(got[i]! - value)), 0);
    expect(apart).toBeLessThanOrEqual(half * 1.000001);
  }
  // Quantized again it is the same.
  expect(decodeInt8Model(encodeInt8Model(read), 'it').model.weights).toEqual(read.weights);
});

test('files of 0.1.0 are read', async () => {
  const bytes = await readFile('test/fixtures/old-model.int8.safetensors');
  const { model } = decodeInt8Model(bytes, 'old');
  expect(model.architecture.input.shape).toHaveLength(1);
  expect(model.weights.size).toBeGreaterThan(1);
});

test('what is no whole model of 8 bits is refused', () => {
  const bytes = encodeInt8Model(studentOf(architectures['a perceptron on a table']!));
  const { tensors, metadata } = decodeSafetensors(bytes, 'it');
  const without = (name: string) =>
    encodeSafetensors(
      [...tensors.values()].filter((t) => t.name !== name),
      metadata,
    );
  const cases: [Uint8Array, RegExp][] = [
    [
      encodeSafetensors([...tensors.values()], { ...metadata, format: 'wasm-distill' }),
      /isn't a model with 8-bit/,
    ],
    [without('logits.scale'), /logits\.weight has no scale for each of its 3 outputs/],
    [without('logits.weight'), /logits\.weight should be a tensor of shape \[17,3\] but is absent/],
    [without('logits.bias'), /logits\.bias should be .* absent/],
    [encodeSafetensors([...tensors.values()], { ...metadata, architecture: '{}' }), /architecture/],
    [bytes.subarray(0, 100), /header/],
  ];
  for (const [file, sentence] of cases)
    expect(() => decodeInt8Model(file, 'it')).toThrow(
      expect.objectContaining({ code: 'bad-file', message: expect.stringMatching(sentence) }),
    );
});
