import { afterAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  evaluate as evaluateModel,
  makeDataset,
  mlp,
  type Objective,
  train,
  weightsSha256,
} from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import {
  labels,
  triplet,
  tripletLoss,
  verification,
  verificationLoss,
  weightedSum,
} from 'wasm-distill/objectives';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';
import { evaluate } from '../support/golden-values.ts';

const data = syntheticData(430);
const engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
afterAll(() => Promise.all(engines.map((engine) => engine.close())));
const one = engines[0]!;

const learned = (objective: Objective, { engine = one, ...options } = {}) =>
  train(engine, {
    architecture: mlp([144, 12, 10], { input: byteInput }),
    data,
    epochs: 12,
    seed: 2,
    objective: weightedSum([1, labels()], [0.5, objective]),
    ...options,
  });

const objectives = {
  verification: verification(),
  triplet: triplet(),
  'hard triplet': triplet({ mining: 'hard', layer: 'layer1', margin: 0.5 }),
};

type Loss = (embeddings: Tensor, of: Tensor) => Tensor;
const losses: Record<string, Loss> = {
  verification: (embeddings, of) => verificationLoss({ embeddings, labels: of, classes: 5 }),
  // Margins of which no triplet is free.
  triplet: (embeddings, of) => tripletLoss({ embeddings, labels: of, classes: 5 }, { margin: 5 }),
  'hard triplet': (embeddings, of) =>
    tripletLoss({ embeddings, labels: of, classes: 5 }, { mining: 'hard', margin: 3 }),
};

describe.each(Object.entries(objectives))('%s', (name, objective) => {
  test('teaches beside labels, without a teacher, to the same bits with any number of threads', async () => {
    const models = [];
    for (const engine of engines) models.push(await learned(objective, { engine }));
    const hashes = await Promise.all(models.map((model) => weightsSha256(model)));
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).toBe(hashes[0]);
    expect((await evaluateModel(one, models[0]!, data)).errors).toBeLessThan(60);
    const alone = await train(one, {
      architecture: mlp([144, 12, 10], { input: byteInput }),
      data,
      epochs: 12,
      seed: 2,
    });
    expect(hashes[0]).not.toBe(await weightsSha256(alone));
  });

  test('needs labels of two classes, and enough samples', async () => {
    const relabeled = (label: (i: number) => number) =>
      makeDataset({
        inputs: data.inputs,
        labels: Int32Array.from({ length: data.size }, (_, i) => label(i)),
        classes: 10,
      });
    const on = (label: (i: number) => number) => learned(objective, { data: relabeled(label) } as object);
    await expect(on(() => -1)).rejects.toThrow(/no sample has a label/);
    await expect(on((i) => (i % 2 === 0 ? -1 : 3))).rejects.toThrow(/all labels are of one class/);
    const least = name === 'verification' ? 2 : 3;
    await expect(learned(objective, { batch: least - 1 } as object)).rejects.toThrow(
      `batches of at least ${least}`,
    );
  });

  test('has nothing to say of samples without a label, and these nothing of others', async () => {
    const embeddings = variable('embeddings', [6, 2]);
    const own = variable('labels', [6], 'i32');
    const loss = losses[name]!(embeddings, own);
    const [slopes] = gradients(ops.mean(loss), [embeddings]);
    const labeled = [1, 2, 0.5, 1, -1, 0.25, 0.3, -1];
    const run = async (rest: number[], engine: typeof one | undefined) => {
      const inputs = [
        { variable: embeddings, values: Float32Array.from([...labeled, ...rest]) },
        { variable: own, values: Int32Array.of(1, 1, 0, 0, -1, -1) },
      ];
      return (await evaluate(engine, inputs, [loss, slopes!])).map((x) => Array.from(x)) as [
        number[],
        number[],
      ];
    };
    for (const [engine, digits] of [
      [undefined, 12],
      [one, 5],
    ] as const) {
      const [first, slope] = await run([0.5, 0, 5, 5], engine);
      expect(first.slice(0, 4).every((l) => l > 0)).toBe(true);
      expect(first.slice(4)).toEqual([0, 0]);
      for (const s of slope.slice(8)) expect(Math.abs(s)).toBeLessThan(1e-6);
      const [second] = await run([1, 2, -3, 7], engine);
      for (let i = 0; i < 4; i++) expect(second[i]!).toBeCloseTo(first[i]!, digits);
    }
  });

  test('is 0 in a batch of one class or of none, and finite where all samples are equal', async () => {
    const embeddings = variable('embeddings', [5, 3]);
    const own = variable('labels', [5], 'i32');
    const loss = losses[name]!(embeddings, own);
    const [slopes] = gradients(ops.mean(loss), [embeddings]);
    for (const engine of [undefined, one])
      for (const [value, of] of [
        [0, [0, 0, 0, 0, 0]],
        [0.7, [-1, -1, -1, -1, -1]],
        [0.7, [0, 1, 0, 1, 2]],
        [0, [0, 1, 0, 1, 2]],
      ] as const) {
        const inputs = [
          { variable: embeddings, values: new Float32Array(15).fill(value) },
          { variable: own, values: Int32Array.from(of) },
        ];
        const [got, slope] = await evaluate(engine, inputs, [loss, slopes!]);
        if (new Set(of).size === 1) expect(Array.from(got!)).toEqual([0, 0, 0, 0, 0]);
        else expect(got![0]).toBeGreaterThan(0.05);
        for (const s of Array.from(slope!)) expect(Math.abs(s)).toBeLessThan(1e-5);
      }
  });
});

test('a sample alone has no pair, and is in no triplet', async () => {
  const embeddings = variable('embeddings', [1, 3]);
  const own = variable('labels', [1], 'i32');
  const batch = { embeddings, labels: own, classes: 2 };
  const inputs = [
    { variable: embeddings, values: Float32Array.of(1, 2, 3) },
    { variable: own, values: Int32Array.of(1) },
  ];
  expect(Array.from((await evaluate(one, inputs, [verificationLoss(batch)]))[0]!)).toEqual([0]);
  expect(() => tripletLoss(batch)).toThrow(/at least 3, not 1/);
});

test('options are checked, and stand in the spec', () => {
  expect(verification({ margin: 2 }).spec).toEqual({ kind: 'verification', margin: 2, normalize: false });
  expect(triplet({ layer: 'a' }).spec).toEqual({
    kind: 'triplet',
    margin: 0.2,
    normalize: true,
    mining: 'all',
    layer: 'a',
  });
  for (const make of [verification, triplet]) {
    expect(() => make({ margin: 0 })).toThrow(/margin/);
    expect(() => make({ normalize: 1 as unknown as boolean })).toThrow(/normalize/);
    expect(() => make({ layer: 3 as unknown as string })).toThrow(/layer/);
  }
  expect(() => triplet({ mining: 'soft' as 'hard' })).toThrow(/mining/);
});
