import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Augmentation,
  createEngine,
  custom,
  distill,
  distillation,
  type Engine,
  labels,
  makeDataset,
  mlp,
  type Objective,
  softTargets,
  type TrainedModel,
  type TrainingState,
  type TrainOptions,
  train,
  trainEpochs,
  weightedSum,
  weightsSha256,
} from 'wasm-distill';
import { viewsOf } from 'wasm-distill/data';
import { network, ops, type Tensor } from 'wasm-distill/graph';
import { features, featuresOf, hiddenOf, logits, logitsOf } from 'wasm-distill/objectives';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(300);
const base = { architecture: mlp([144, 24, 10]), data, epochs: 2, seed: 5, batch: 64 } as const;
/** A rate so small that weights stay as they are: losses are those of the start. */
const still = { ...base, epochs: 1, recipe: { rate: 1e-30 } } as const;
let engine: Engine;
let teachers: TrainedModel[];

beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
  teachers = [
    await train(engine, { ...base, architecture: mlp([144, 31, 10]), seed: 1 }),
    await train(engine, { ...base, architecture: mlp([144, 20, 12, 10]), seed: 2 }),
  ];
});
afterAll(() => engine.close());

const hashOf = async (objective: Objective | undefined, more: Partial<TrainOptions> = {}) =>
  weightsSha256(await train(engine, { ...base, ...more, objective }));

async function lossOf(objective: Objective, options: TrainOptions = still): Promise<number> {
  for await (const { loss } of trainEpochs(engine, { ...options, objective })) return loss;
  throw new Error('there was no epoch');
}

describe('labels', () => {
  test('are what a network learns from where nothing is said', async () => {
    expect(await hashOf(labels())).toBe(await hashOf(undefined));
  });

  test('unlabeled samples count as nothing', async () => {
    const none = { ...data, labels: new Int32Array(300).fill(-1) };
    expect(await lossOf(labels(), { ...still, data: none })).toBe(0);
    const half = { ...data, labels: data.labels.map((label, i) => (i % 2 ? -1 : label)) };
    const loss = await lossOf(labels(), { ...still, data: half });
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(await lossOf(labels()));
  });
});

describe('what teachers say, kept or in the step', () => {
  const views: readonly Augmentation[] = [{ shift: 1 }, { mirror: true }];

  test.each(['fusion', 'two-term'] as const)(
    'soft targets, %s, shifted and mirrored: the same bits',
    async (form) => {
      const kd = { temperature: 3, alpha: 0.3, form };
      const soft = await softTargets(engine, teachers, data, { temperature: 3, augment: views });
      const kept = await hashOf(distillation({ ...kd, soft }), { augment: views });
      expect(await hashOf(distillation({ ...kd, teachers }), { augment: views })).toBe(kept);
      // distill() is the short form.
      expect(await weightsSha256(await distill(engine, { ...base, ...kd, soft, augment: views }))).toBe(kept);
      expect(await hashOf(distillation({ ...kd, teachers: teachers.slice(1) }), { augment: views })).not.toBe(
        kept,
      );
    },
  );

  test('logits: the same bits', async () => {
    const kept = logits({ logits: await logitsOf(engine, teachers, data), classes: 10 });
    expect(await hashOf(kept)).toBe(await hashOf(logits({ teachers })));
    expect(await hashOf(kept)).not.toBe(await hashOf(logits({ teachers: teachers.slice(1) })));
  });

  test('features, kept, are those that a tap of a teacher in the step gives', async () => {
    const hidden = await hiddenOf(engine, teachers[1]!, data);
    const selected = [3, 1, 7];
    const kept = features({ features: featuresOf(hidden, { size: 300, selected }), units: 3, weight: 0.5 });
    const inStep = custom({
      teachers: teachers.slice(1),
      loss: ({ student, teachers: [teacher], labels: hard }) => {
        const chosen = selected.map((unit) =>
          ops.slice(teacher!.at('layer2'), { start: [0, unit], shape: [student.logits.shape[0]!, 1] }),
        );
        const distance = ops.sum(ops.square(ops.subtract(student.features, ops.concat(chosen, 1))), 1);
        return ops.add(ops.kdLoss(student.logits, { labels: hard }), ops.scale(distance, 0.25));
      },
    });
    const options = { architecture: mlp([144, 3, 10]) };
    expect(await lossOf(kept, { ...still, ...options })).toBeCloseTo(
      await lossOf(inStep, { ...still, ...options }),
      4,
    );
  });

  test('teachers of other samples or classes are refused', async () => {
    const others = await train(engine, {
      ...base,
      architecture: mlp([25, 10]),
      data: syntheticData(30, 10, 5),
    });
    const fewer = await train(engine, { ...base, architecture: mlp([144, 5]), data: syntheticData(30, 5) });
    for (const make of [
      (some: TrainedModel[]) => distillation({ teachers: some, temperature: 2 }),
      (some: TrainedModel[]) => logits({ teachers: some }),
    ]) {
      await expect(hashOf(make([others]))).rejects.toMatchObject({
        code: 'mismatch',
        message: 'the model takes 25 inputs, but the samples have 144 numbers (12 × 12 × 1)',
      });
      await expect(hashOf(make([fewer]))).rejects.toMatchObject({
        code: 'mismatch',
        message: 'the model has 5 classes, but the data have 10',
      });
    }
    // What a loss of one's own makes of a teacher of other classes is its own affair; it sees the same samples.
    const tapping = (teacher: TrainedModel) =>
      custom({
        teachers: [teacher],
        loss: ({ student, teachers: [of] }) =>
          ops.add(ops.sum(ops.square(student.logits), 1), ops.sum(ops.square(of!.logits), 1)),
      });
    await expect(hashOf(tapping(fewer))).resolves.toBeDefined();
    await expect(hashOf(tapping(others))).rejects.toMatchObject({ code: 'mismatch' });
  });
});

describe('a weighted sum', () => {
  test('is the sum of its parts', async () => {
    const parts = [labels(), logits({ teachers }), distillation({ teachers, temperature: 4 })] as const;
    const losses: number[] = [];
    for (const part of parts) losses.push(await lossOf(part));
    const sum = weightedSum([1, parts[0]], [0.5, parts[1]], [0.25, parts[2]]);
    expect(await lossOf(sum)).toBeCloseTo(losses[0]! + 0.5 * losses[1]! + 0.25 * losses[2]!, 3);
  });

  test('of one with weight 1 has its bits', async () => {
    expect(await hashOf(weightedSum([1, labels()]))).toBe(await hashOf(labels()));
  });

  test('takes the greatest of its parts’ rates, and checks what they check', async () => {
    const sum = weightedSum([1, labels()], [1, distillation({ teachers, temperature: 4 })]);
    expect(sum.rate?.(10)).toBe(0.2);
    expect(weightedSum([1, labels()]).rate).toBeUndefined();
    const soft = await softTargets(engine, teachers, data, { temperature: 4 });
    const aligned = weightedSum([1, labels()], [1, distillation({ soft, temperature: 4 })]);
    await expect(hashOf(aligned, { augment: [{ shift: 1 }] })).rejects.toMatchObject({ code: 'mismatch' });
  });

  test('keeps its parts’ columns, teachers and helpers apart, even where they are called alike', async () => {
    const part = (value: number, units: number, teacher: TrainedModel): Objective =>
      custom({
        name: `part ${value}`,
        teachers: [teacher],
        helpers: { own: mlp([24, units]) },
        columns: { own: { values: new Float32Array(300).fill(value), shape: [] } },
        loss: ({ student, teachers: given, helpers, columns }) => {
          expect(given).toHaveLength(1);
          expect(Object.keys(helpers)).toEqual(['own']);
          expect(Object.keys(columns)).toEqual(['own']);
          const helped = helpers.own!.forward(student.at('layer1'), 'train').logits;
          expect(helped.shape).toEqual([64, units]);
          return ops.multiply(columns.own!, ops.sum(ops.square(given[0]!.logits), 1));
        },
      });
    const squares = async (teacher: TrainedModel) =>
      (await logitsOf(engine, [teacher], data)).reduce((sum, z) => sum + z * z, 0) / 300;
    const loss = await lossOf(weightedSum([1, part(2, 3, teachers[0]!)], [10, part(5, 4, teachers[1]!)]));
    const expected = 2 * (await squares(teachers[0]!)) + 50 * (await squares(teachers[1]!));
    expect(loss / expected).toBeCloseTo(1, 5);
  });

  test('of sums keeps them apart too', async () => {
    const column = (value: number): Objective =>
      custom({
        columns: { own: { values: new Float32Array(300).fill(value), shape: [] } },
        loss: ({ columns }) => columns.own!,
      });
    const inner = weightedSum([1, column(1)], [10, column(2)]);
    expect(await lossOf(weightedSum([1, inner], [100, column(3)], [1000, inner]))).toBeCloseTo(21_321, 1);
  });

  test('is told apart by its terms in keys', () => {
    const [one, other] = [0.5, 0.25].map((weight) =>
      weightedSum([1, labels()], [weight, logits({ teachers })]),
    );
    expect(JSON.stringify(one!.spec)).not.toBe(JSON.stringify(other!.spec));
  });

  test('says the weights of its terms, whatever these weigh inside', () => {
    const own = features({ features: new Float32Array(600), units: 2, weight: 7 });
    expect(weightedSum([2, own], [{ from: 4, to: 0 }, labels()]).spec).toEqual({
      kind: 'weighted sum',
      terms: [
        { weight: 2, objective: { kind: 'features', weight: 7 } },
        { weight: { from: 4, to: 0 }, objective: { kind: 'labels' } },
      ],
    });
  });
});

describe('a helper', () => {
  const teacherLayer = 'layer1';
  /** What of a hint is not yet met, by sample: the student's hidden layer through the helper, against the teacher's. */
  const hints = (): Objective =>
    custom({
      name: 'hints',
      teachers: teachers.slice(0, 1),
      helpers: { regressor: mlp([24, 31]) },
      loss: ({ student, teachers: [teacher], helpers }) => {
        const guess = helpers.regressor!.forward(student.at('layer1'), 'train').logits;
        return ops.mean(ops.square(ops.subtract(guess, teacher!.at(teacherLayer))), 1);
      },
    });

  test('learns: the hint loss falls, its weights change, and they aren’t in the model', async () => {
    const losses: number[] = [];
    const states: TrainingState[] = [];
    const options = { ...base, epochs: 12, objective: hints() };
    const onCheckpoint = (state: TrainingState) => void states.push(state);
    let model: TrainedModel | undefined;
    for await (const epoch of trainEpochs(engine, options, { onCheckpoint })) {
      losses.push(epoch.loss);
      model = epoch.model;
    }
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 3);
    const helper = 'helper.regressor.logits.weight';
    const [first, last] = [states[0]!, states.at(-1)!].map(({ tensors }) => tensors.get(helper)!);
    expect(first).toHaveLength(24 * 31);
    expect(first).not.toEqual(last);
    expect([...model!.weights.keys()]).toEqual(network(base.architecture).parameters.map(({ name }) => name));
  });

  test('has random numbers of its own: the student’s are those without it', async () => {
    const initial = async (objective: Objective) =>
      (await train(engine, { ...still, objective })).weights.get('layer1.dense.weight');
    expect(await initial(weightedSum([1, labels()], [1, hints()]))).toEqual(await initial(labels()));
  });

  test('goes on from a checkpoint, bit for bit', async () => {
    const options = { ...base, epochs: 3, objective: hints() };
    const whole = await weightsSha256(await train(engine, options));
    const controller = new AbortController();
    let state: TrainingState | undefined;
    const stopped = train(engine, options, {
      signal: controller.signal,
      onCheckpoint: (reached) => {
        state = reached;
        controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(await weightsSha256(await train(engine, options, { resume: state }))).toBe(whole);
  });

  test('that shares its name with a layer of the student is refused: checkpoints tell them by names', async () => {
    const architecture = { input: { shape: [144] }, layers: [{ name: 'helper.own.logits', dense: 10 }] };
    const objective = custom({
      helpers: { own: mlp([144, 10]) },
      loss: ({ inputs, student, helpers }) =>
        ops.sum(ops.square(ops.subtract(student.logits, helpers.own!.forward(inputs, 'train').logits)), 1),
    });
    await expect(hashOf(objective, { architecture })).rejects.toThrow(
      'two parameters are called helper.own.logits.weight',
    );
  });
});

describe('columns', () => {
  /** 3 × 7 images of one bright pixel: where it is seen tells the view. */
  const size = 20;
  const bright = { shape: [3, 7, 1], values: new Uint8Array(size * 21) };
  for (let i = 0; i < size; i++) bright.values[i * 21 + 8] = 255;
  const pixels = makeDataset({ inputs: bright, labels: new Int32Array(size), classes: 2 });
  const options = {
    architecture: mlp([21, 2], { input: { shape: [3, 7, 1] } }),
    data: pixels,
    seed: 1,
    epochs: 30,
    batch: 6,
  };
  const augment: readonly Augmentation[] = [{ mirror: true }, { shift: 1 }];

  /** Of each view of the image, where its pixel is seen, from 0; none is alike. */
  const places = [...viewsOf(bright, augment)].map(({ values }) => values.subarray(0, 21).indexOf(255));

  function seenAt(inputs: Tensor): Tensor {
    const rows = ops.reshape(inputs, [inputs.shape[0]!, 21]);
    const place = ops.constant(
      Array.from({ length: 21 }, (_, at) => at / 255),
      [21, 1],
    );
    return ops.sum(ops.matmul(rows, place), 1);
  }

  test('with views hold a number for each view, and a step gets that of the view it sees', async () => {
    expect(new Set(places).size).toBe(18);
    const values = Float32Array.from({ length: size * 18 }, (_, i) => places[i % 18]!);
    const objective = custom({
      columns: { place: { values, shape: [], views: true } },
      loss: ({ inputs, columns }) => ops.abs(ops.subtract(seenAt(inputs), columns.place!)),
    });
    for await (const { loss } of trainEpochs(engine, { ...options, augment, objective }))
      expect(loss).toBeLessThan(1e-4);
  });

  test('without views hold one for each sample, whichever view is seen', async () => {
    const objective = custom({
      columns: { own: { values: Float32Array.from({ length: 2 * size }, (_, i) => i), shape: [2] } },
      loss: ({ columns }) => ops.sum(columns.own!, 1),
    });
    // Sample i has 2i + (2i + 1): over 20 samples the mean is 39.
    for (const more of [{}, { augment }])
      expect(await lossOf(objective, { ...options, ...more, epochs: 1 })).toBeCloseTo(39, 4);
  });

  test.each<[number, readonly number[], boolean, readonly Augmentation[], string]>([
    [19, [], false, [], 'column own has 19 numbers, but 20 samples of shape [] need 20'],
    [20, [2], false, [], 'column own has 20 numbers, but 20 samples of shape [2] need 40'],
    [20, [], true, augment, 'column own has 20 numbers, but 20 samples in 18 views of shape [] need 360'],
    [360, [], false, augment, 'column own has 360 numbers, but 20 samples of shape [] need 20'],
  ])('of %i numbers for [%s], views %s, are refused', async (length, shape, views, some, message) => {
    const objective = custom({
      columns: { own: { values: new Float32Array(length), shape, views } },
      loss: ({ columns }) => columns.own!,
    });
    await expect(train(engine, { ...options, augment: some, objective })).rejects.toThrow(message);
  });

  test('that aren’t finite are refused', async () => {
    const values = new Float32Array(size).fill(Number.NaN, 7, 8);
    const objective = custom({
      columns: { own: { values, shape: [] } },
      loss: ({ columns }) => columns.own!,
    });
    await expect(train(engine, { ...options, objective })).rejects.toThrow('number 7 of column own is NaN');
  });

  test('count as nothing in the rows that fill up an epoch’s last batch, one sample in it', async () => {
    const values = Float32Array.from({ length: size }, (_, i) => i + 1);
    const objective = custom({
      columns: { own: { values, shape: [] } },
      // Of rows that fill up, 1/0.
      loss: ({ columns, student }) =>
        ops.add(
          ops.divide(ops.fill(1, [student.logits.shape[0]!]), columns.own!),
          ops.scale(ops.sum(student.logits, 1), 0),
        ),
    });
    const mean = values.reduce((sum, v) => sum + 1 / v, 0) / size;
    for (const batch of [20, 19, 3, 1])
      expect(await lossOf(objective, { ...options, batch, epochs: 1 })).toBeCloseTo(mean, 5);
  });
});

test('a loss sees the student’s taps before and after activations, its features and the inputs', async () => {
  const objective = custom(({ size, inputs, student, labels: hard }) => {
    expect([size, inputs.shape, hard.shape]).toEqual([64, [64, 12, 12, 1], [64]]);
    expect(student.at('layer1:pre').shape).toEqual([64, 24]);
    expect(student.at('logits')).toBe(student.logits);
    // A dense layer reads what the activation before it puts out.
    expect(student.features).toBe(student.at('layer1'));
    const negative = ops.subtract(student.at('layer1'), student.at('layer1:pre'));
    return ops.add(ops.kdLoss(student.logits, { labels: hard }), ops.sum(negative, 1));
  });
  // relu(x) − x is −x where x is negative: pushing it down pushes what is below 0 up.
  const negative = async (model: TrainedModel) => {
    const hidden = await hiddenOf(engine, model, data);
    return hidden.reduce((count, v) => count + Number(v === 0), 0) / hidden.length;
  };
  const pushed = await train(engine, { ...base, epochs: 6, objective });
  const plain = await train(engine, { ...base, epochs: 6 });
  expect(await negative(pushed)).toBeLessThan(0.5 * (await negative(plain)));
});
