import { afterAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type LayerSpec,
  labels,
  makeDataset,
  mlp,
  type Objective,
  parseShorthand,
  type TrainedModel,
  train,
  trainEpochs,
  weightedSum,
  weightsSha256,
} from 'wasm-distill';
import { gradients, type Network, network, ops, type Tensor, variable } from 'wasm-distill/graph';
import {
  gradientAttention,
  gradientAttentionLoss,
  gradientMap,
  symmetricAttention,
} from 'wasm-distill/objectives';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { size } from '#library/graph/shape.js';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';
import { evaluate, type Input } from '../support/golden-values.ts';
import { numbers } from '../support/numbers.ts';

const one = await createEngine({ threads: 1 });
const others = await Promise.all([2, 3].map((threads) => createEngine({ threads })));
afterAll(() => Promise.all([one, ...others].map((engine) => engine.close())));

const SHAPE = [6, 7, 2];
const BATCH = 3;

/** Activations that are smooth, and those that are only between their corners; every kind of layer on the way. */
const students: Record<string, LayerSpec[]> = {
  tanh: [{ conv: 3, kernel: 3, stride: 2 }, { tanh: true }, { dense: 3 }],
  'relu and pools': [
    { conv: 4, kernel: 3 },
    { relu: true },
    { pool: 2 },
    { conv: 3, kernel: 2, pad: 0 },
    { leakyRelu: 0.2 },
    { avg: 2, stride: 1 },
    { dense: 5 },
    { relu: true },
    { dense: 3 },
  ],
  residual: [
    { conv: 3, kernel: 3 },
    { sum: [[{ conv: 3, kernel: 3 }, { relu: true }, { conv: 3, kernel: 1 }], []] },
    { relu: true },
    { concat: [[{ conv: 2, dilation: 2 }], [{ deconv: 2, kernel: 2 }], [{ depthwise: 3 }]] },
    { sigmoid: true },
    { gap: true },
    { dense: 3 },
  ],
  maxout: [{ conv: 4, kernel: 3 }, { maxout: 2 }, { upsample: 2 }, { pool: 3, stride: 2 }, { dense: 3 }],
  'dense alone': [{ flatten: true }, { dense: 6 }, { tanh: true }, { dense: 3 }],
};

const teacherLayers: LayerSpec[] = [
  { conv: 5, kernel: 3 },
  { norm: 'batch' },
  { relu: true },
  { pool: 2 },
  { dense: 3 },
];

const x = variable('x', [BATCH, ...SHAPE]);
const hard = variable('labels', [BATCH], 'i32');
/** The second sample has none. */
const hardLabels = [2, -1, 1];

function weightsOf({ parameters }: Network, seed: number): Input[] {
  return parameters.map(({ variable: v, role, fanIn }, i) => ({
    variable: v,
    values: numbers(size(v.shape), seed + i, role === 'weight' ? 1.5 / Math.sqrt(fanIn) : 0.3).map((n) =>
      role === 'state' ? n + 0.9 : n,
    ),
  }));
}

/** A step of an objective on a student and, where it has one, a teacher: the loss by sample, its variables, all numbers. */
function stepOf(layers: LayerSpec[], objective: (teacher: TrainedModel) => Objective) {
  const architecture = { input: { shape: SHAPE }, layers: teacherLayers };
  const student = network({ input: { shape: SHAPE }, layers });
  const teacher = network(architecture, { prefix: 'teacher.' });
  const ofTeacher = weightsOf(teacher, 90);
  const values = ofTeacher.map(({ values }) => values as Float32Array);
  const model = {
    architecture,
    weights: new Map(teacher.parameters.map(({ name }, i) => [name, values[i]!])),
  };
  const loss = objective(model).loss({
    size: BATCH,
    inputs: x,
    student: student.forward(x, 'train'),
    forward: (seen) => student.forward(seen, 'train'),
    teachers: [teacher.forward(x, 'infer')],
    columns: {},
    helpers: {},
    labels: hard,
    samples: variable('samples', [BATCH], 'i32'),
    memory: {},
    remember: () => {},
    progress: ops.fill(0, []),
  });
  const inputs: Input[] = [
    { variable: x, values: numbers(size(x.shape), 1, 1) },
    { variable: hard, values: Int32Array.from(hardLabels) },
    ...weightsOf(student, 3),
    ...ofTeacher,
  ];
  return { loss, parameters: student.trained.map((p) => p.variable), inputs };
}

const objectives: [string, (teacher: TrainedModel) => Objective][] = (
  [
    ['paper', false],
    ['squared', true],
  ] as const
).flatMap(([form, normalize]) => [
  [`gradient attention, ${form}`, (teacher) => gradientAttention({ teacher, form, normalize })],
  [`symmetric attention, ${form}`, () => symmetricAttention({ form, normalize })],
]);

describe.each(objectives)('%s', (_, objective) => {
  test.each(Object.entries(students))(
    'of a student with %s: its gradient is that of finite differences',
    async (_, layers) => {
      const { loss, parameters, inputs } = stepOf(layers, objective);
      const total = ops.sum(loss, 0);
      const asked = gradients(total, parameters);
      const values = () => new Map<Tensor, ArrayLike<number>>(inputs.map((i) => [i.variable, i.values]));
      const analytic = evaluateReference(asked, values());
      const greatest = Math.max(...analytic.flatMap((own) => [...own].map(Math.abs)));
      expect(greatest).toBeGreaterThan(1e-4);
      for (const [i, parameter] of parameters.entries())
        for (const element of sampled(size(parameter.shape))) {
          const at = (offset: number) => {
            const moved = Float64Array.from(values().get(parameter)!);
            moved[element]! += offset;
            return evaluateReference([total], values().set(parameter, moved))[0]![0]!;
          };
          const numeric = (at(1e-5) - at(-1e-5)) / 2e-5;
          const error = Math.abs(analytic[i]![element]! - numeric);
          expect(error, `${parameter.name}[${element}]: ${numeric}`).toBeLessThan(1e-5 * greatest);
        }
      const [bySample] = evaluateReference([loss], values());
      hardLabels.forEach((label, i) => {
        if (label < 0) expect(bySample![i]).toBe(0);
        else expect(bySample![i]).toBeGreaterThan(1e-5);
      });
      const got = await evaluate(one, inputs, [loss, ...asked]);
      for (const [i, expected] of [bySample!, ...analytic].entries())
        for (const [k, slope] of expected.entries())
          expect(Math.abs(got[i]![k]! - slope)).toBeLessThan(1e-4 * Math.max(1, greatest));
    },
  );
});

/** A few of the indices. */
function sampled(n: number): number[] {
  const count = Math.min(n, 3);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * n) / count));
}

const data = syntheticData(260);
/** Ten classes of 12 × 12 images. */
const given = (values: Uint8Array | Float32Array, hard: Int32Array) =>
  makeDataset({ inputs: { shape: [12, 12, 1], values }, labels: hard, classes: 10 });
const net = (text: string) =>
  parseShorthand(text, { input: { shape: [12, 12, 1], ...byteInput }, classes: 10 }).architecture;
const base = { architecture: net('nobn conv4k3s2 pool dense12 dense10'), data, seed: 2, batch: 64 } as const;
const teacher = await train(one, {
  architecture: net('conv8k3s2 pool dense10'),
  data,
  epochs: 8,
  seed: 1,
  batch: 64,
});

const trainings: [string, Objective][] = [
  ['gradient attention', gradientAttention({ teacher })],
  ['gradient attention of lengths 1', gradientAttention({ teacher, form: 'squared', normalize: true })],
  ['symmetric attention', symmetricAttention()],
];

async function losses(objective: Objective, options = {}): Promise<number[]> {
  const found: number[] = [];
  for await (const { loss } of trainEpochs(one, { ...base, epochs: 1, ...options, objective }))
    found.push(loss);
  return found;
}

/** Weights stay as they are. */
const still = { epochs: 1, recipe: { rate: 1e-30 } };

describe.each(trainings)('%s in training', (_, objective) => {
  test('lowers its loss, beside labels too, to the same bits with any number of threads', async () => {
    const alone = await losses(objective, { epochs: 14 });
    expect(alone.at(-1)).toBeLessThan(0.8 * alone[0]!);
    const both = weightedSum([1, labels()], [1, objective]);
    const hashes = await Promise.all(
      [one, ...others].map(async (engine) =>
        weightsSha256(await train(engine, { ...base, epochs: 2, objective: both })),
      ),
    );
    expect(new Set(hashes).size).toBe(1);
    expect(hashes[0]).not.toBe(await weightsSha256(await train(one, { ...base, epochs: 2 })));
  });

  test('rows that fill up the last batch count as nothing, nor do samples without labels', async () => {
    const [whole] = await losses(objective, { ...still, batch: 260 });
    for (const batch of [130, 64, 7]) {
      const [mean] = await losses(objective, { ...still, batch });
      expect(mean! / whole!).toBeCloseTo(1, 5);
    }
    const half = given(
      data.inputs.values,
      data.labels.map((label, i) => (i < 130 ? label : -1)),
    );
    const labeled = given(data.inputs.values.slice(0, 130 * 144), data.labels.slice(0, 130));
    const [some] = await losses(objective, { ...still, data: half });
    const [those] = await losses(objective, { ...still, data: labeled });
    expect(some! / (those! / 2)).toBeCloseTo(1, 5);
    const none = given(data.inputs.values, new Int32Array(260).fill(-1));
    await expect(losses(objective, { data: none })).rejects.toThrow(/no sample has one/);
  });

  test('a student with batch norm is refused before anything trains, one that drops units is not', async () => {
    const mixing = { architecture: net('nobn conv4k3s2 norm@second dense10') };
    await expect(losses(objective, mixing)).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(/batch norm \(second\) mixes the samples .* nobn$/),
    });
    const dropping = { architecture: net('nobn conv4k3s2 drop0.3 dense10') };
    for (const loss of await losses(objective, dropping)) expect(loss).toBeGreaterThan(0);
  });
});

test('bytes count as 0 to 1: floats of the same images have the same loss', async () => {
  const values = Float32Array.from(data.inputs.values, (v) => v / 255);
  const floats = given(values, data.labels);
  const mirror = symmetricAttention();
  const taken = (own: typeof base.architecture) => ({ ...own, input: { shape: own.input.shape } });
  const [ofBytes] = await losses(mirror, { ...still, architecture: taken(base.architecture) });
  const [ofFloats] = await losses(mirror, { ...still, architecture: taken(base.architecture), data: floats });
  expect(ofBytes! / ofFloats!).toBeCloseTo(1, 5);
});

test('the map of bytes is that of what they become, from 0 to 1', () => {
  const bytes = variable('bytes', [3, 2, 2, 1], 'u8');
  const index = variable('index', [2], 'i32');
  const images = ops.takeImages(bytes, index);
  const shares = ops.scale(images, 1 / 255);
  const w = variable('w', [4, 3]);
  const logits = ops.matmul(ops.reshape(shares, [2, 4]), w);
  const y = variable('y', [2], 'i32');
  const maps = [images, ops.reshape(images, [2, 4]), shares].map((inputs) => {
    const seen = inputs === images || inputs === shares ? logits : ops.matmul(ops.scale(inputs, 1 / 255), w);
    return gradientMap({ logits: seen, labels: y, inputs });
  });
  const values = new Map<Tensor, ArrayLike<number>>([
    [bytes, [0, 255, 17, 3, 9, 200, 100, 50, 1, 2, 3, 4]],
    [index, [1, 0]],
    [w, numbers(12, 4, 1)],
    [y, [2, 0]],
  ]);
  const [whole, flat, scaled] = evaluateReference(maps, values);
  for (const [i, slope] of scaled!.entries()) {
    expect(whole![i]! / slope).toBeCloseTo(1, 6);
    expect(flat![i]! / slope).toBeCloseTo(1, 6);
  }
});

test('teachers of other classes, rows that no mirror turns, and maps of different sizes are refused', async () => {
  const fewer = await train(one, {
    ...base,
    architecture: mlp([144, 5]),
    data: syntheticData(30, 5),
    epochs: 1,
  });
  await expect(losses(gradientAttention({ teacher: fewer }))).rejects.toMatchObject({ code: 'mismatch' });
  const rows = makeDataset({
    inputs: { shape: [144], values: data.inputs.values },
    labels: data.labels,
    classes: 10,
  });
  await expect(losses(symmetricAttention(), { architecture: mlp([144, 10]), data: rows })).rejects.toThrow(
    'symmetric attention mirrors images [height, width, channels], but samples are [144]',
  );
  // One of rows learns from gradients all the same.
  const objective = gradientAttention({ teacher });
  for (const loss of await losses(objective, { architecture: mlp([144, 10]) }))
    expect(loss).toBeGreaterThan(0);
  const [a, b] = [variable('a', [2, 3]), variable('b', [2, 4])];
  expect(() => gradientAttentionLoss(a, b)).toThrow("aren't of the same inputs");
  expect(() =>
    gradientMap({ logits: a, labels: variable('y', [2], 'i32'), inputs: variable('x', [3, 1]) }),
  ).toThrow('inputs must be f32 [2, …]');
  expect(() => symmetricAttention({ form: 'common' } as never)).toThrow("'paper' or 'squared'");
});
