import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Architecture,
  createEngine,
  type Dataset,
  decodeModel,
  type Engine,
  encodeModel,
  evaluate,
  makeDataset,
  mlp,
  predict,
  train,
  trainEpochs,
  weightsSha256,
} from 'wasm-distill';
import { syntheticData } from '../support/golden.ts';
import { numbers } from '../support/models.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

/** Samples of some numbers each, of which the one at the label is the greatest, but for noise. */
function rows(count: number, width: number, classes: number): { values: number[]; labels: number[] } {
  const next = numbers(count + width);
  const labels = Array.from({ length: count }, (_, i) => (i * 7) % classes);
  const values = labels.flatMap((label) =>
    Array.from({ length: width }, (_, at) => (next() + 1) / 4 + (at % classes === label ? 0.5 : 0)),
  );
  return { values, labels };
}

const { values, labels } = rows(400, 48, 4);
const bytes = Uint8Array.from(values, (v) => Math.round(255 * v));
const options = { epochs: 8, seed: 1, batch: 32 };

/** Trains and counts errors, of which guessing would make 300 in 400. */
async function errorsOn(data: Dataset, architecture: Architecture): Promise<number> {
  const model = await train(engine, { ...options, architecture, data });
  const { errors, size, confusion } = await evaluate(engine, model, data);
  expect(size).toBe(400);
  expect(confusion.flat().reduce((a, b) => a + b)).toBe(400);
  return errors;
}

describe('data sets of any shape train and are evaluated', () => {
  test.each<[string, readonly number[], Uint8Array | Float32Array]>([
    ['rows of numbers', [48], Float32Array.from(values)],
    ['rows of bytes', [48], bytes],
    ['color images of bytes', [4, 4, 3], bytes],
    ['color images of numbers', [4, 4, 3], Float32Array.from(values)],
    ['a table of numbers for each sample', [6, 8], Float32Array.from(values)],
    ['a table of bytes for each sample', [6, 8], bytes],
    ['four dimensions', [2, 2, 4, 3], bytes],
  ])('%s', async (_, shape, numbersOf) => {
    const data = makeDataset({ inputs: { shape, values: numbersOf }, labels, classes: 4 });
    expect(await errorsOn(data, mlp([48, 16, 4], { input: { shape } }))).toBeLessThan(40);
    // A network of rows takes any shape of as many numbers.
    expect(await errorsOn(data, mlp([48, 16, 4]))).toBeLessThan(40);
  });

  test('13 numbers a row, whatever their unit', async () => {
    const some = rows(400, 13, 4);
    const make = (unit: number) =>
      makeDataset({
        inputs: { shape: [13], values: Float32Array.from(some.values, (v) => v * unit) },
        labels: some.labels,
        classes: 4,
      });
    expect(await errorsOn(make(1), mlp([13, 16, 4]))).toBeLessThan(80);
    const normalization = { mean: [0], deviation: [1000] };
    expect(await errorsOn(make(1000), mlp([13, 16, 4], { input: { normalization } }))).toBeLessThan(80);
  });

  test('bytes have the same bits whatever shape they are given in', async () => {
    const hashes: string[] = [];
    for (const shape of [[48], [4, 4, 3], [6, 8]]) {
      const data = makeDataset({ inputs: { shape, values: bytes }, labels, classes: 4 });
      hashes.push(
        await weightsSha256(await train(engine, { ...options, architecture: mlp([48, 16, 4]), data })),
      );
    }
    expect(new Set(hashes).size).toBe(1);
  });

  test('bytes are what their numbers from 0 to 1 are', async () => {
    const floats = Float32Array.from(bytes, (byte) => Math.fround(byte * Math.fround(1 / 255)));
    const made = [bytes, floats].map((all) =>
      makeDataset({ inputs: { shape: [48], values: all }, labels, classes: 4 }),
    );
    const hashes = await Promise.all(
      made.map(async (data) =>
        weightsSha256(await train(engine, { ...options, architecture: mlp([48, 16, 4]), data })),
      ),
    );
    expect(hashes[1]).toBe(hashes[0]);
  });
});

describe('normalization', () => {
  test('by channel trains as data that were normalized by hand', async () => {
    const normalization = { mean: [100, 120, 90], deviation: [50, 60, 70] };
    const byHand = Float32Array.from(
      bytes,
      (byte, i) => (byte - normalization.mean[i % 3]!) / normalization.deviation[i % 3]!,
    );
    const losses: number[][] = [];
    for (const [all, input] of [
      [bytes, { values: 'bytes', normalization }],
      [byHand, {}],
    ] as const) {
      const shape = [4, 4, 3];
      const data = makeDataset({ inputs: { shape, values: all }, labels, classes: 4 });
      const architecture = mlp([48, 16, 4], { input: { shape, ...input } });
      const history: number[] = [];
      for await (const { loss } of trainEpochs(engine, { ...options, architecture, data }))
        history.push(loss);
      losses.push(history);
    }
    expect(losses[0]!.at(-1)).toBeLessThan(losses[0]![0]! / 2);
    losses[0]!.forEach((loss, epoch) => {
      expect(losses[1]![epoch]).toBeCloseTo(loss, 4);
    });
  });

  test('is part of the model: what it learned on bytes it knows of bytes', async () => {
    const data = makeDataset({ inputs: { shape: [48], values: bytes }, labels, classes: 4 });
    const model = await train(engine, { ...options, architecture: mlp([48, 16, 4]), data });
    expect(model.architecture.input).toEqual({
      shape: [48],
      values: 'bytes',
      normalization: { mean: [0], deviation: [255] },
    });
    const again = decodeModel(encodeModel(model), 'again').model;
    expect(await predict(engine, again, data)).toEqual(await predict(engine, model, data));
  });
});

describe('labels', () => {
  test('−1: a sample that has none is predicted, but neither counted nor learned', async () => {
    const half = labels.map((label, i) => (i % 2 ? -1 : label));
    const inputs = { shape: [48], values: bytes };
    const data = makeDataset({ inputs, labels: half, classes: 4 });
    const model = await train(engine, { ...options, architecture: mlp([48, 16, 4]), data });
    const { errors, size, confusion, probabilities } = await evaluate(engine, model, data);
    expect(size).toBe(200);
    expect(confusion.flat().reduce((a, b) => a + b)).toBe(200);
    expect(probabilities).toHaveLength(1600);
    expect(errors).toBeLessThan(20);
    // Not learned: what the hidden labels are makes no difference.
    const hidden = { ...data, labels: data.labels.map((label) => label) };
    const same = await train(engine, { ...options, architecture: mlp([48, 16, 4]), data: hidden });
    expect(await weightsSha256(same)).toBe(await weightsSha256(model));
  });

  test('unlabeled: a share of labels is hidden as if it were −1', async () => {
    const inputs = { shape: [48], values: bytes };
    const base = { ...options, architecture: mlp([48, 16, 4]) };
    const hidden = await train(engine, {
      ...base,
      data: makeDataset({ inputs, labels, classes: 4 }),
      unlabeled: 0.5,
    });
    const without = labels.map((label, i) => (i % 2 ? -1 : label));
    const data = makeDataset({ inputs, labels: without, classes: 4 });
    expect(await weightsSha256(hidden)).toBe(await weightsSha256(await train(engine, { ...base, data })));
  });

  test('300 classes, more than a byte tells apart', async () => {
    const some = rows(1200, 300, 300);
    const data = makeDataset({
      inputs: { shape: [300], values: Float32Array.from(some.values, (v) => 4 * v) },
      labels: some.labels,
      classes: 300,
    });
    const model = await train(engine, { ...options, epochs: 20, architecture: mlp([300, 300]), data });
    const { errors, confusion } = await evaluate(engine, model, data);
    expect(errors).toBeLessThan(120);
    expect(confusion).toHaveLength(300);
    expect(confusion[299]![299]).toBeGreaterThan(0);
  });

  test('65,536 classes are evaluated, without four billion confusions', async () => {
    const data = makeDataset({
      inputs: { shape: [2], values: Float32Array.from({ length: 16 }, (_, i) => i / 16) },
      labels: Int32Array.from({ length: 8 }, (_, i) => 65_535 - i),
      classes: 65_536,
    });
    const model = await train(engine, { ...options, epochs: 1, architecture: mlp([2, 65_536]), data });
    const { errors, confusion } = await evaluate(engine, model, data);
    expect(errors).toBeGreaterThan(4);
    expect(confusion).toEqual([]);
  });

  test('classes that have names keep them, in the model and in its file', async () => {
    const classNames = ['cat', 'dog', 'owl', 'fox'];
    const data = makeDataset({ inputs: { shape: [48], values: bytes }, labels, classNames });
    expect(data.classes).toBe(4);
    const model = await train(engine, { ...options, epochs: 1, architecture: mlp([48, 4]), data });
    expect(model.classNames).toEqual(classNames);
    expect(decodeModel(encodeModel(model), 'x').model.classNames).toEqual(classNames);
    const nameless = await train(engine, {
      ...options,
      epochs: 1,
      architecture: mlp([48, 4]),
      data: makeDataset({ inputs: { shape: [48], values: bytes }, labels, classes: 4 }),
    });
    expect(nameless).not.toHaveProperty('classNames');
  });
});

describe('little of everything', () => {
  test.each([
    ['one sample', 1, 100, 2],
    ['one class', 10, 4, 1],
    ['a batch of one', 7, 1, 2],
    ['a last batch of one', 9, 4, 2],
    ['a batch larger than the data', 7, 1_000_000_000, 2],
  ])('%s', async (_, size, batch, classes) => {
    const some = rows(size, 3, classes);
    const data = makeDataset({
      inputs: { shape: [3], values: Float32Array.from(some.values) },
      labels: some.labels,
      classes,
    });
    const model = await train(engine, { ...options, batch, architecture: mlp([3, 4, classes]), data });
    const { probabilities, size: counted } = await evaluate(engine, model, data);
    expect(counted).toBe(size);
    expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  test('images of one pixel, augmented', async () => {
    const data = makeDataset({
      inputs: { shape: [1, 1, 1], values: Uint8Array.of(0, 255, 10, 200) },
      labels: [0, 1, 0, 1],
      classes: 2,
    });
    const model = await train(engine, {
      ...options,
      architecture: mlp([1, 2], { input: { shape: [1, 1, 1] } }),
      data,
      augment: [{ shift: 2 }, { mirror: true }],
    });
    expect((await evaluate(engine, model, data)).size).toBe(4);
  });
});

test('a label that is no class is refused where the data set is made by hand', async () => {
  const data = { ...syntheticData(20), classes: 5 };
  await expect(train(engine, { ...options, architecture: mlp([144, 5]), data })).rejects.toThrow(
    /label \d+ of the data set is \d, but it has 5 classes/,
  );
});
