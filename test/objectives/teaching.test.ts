import { afterAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  evaluate,
  makeDataset,
  mlp,
  type Objective,
  parseShorthand,
  train,
  weightsSha256,
} from 'wasm-distill';
import {
  attention,
  congruence,
  darkRank,
  decoupled,
  dist,
  type EmbeddingSource,
  hiddenOf,
  type LogitsSource,
  labels,
  logitsOf,
  probabilistic,
  relational,
  similarity,
  smoothedLabels,
  standardized,
  virtualTeacher,
  weightedSum,
} from 'wasm-distill/objectives';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(430);
const one = await createEngine({ threads: 1 });
const three = await createEngine({ threads: 3 });
afterAll(async () => {
  await one.close();
  await three.close();
});

const teacher = await train(one, {
  architecture: mlp([144, 24, 10], { input: byteInput }),
  data,
  epochs: 6,
  seed: 1,
});
const kept = { logits: await logitsOf(one, [teacher], data), classes: 10 } as const;
const hidden = { features: await hiddenOf(one, teacher, data), units: 24 } as const;
const student = mlp([144, 12, 10], { input: byteInput });

const byLogits: Record<string, (source: LogitsSource) => Objective> = {
  decoupled: (source) => weightedSum([1, labels()], [1, decoupled({ ...source, temperature: 4 })]),
  dist,
  'decoupled of standardized logits': (source) =>
    weightedSum([1, labels()], [4, decoupled({ ...source, temperature: 2, standardize: true })]),
  'dist of standardized logits': (source) => dist({ ...source, standardize: true }),
  standardized: (source) => standardized({ ...source, temperature: 2 }),
};

const byRelations: Record<string, (source: EmbeddingSource) => Objective> = {
  similarity,
  probabilistic,
  congruence,
  relational: (source) => relational({ ...source, distance: 2, angle: 4 }),
  darkrank: (source) => darkRank({ ...source, normalize: true }),
};

const learned = (engine: typeof one, objective: Objective, options = {}) =>
  train(engine, { architecture: student, data, epochs: 12, seed: 2, objective, ...options });

const errorsOf = async (objective: Objective) =>
  (await evaluate(one, await learned(one, objective), data)).errors;

describe.each(Object.entries(byLogits))('%s', (_, objective) => {
  test('teaches, from kept logits as from a teacher in the step', async () => {
    const fromKept = await learned(one, objective(kept));
    const inStep = await learned(one, objective({ teachers: [teacher] }));
    expect(await weightsSha256(fromKept)).toBe(await weightsSha256(inStep));
    expect((await evaluate(one, fromKept, data)).errors).toBeLessThan(60);
  });

  test('gives the same bits whatever the number of threads', async () => {
    const hashes = await Promise.all(
      [one, three].map(async (engine) => weightsSha256(await learned(engine, objective(kept)))),
    );
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('refuses augmented samples for kept logits', async () => {
    await expect(learned(one, objective(kept), { augment: [{ shift: 1 }] })).rejects.toMatchObject({
      code: 'mismatch',
    });
  });
});

describe.each(Object.entries(byRelations))('%s', (name, objective) => {
  const both = (source: EmbeddingSource) => weightedSum([1, labels()], [1, objective(source)]);

  test('teaches beside labels, from kept features as from a teacher in the step', async () => {
    const fromKept = await learned(one, both(hidden));
    const inStep = await learned(one, both({ teacher }));
    expect(await weightsSha256(fromKept)).toBe(await weightsSha256(inStep));
    expect((await evaluate(one, fromKept, data)).errors).toBeLessThan(60);
    expect(await weightsSha256(fromKept)).not.toBe(await weightsSha256(await learned(one, labels())));
  });

  test('gives the same bits whatever the number of threads, at layers by name too', async () => {
    const source = { teacher, teacherLayer: 'layer1', layer: 'layer1' };
    const hashes = await Promise.all(
      [one, three].map(async (engine) => weightsSha256(await learned(engine, both(source)))),
    );
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('says what is wrong before anything trains', async () => {
    await expect(learned(one, both({ teacher, layer: 'layer9' }))).rejects.toThrow(/the student: .*layer9/);
    await expect(learned(one, both({ teacher, teacherLayer: 'no' }))).rejects.toThrow(/the teacher: .*no/);
    await expect(learned(one, both({ teacher }), { batch: 1 })).rejects.toThrow(/batches of at least 2/);
    expect(() => objective({ teacher, ...hidden } as unknown as EmbeddingSource)).toThrow(/one of the two/);
    expect(() => objective({} as unknown as EmbeddingSource)).toThrow(/one of the two/);
    expect(both({ teacher }).spec).toMatchObject({
      terms: [{ objective: { kind: 'labels' } }, { objective: { kind: name } }],
    });
  });
});

test('congruence of the common form teaches through embeddings of both that are thrown away', async () => {
  const both = (source: EmbeddingSource) =>
    weightedSum([1, labels()], [0.02, congruence({ ...source, form: 'common' })]);
  const kept = await learned(one, both(hidden));
  expect(await weightsSha256(kept)).toBe(await weightsSha256(await learned(three, both({ teacher }))));
  expect((await evaluate(one, kept, data)).errors).toBeLessThan(150);
  expect([...kept.weights.keys()]).toEqual([...teacher.weights.keys()]);
});

test('smoothed labels and a virtual teacher need nobody', async () => {
  expect(await errorsOf(smoothedLabels())).toBeLessThan(60);
  expect(await errorsOf(weightedSum([1, labels()], [1, virtualTeacher()]))).toBeLessThan(60);
});

test('decoupled distillation needs some label', async () => {
  const { inputs, size } = data;
  const unlabeled = makeDataset({ inputs, labels: new Int32Array(size).fill(-1), classes: 10 });
  const objective = decoupled({ ...kept, temperature: 4 });
  await expect(learned(one, objective, { data: unlabeled })).rejects.toThrow(/no sample has a label/);
});

describe('attention', () => {
  const net = (text: string) =>
    parseShorthand(text, { input: { shape: [12, 12, 1] }, classes: 10 }).architecture;
  const small = net('conv4k3@mid pool dense10@out');
  const pairs = [{ student: 'mid', teacher: 'mid' }];

  test('to a teacher with more channels teaches beside labels, to the same bits with any number of threads', async () => {
    const large = await train(one, {
      architecture: net('conv8k3@mid pool dense10@out'),
      data,
      epochs: 4,
      seed: 1,
    });
    const objective = weightedSum([1, labels()], [1, attention({ teacher: large, layers: pairs })]);
    const options = { architecture: small };
    const trained = [await learned(one, objective, options), await learned(three, objective, options)];
    const hashes = await Promise.all(trained.map((model) => weightsSha256(model)));
    expect(hashes[0]).toBe(hashes[1]);
    const alone = await learned(one, labels(), options);
    expect(hashes[0]).not.toBe(await weightsSha256(alone));
    expect((await evaluate(one, trained[0]!, data)).errors).toBeLessThan(60);
  });

  test('teaches from kept maps as from a teacher in the step', async () => {
    const large = await train(one, {
      architecture: net('conv8k3 pool dense10@out'),
      data,
      epochs: 2,
      seed: 1,
    });
    const pool = String(large.architecture.layers.findIndex((layer) => 'pool' in layer));
    const features = await hiddenOf(one, large, data);
    const hashes = await Promise.all(
      [
        attention({ teacher: large, layers: [{ student: 'mid', teacher: pool }] }),
        attention({ kept: [{ student: 'mid', features, shape: [6, 6, 8] }] }),
      ].map(async (objective) =>
        weightsSha256(
          await learned(three, weightedSum([1, labels()], [1, objective]), { architecture: small }),
        ),
      ),
    );
    expect(hashes[0]).toBe(hashes[1]);
    const kept = attention({ kept: [{ student: 'mid', features, shape: [6, 6, 8] }] });
    await expect(learned(one, kept, { architecture: small, augment: [{ shift: 1 }] })).rejects.toThrow(
      /leave out augment/,
    );
    expect(() => attention({ kept: [] })).toThrow(/at least one kept map/);
    expect(() => attention({ teacher: large, layers: [], kept: [] } as never)).toThrow(/one of the two/);
  });

  test('says which layer has no map, or another size', async () => {
    const large = await train(one, {
      architecture: net('conv8k3s3@mid pool dense10@out'),
      data,
      epochs: 1,
      seed: 1,
    });
    const to = (layers: typeof pairs) =>
      learned(one, attention({ teacher: large, layers }), { architecture: small, epochs: 1 });
    await expect(to([{ student: 'mid', teacher: 'out' }])).rejects.toThrow(/takes maps of images/);
    await expect(to([{ student: 'other', teacher: 'mid' }])).rejects.toThrow(/the student: .*other/);
    await expect(
      learned(one, attention({ teacher: large, layers: pairs }), {
        architecture: net('conv4k4v@mid pool dense10@out'),
        epochs: 1,
      }),
    ).rejects.toThrow(/a whole number of times/);
    expect(() => attention({ teacher: large, layers: [] })).toThrow(/at least one pair/);
  });
});
