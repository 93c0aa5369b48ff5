import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Architecture, createEngine, type Engine, makeDataset, type TrainedModel } from 'wasm-distill';
import type { ExternalModel } from 'wasm-distill/data';
import type { DataReference, Lesson, Trained, TrainJob } from 'wasm-distill/jobs';
import { insideOf } from '../../../cli/report/inside/build.ts';
import { drawingsOf, stagesBefore } from '../../../cli/report/inside/drawings.ts';
import type { ImageData8 } from '../../../cli/report/report.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

/** Of two rows of three pixels; classes are told by where the bright pixel is. */
const inputs = {
  shape: [2, 3, 1],
  values: Uint8Array.from([
    ...[9, 1, 1, 0, 0, 0],
    ...[1, 9, 1, 0, 0, 0],
    ...[8, 1, 1, 0, 0, 0],
    ...[1, 8, 1, 0, 0, 0],
    ...[0, 1, 7, 0, 0, 0],
  ]),
};
const test5 = makeDataset({ inputs, labels: Int32Array.of(0, 1, 0, 1, -1), classes: 2 });

/** A convolution of one pixel, whose numbers are then the features, as they are or all alike. */
function modelOf(weight: number, bias = 0): TrainedModel {
  const architecture: Architecture = {
    input: { shape: [2, 3, 1], values: 'bytes', normalization: { mean: [0], deviation: [1] } },
    layers: [{ conv: 1, kernel: 1, name: 'eye' }, { flatten: true }, { dense: 2 }],
  };
  return {
    architecture,
    weights: new Map([
      ['eye.weight', Float32Array.of(weight)],
      ['eye.bias', Float32Array.of(bias)],
      ['2.weight', Float32Array.from({ length: 12 }, (_, i) => ((i * 5) % 7) / 7)],
      ['2.bias', new Float32Array(2)],
    ]),
  };
}

const reference: DataReference = { name: 'data', sha256: '0'.repeat(64) };
const { architecture } = modelOf(1);
const teacher: TrainJob = {
  ...{ kind: 'train', title: 'teacher', architecture, data: reference, test: reference },
  ...{ lesson: { kind: 'labels' }, epochs: 1, seed: 1 },
};

/** Those of the catalog to come by their names. */
function jobOf(terms: readonly { objective: string; options?: object }[], initial?: TrainJob): TrainJob {
  const lesson = {
    kind: 'objectives',
    teachers: [teacher],
    terms: terms.map((term) => ({ weight: 1, ...term })),
  };
  return { ...teacher, title: 'student', lesson: lesson as unknown as Lesson, ...(initial && { initial }) };
}

const models = {
  teachers: [modelOf(1)],
  distilled: modelOf(2),
  hard: modelOf(0, 1),
  test: test5,
  stages: [],
};
const bytesOf = ({ base64 }: ImageData8) => [...Buffer.from(base64, 'base64')];

test('what is drawn follows from the lesson, each thing once', () => {
  const layers = [{ student: 'a', teacher: 'b' }];
  const hints = jobOf([{ objective: 'fitnets', options: { guided: 'a', hint: 'b' } }]);
  const job = jobOf(
    [
      { objective: 'labels' },
      { objective: 'attention', options: { layers } },
      { objective: 'similarity' },
      { objective: 'congruence', options: { gamma: 0.4 } },
      { objective: 'relational', options: { layer: 'c', teacherLayer: 'd' } },
      { objective: 'darkrank', options: { layer: 'c', teacherLayer: 'd' } },
    ],
    hints,
  );
  expect(drawingsOf(job)).toEqual([
    { kind: 'attention', student: 'a', teacher: 'b' },
    { kind: 'relation', measure: 'cosines' },
    { kind: 'relation', measure: 'distances', layer: 'c', teacherLayer: 'd' },
    { kind: 'neighbors', layer: 'c', teacherLayer: 'd' },
  ]);
  expect(stagesBefore(job)).toEqual([hints]);
  expect(drawingsOf(teacher)).toEqual([]);
  expect(drawingsOf(jobOf([{ objective: 'kd' }]))).toEqual([]);
});

test('attention is that of each network, for the first image of each class', async () => {
  const job = jobOf([{ objective: 'attention', options: { layers: [{ student: 'eye', teacher: '0' }] } }]);
  const inside = await insideOf(engine, { ...models, job });
  expect(Object.keys(inside!)).toEqual(['maps']);
  const { of, samples } = inside!.maps![0]!;
  expect(of).toEqual({ student: 'eye', teacher: '0' });
  expect(samples.map(({ index, label }) => [index, label])).toEqual([
    [0, 0],
    [1, 1],
  ]);
  // Squares of 9, 1, 1, as shares of the greatest; scaling all by two doesn't show.
  const squares = [255, 3, 3, 0, 0, 0];
  expect(bytesOf(samples[0]!.maps.teacher)).toEqual(squares);
  expect(bytesOf(samples[0]!.maps.distilled)).toEqual(squares);
  expect(bytesOf(samples[0]!.maps.hard)).toEqual(new Array(6).fill(255));
  expect(samples[0]!.image).toMatchObject({ height: 2, width: 3 });
});

test('layers that are no maps of images aren’t drawn as such', async () => {
  const job = jobOf([{ objective: 'fitnets', options: { guided: '1', hint: '1' } }]);
  expect(await insideOf(engine, { ...models, job })).toBeUndefined();
  expect(await insideOf(engine, { ...models, job: teacher, teachers: [] })).toBeUndefined();
});

test('gradients of a linear network are alike for all images of one class', async () => {
  const inside = await insideOf(engine, { ...models, job: jobOf([{ objective: 'gradient-attention' }]) });
  const { of, samples } = inside!.maps![0]!;
  expect(of).toBe('gradients');
  const { weights } = modelOf(1);
  const weight = weights.get('2.weight')!;
  const sizes = Array.from({ length: 6 }, (_, u) => Math.abs(weight[2 * u]! - weight[2 * u + 1]!));
  const most = Math.max(...sizes);
  const expected = sizes.map((size) => Math.round((255 * size) / most));
  for (const { maps } of samples)
    for (const [u, byte] of bytesOf(maps.teacher).entries())
      expect(Math.abs(byte - expected[u]!)).toBeLessThanOrEqual(1);
});

test('matrices are sorted by class, without unlabeled samples, on one scale, and tell how far apart they are', async () => {
  const job = jobOf([{ objective: 'similarity' }, { objective: 'relational' }]);
  const [cosines, distances] = (await insideOf(engine, { ...models, job }))!.relations!;
  expect(cosines!.labels).toEqual([0, 0, 1, 1]);
  const cosine = (9 + 9 + 1) / 83; // of (9, 1, 1) and (1, 9, 1)
  expect(cosines!.range[1]).toBeCloseTo(1, 6);
  expect(cosines!.range[0]).toBeLessThan(0.3);
  expect(cosines!.range[0]).toBeGreaterThan(cosine - 0.01);
  expect(cosines!.apart.distilled).toBeCloseTo(0, 6);
  expect(cosines!.apart.hard).toBeGreaterThan(0.3);
  const bytes = bytesOf(cosines!.matrices.teacher);
  expect([0, 5, 10, 15].map((at) => bytes[at])).toEqual([255, 255, 255, 255]);
  expect(bytes[1]).toBeGreaterThan(bytes[2]! + 100);
  // The student on labels answers the same to all: no distance but 0, which is the most alike.
  expect(distances!.range[0]).toBe(0);
  expect(bytesOf(distances!.matrices.hard)).toEqual(new Array(16).fill(255));
});

test('neighbors are the nearest in the student’s layer, and counted where the nearest is of the same class', async () => {
  const job = jobOf([{ objective: 'triplet', options: { layer: 'eye' } }]);
  const { neighbors } = (await insideOf(engine, { ...models, job }))!;
  expect(neighbors!.searched).toBe(4);
  expect(neighbors!.first).toMatchObject({ teacher: 1, distilled: 1 });
  // All are equally near: the first other one counts.
  expect(neighbors!.first.hard).toBe(0.25);
  expect(neighbors!.queries.map(({ index, found }) => [index, found.map((one) => one.index)])).toEqual([
    [0, [2, 3, 1]],
    [1, [3, 2, 0]],
  ]);
});

test('neighbors of a teacher are those in the layer that teaches', async () => {
  const { architecture, weights } = modelOf(1);
  const [eye, ...rest] = architecture.layers;
  // What its last layer takes is alike for all samples.
  const blind: TrainedModel = {
    architecture: { ...architecture, layers: [eye!, { conv: 1, kernel: 1, name: 'blind' }, ...rest] },
    weights: new Map([
      ...[...weights].map(([name, values]) => [name.replace('2.', '3.'), values] as const),
      ['blind.weight', Float32Array.of(0)],
      ['blind.bias', Float32Array.of(1)],
    ]),
  };
  const first = async (options: object) => {
    const job = jobOf([{ objective: 'darkrank', options: { layer: 'eye', ...options } }]);
    return (await insideOf(engine, { ...models, job, teachers: [blind] }))!.neighbors!.first;
  };
  expect(await first({ teacherLayer: 'eye' })).toMatchObject({ teacher: 1, distilled: 1 });
  expect(await first({})).toMatchObject({ teacher: 0.25, distilled: 1 });
});

test('a teacher that tells no layers is left out, or the figure that needs it', async () => {
  const told = { name: 'a service', sha256: '0'.repeat(64), classes: 2 };
  const teacher = { ...told, logits: async () => new Float32Array(10) } as unknown as TrainedModel;
  const job = jobOf([
    { objective: 'similarity' },
    { objective: 'triplet' },
    { objective: 'gradient-attention' },
  ]);
  const inside = await insideOf(engine, { ...models, job, teachers: [teacher] });
  expect(Object.keys(inside!)).toEqual(['neighbors']);
  expect(inside!.neighbors!.first).toEqual({ distilled: 1, hard: 0.25 });
});

test('neighbors need no teacher, maps and matrices do', async () => {
  const job = jobOf([{ objective: 'triplet', options: { layer: 'eye' } }, { objective: 'similarity' }]);
  const inside = await insideOf(engine, { ...models, job, teachers: [] });
  expect(Object.keys(inside!)).toEqual(['neighbors']);
  expect(inside!.neighbors!.first).toEqual({ distilled: 1, hard: 0.25 });
});

test('maps are those inside of a teacher that is no network, where it tells some', async () => {
  // Of two channels, the second being −2 times the first: what it has for every sample is alike.
  const one = [9, 0, 3, 0, 0, 0].flatMap((v) => [v, -2 * v]);
  const external = (featuresShape?: readonly number[]): ExternalModel => ({
    ...{ name: 'a graph', sha256: '0'.repeat(64), classes: 2, featuresShape },
    logits: async () => new Float32Array(4),
    features: async () => Float32Array.from([...one, ...one]),
  });
  const drawn = async (objective: string, options: object, shape?: readonly number[]) => {
    const job = jobOf([{ objective, options }]);
    return (await insideOf(engine, { ...models, job, teachers: [external(shape)] }))?.maps?.[0];
  };
  const attending = { layers: [{ student: 'eye' }] };
  const found = await drawn('attention', attending, [2, 3, 2]);
  expect(found!.of).toEqual({ student: 'eye' });
  for (const { maps } of found!.samples)
    expect(bytesOf(maps.teacher)).toEqual([255, 0, Math.round(255 / 9), 0, 0, 0]);
  expect(bytesOf(found!.samples[0]!.maps.distilled)).toEqual([255, 3, 3, 0, 0, 0]);
  const max = await drawn('attention', { ...attending, power: 1, over: 'max' }, [2, 3, 2]);
  expect(bytesOf(max!.samples[0]!.maps.teacher)).toEqual([255, 0, 85, 0, 0, 0]);
  // Hints between maps, of whatever sizes.
  const hinted = await drawn('fitnets', { guided: 'eye' }, [3, 1, 4]);
  expect(hinted!.samples[0]!.maps.teacher).toMatchObject({ height: 3, width: 1 });
  // Rows have none, neither of the teacher nor of the student.
  expect(await drawn('fitnets', { guided: 'eye' }, [12])).toBeUndefined();
  expect(await drawn('fitnets', { guided: 'eye' })).toBeUndefined();
  expect(await drawn('fitnets', { guided: '1' }, [2, 3, 2])).toBeUndefined();
});

test('stages before the last have their losses', async () => {
  const stage: Trained = {
    ...{ job: jobOf([{ objective: 'fitnets' }]), model: modelOf(1), testErrors: 3, backends: ['wasm'] },
    history: [
      { epoch: 1, loss: 4, seconds: 1 },
      { epoch: 2, loss: 2, seconds: 2, testErrors: 3 },
    ],
  };
  const inside = await insideOf(engine, {
    ...models,
    job: jobOf([{ objective: 'labels' }]),
    stages: [stage],
  });
  expect(inside).toEqual({
    stages: [
      {
        objectives: ['fitnets'],
        points: [
          { epoch: 1, loss: 4 },
          { epoch: 2, loss: 2 },
        ],
      },
    ],
  });
});
