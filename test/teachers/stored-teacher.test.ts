import { afterAll, describe, expect, test } from 'vitest';
import { createEngine, distillation, evaluate, mlp, select, softTargets, take, train } from 'wasm-distill';
import { concatenate, type Dataset, makeDataset, split } from 'wasm-distill/data';
import { logitsOf, type StoredTeacherOptions, storedTeacher } from 'wasm-distill/objectives';
import { SampleIndex } from '#library/data/sample-index.js';
import { syntheticData } from '../support/golden.ts';

const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

const data = syntheticData(330);
const model = await train(engine, { architecture: mlp([144, 8, 10]), data, epochs: 2, seed: 3 });
const logits = await logitsOf(engine, [model], data);
const atFour = await softTargets(engine, [model], data, { temperature: 4 });

/** Four samples of two bytes, of which the first and the last are equal. */
const four = makeDataset({
  inputs: { shape: [2], values: Uint8Array.of(1, 2, 3, 4, 5, 6, 1, 2) },
  labels: [0, 1, 0, 0],
  classes: 2,
});
const answered = async (data: Dataset, outputs: readonly number[], options?: StoredTeacherOptions) => [
  ...(await (await storedTeacher(data, Float32Array.from(outputs), options)).logits(data.inputs)),
];

describe('stored outputs', () => {
  test('are found in subsets, other orders, splits and joined sets', async () => {
    const teacher = await storedTeacher(data, logits);
    expect(teacher).toMatchObject({ kind: 'logits', classes: 10, samples: 330 });
    const { part, rest } = split(data, 0.3, 5);
    const reversed = select(
      data,
      Array.from({ length: 330 }, (_, i) => 329 - i),
    );
    for (const set of [data, take(data, 7), part, concatenate(rest, part), reversed])
      expect(await logitsOf(engine, [teacher], set)).toEqual(await logitsOf(engine, [model], set));
  });

  test('teach to the same bits as the network that gave them', async () => {
    const student = async (teacher: Parameters<typeof softTargets>[1][number]) => {
      const soft = await softTargets(engine, [teacher], data, { temperature: 3 });
      return train(engine, {
        ...{ architecture: model.architecture, data, epochs: 1, seed: 5 },
        objective: distillation({ soft, temperature: 3 }),
      });
    };
    expect(await student(await storedTeacher(data, logits))).toEqual(await student(model));
  });

  test('that are probabilities are known by their values, and come back at their temperature', async () => {
    const teacher = await storedTeacher(data, atFour.probabilities, { temperature: 4 });
    expect(teacher).toMatchObject({ kind: 'probabilities', temperature: 4 });
    const again = await softTargets(engine, [teacher], data, { temperature: 4 });
    for (const [i, p] of again.probabilities.entries()) expect(p).toBeCloseTo(atFour.probabilities[i]!, 6);
    const atOne = await evaluate(engine, teacher, data);
    expect(atOne.errors).toBe((await evaluate(engine, model, data)).errors);
    const real = (await evaluate(engine, model, data)).probabilities;
    for (const [i, p] of atOne.probabilities.entries()) expect(p).toBeCloseTo(real[i]!, 4);
  });

  test('of equal samples are averaged: logits as logits, probabilities as probabilities', async () => {
    expect(await answered(four, [1, 5, 0, -3, 0, 9, 3, 6])).toEqual([2, 5.5, 0, -3, 0, 9, 2, 5.5]);
    const [a, b] = await answered(four, [0.2, 0.8, 0.5, 0.5, 0.5, 0.5, 0.6, 0.4]);
    expect(a).toBeCloseTo(Math.log(0.4), 6);
    expect(b).toBeCloseTo(Math.log(0.6), 6);
  });

  test('of one number a sample are of two classes', async () => {
    expect(await answered(four, [-2, 7, 0, -2])).toEqual([0, -2, 0, 7, 0, 0, 0, -2]);
    const [a, b, c, d] = await answered(four, [0.25, 1, 0, 0.25], { temperature: 2 });
    expect([a, b, d]).toEqual([
      expect.closeTo(2 * Math.log(0.75), 5),
      expect.closeTo(2 * Math.log(0.25), 5),
      0,
    ]);
    expect(c).toBeCloseTo(2 * Math.log(2 ** -126), 4);
  });

  test('have a hash of what is answered, whatever they are called', async () => {
    const [a, b, c] = await Promise.all([
      storedTeacher(data, logits),
      storedTeacher(data, logits, { name: 'other' }),
      storedTeacher(
        data,
        logits.map((z) => z + 1),
      ),
    ]);
    expect(a.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(b.sha256).toBe(a.sha256);
    expect(c.sha256).not.toBe(a.sha256);
  });

  test('are told from those that there are none of', async () => {
    const teacher = await storedTeacher(take(data, 100), logits.subarray(0, 1000), { name: 'soft.npy' });
    expect(teacher.knows(data.inputs)).toBe(100);
    const missing = logitsOf(engine, [teacher], select(data, [5, 200, 201]));
    await expect(missing).rejects.toMatchObject({ code: 'missing' });
    await expect(missing).rejects.toThrow(
      /soft.npy has no outputs for 2 of 3 samples, the first of them is number 1:.*augmented views.*--jitter/,
    );
    const views = softTargets(engine, [await storedTeacher(data, logits)], data, {
      ...{ temperature: 2, augment: [{ shift: 1 }] },
    });
    await expect(views).rejects.toThrow(/no outputs for/);
  });

  test.each<[string, number[], StoredTeacherOptions, string, RegExp]>([
    ['too few rows', [1, 2, 3], {}, 'mismatch', /3 numbers, which aren't equally many for each of 4 samples/],
    ['NaN', [1, 2, 3, Number.NaN, 5, 6, 7, 8], {}, 'diverged', /row 1 has NaN for class 1/],
    ['infinity', [1, 2, 3, 4, 5, Infinity, 7, 8], {}, 'diverged', /row 2 has Infinity for class 1/],
    ['more than f32 holds', [1, 2, 3, 4, 5, 1e39, 7, 8], {}, 'diverged', /row 2 has Infinity for class 1/],
    [
      'logits called probabilities',
      [1, 2, 3, 4, 5, 6, 7, 8],
      { kind: 'probabilities' },
      'mismatch',
      /row 0 has 2, which is no probability: give kind: 'logits'/,
    ],
    [
      'rows that add up to something else',
      [0.5, 0.5, 0.5, 0.1, 0.5, 0.5, 0.5, 0.5],
      { kind: 'probabilities' },
      'mismatch',
      /row 1 adds up to 0.6/,
    ],
    [
      'logits at a temperature',
      [1, 2, 3, 4, 5, 6, 7, 8],
      { temperature: 4 },
      'bad-argument',
      /no temperature/,
    ],
    ['a kind that there isn’t', [1, 2, 3, 4], { kind: 'odds' as 'logits' }, 'bad-argument', /not "odds"/],
    ['too few names', [1, 2, 3, 4, 5, 6, 7, 8], { classNames: ['a'] }, 'bad-argument', /1 class names/],
  ])('are refused: %s', async (_, outputs, options, code, sentence) => {
    const refused = storedTeacher(four, Float32Array.from(outputs), options);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) });
  });

  test('are refused for samples of another kind', async () => {
    const teacher = await storedTeacher(four, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    await expect(teacher.logits(data.inputs)).rejects.toThrow(/bytes of shape \[2\], not for/);
  });
});

describe('an index of samples', () => {
  test.each([1, 2, 3, 4, 5, 7, 8, 31])('tells all samples of %i bytes apart, in any place', (length) => {
    const count = Math.min(256 ** Math.min(length, 2), 4000);
    const values = new Uint8Array(count * length + 1).subarray(1);
    for (let i = 0; i < count; i++) {
      values[i * length] = i & 255;
      values[(i + 1) * length - 1] = length === 1 ? i : i >>> 8;
    }
    const index = new SampleIndex({ shape: [length], values });
    expect(index.size).toBe(count);
    expect([...index.find({ shape: [length], values: values.slice() })]).toEqual([...index.numbers]);
  });

  test('knows what isn’t among its samples', () => {
    const index = new SampleIndex({ shape: [3], values: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    const others = Uint8Array.of(4, 5, 6, 3, 2, 1, 1, 2, 3, 1, 2, 4);
    expect([...index.find({ shape: [3], values: others })]).toEqual([1, -1, 0, -1]);
  });

  test('tells floats apart by their bits', () => {
    const values = Float32Array.of(1, 2, 1, 2.0000002, 1, 2);
    expect([...new SampleIndex({ shape: [2], values }).numbers]).toEqual([0, 1, 0]);
  });
});
