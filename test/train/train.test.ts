import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Architecture,
  type Augmentation,
  createEngine,
  custom,
  distillation,
  type EpochResult,
  evaluate,
  mlp,
  type SoftTargets,
  select,
  softTargets,
  type TrainingState,
  type TrainOptions,
  train,
  trainEpochs,
  weightsSha256,
} from 'wasm-distill';
import { decodeCheckpoint, encodeCheckpoint } from 'wasm-distill/formats';
import { ops } from 'wasm-distill/graph';
import { sideBySide } from 'wasm-distill/jobs';
import type { DistillationOptions, SoftSource } from 'wasm-distill/objectives';
import { adamPowers } from '#library/train/optimizer.js';
import { cosPi, learningRates } from '#library/train/schedule.js';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(600);
const base: TrainOptions = {
  architecture: mlp([144, 24, 10]),
  data,
  epochs: 4,
  seed: 5,
  batch: 64,
  recipe: { rate: 0.1 },
};

describe('training', () => {
  test('learns: far fewer errors than chance, and the loss falls', async () => {
    await using engine = await createEngine({ threads: 2 });
    const epochs: EpochResult[] = [];
    let model: Awaited<ReturnType<typeof train>> | undefined;
    for await (const epoch of trainEpochs(engine, { ...base, epochs: 8 })) {
      epochs.push({ epoch: epoch.epoch, loss: epoch.loss });
      model = epoch.model;
    }
    expect(epochs.map((e) => e.epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss / 2);
    const { errors, confusion, size } = await evaluate(engine, model!, syntheticData(900));
    expect(errors / size).toBeLessThan(0.2);
    expect(confusion.flat().reduce((a, b) => a + b)).toBe(size);
  });

  test('the loss of an epoch is the mean over its samples, whatever the last batch holds', async () => {
    await using engine = await createEngine({ threads: 1 });
    const losses: number[] = [];
    for (const batch of [600, 599, 64, 7]) {
      // A rate so small that weights stay as they are: every partition then has the same mean.
      for await (const { loss } of trainEpochs(engine, {
        ...base,
        epochs: 1,
        recipe: { rate: 1e-12 },
        batch,
      }))
        losses.push(loss);
    }
    for (const loss of losses) expect(loss).toBeCloseTo(losses[0]!, 4);
  });

  test('a loss written by the user trains the model', async () => {
    await using engine = await createEngine({ threads: 2 });
    const objective = custom(({ student, labels }) =>
      ops.sum(ops.square(ops.subtract(student.logits, ops.oneHot(labels, 10))), 1),
    );
    const model = await train(engine, { ...base, seed: 1, epochs: 12, recipe: { rate: 0.02 }, objective });
    expect((await evaluate(engine, model, data)).errors).toBeLessThan(200);
  });

  test('another seed gives other weights, the same seed the same', async () => {
    await using engine = await createEngine({ threads: 2 });
    const hashes = await Promise.all(
      [5, 5, 6].map(async (seed) => weightsSha256(await train(engine, { ...base, epochs: 1, seed }))),
    );
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  test('starts from the weights of an initial model', async () => {
    await using engine = await createEngine({ threads: 1 });
    const initial = await train(engine, { ...base, epochs: 2 });
    // A rate so small that no weight moves by half its last place.
    const same = await train(engine, { ...base, epochs: 1, seed: 9, initial, recipe: { rate: 1e-30 } });
    expect(await weightsSha256(same)).toBe(await weightsSha256(initial));
    const options: TrainOptions = { ...base, architecture: mlp([144, 9, 10]), initial };
    await expect(train(engine, options)).rejects.toThrow(
      /the initial model has parameters of the shapes \[144,24\] \[24\] \[24,10\] \[10\], but \[144,9\] \[9\] \[9,10\] \[10\] are/,
    );
  });

  test('an order of one’s own: an epoch takes the samples it names, as often as it names them', async () => {
    await using engine = await createEngine({ threads: 2 });
    const some = [5, 17, 3, 17, 99, 250, 3];
    const order = (epoch: number) => Int32Array.from(some, (i) => i + epoch);
    // A rate so small that weights stay as they are: losses then are those of the samples at the start.
    const options: TrainOptions = { ...base, recipe: { rate: 1e-12 }, batch: 4 };
    const losses: number[] = [];
    for await (const { loss } of trainEpochs(engine, { ...options, epochs: 2, order })) losses.push(loss);
    for (const epoch of [0, 1]) {
      const samples = select(data, order(epoch));
      for await (const { loss } of trainEpochs(engine, { ...options, epochs: 1, data: samples }))
        expect(losses[epoch]).toBeCloseTo(loss, 5);
    }
    for (const [bad, message] of [
      [[0, 1, 600], /the order of epoch 2 has 3 samples, 600 among them: give 3, from 0 to 599/],
      [[0, 1], /the order of epoch 2 has 2 samples: give 3/],
    ] as const) {
      const changing = (epoch: number) => Int32Array.from(epoch === 0 ? [0, 1, 2] : bad);
      await expect(train(engine, { ...options, order: changing })).rejects.toThrow(message);
    }
    for (const other of [
      () => [1, 2],
      () => Float32Array.of(1.5),
      async () => Int32Array.of(1),
      () => undefined,
    ])
      await expect(
        train(engine, { ...options, order: other as unknown as (epoch: number) => Int32Array }),
      ).rejects.toThrow(/the order of epoch 1 must be an Int32Array, not/);
    const none = () => new Int32Array(0);
    await expect(train(engine, { ...options, order: none })).rejects.toThrow(/epoch 1 has no samples/);
  });

  test('unlabeled samples without soft targets count as nothing', async () => {
    await using engine = await createEngine({ threads: 1 });
    for await (const { loss } of trainEpochs(engine, { ...base, epochs: 1, unlabeled: 1 }))
      expect(loss).toBe(0);
  });
});

describe('teachers in the step', () => {
  const teacherOptions = (seed: number): TrainOptions => ({
    ...base,
    seed,
    architecture: mlp([144, 31, 10]),
  });
  const kd = { temperature: 3, alpha: 0.3 };

  test('of samples as they are they give what soft targets made before give, bit for bit', async () => {
    await using engine = await createEngine({ threads: 2 });
    const teachers = [
      await train(engine, teacherOptions(1)),
      await train(engine, { ...teacherOptions(2), epochs: 1 }),
    ];
    const soft = await softTargets(engine, teachers, data, { temperature: 3 });
    const losses: number[][] = [];
    const hashes: string[] = [];
    for (const source of [{ soft }, { teachers }]) {
      const objective = distillation({ ...kd, ...source });
      const history: number[] = [];
      // 600 samples in batches of 64: the rows that fill up the last batch have to count as nothing.
      for await (const { loss, model } of trainEpochs(engine, { ...base, objective })) {
        history.push(loss);
        if (history.length === base.epochs) hashes.push(await weightsSha256(model));
      }
      losses.push(history);
    }
    expect(losses[1]).toEqual(losses[0]);
    expect(hashes[1]).toBe(hashes[0]);
  });

  test('see the shifted images, and don’t learn', async () => {
    await using engine = await createEngine({ threads: 2 });
    const augment = [{ shift: 1 }];
    const teacher = await train(engine, { ...teacherOptions(1), augment });
    const before = await weightsSha256(teacher);
    const soft = await softTargets(engine, [teacher], data, { temperature: 3, augment });
    const hash = async (source: SoftSource) =>
      weightsSha256(await train(engine, { ...base, augment, objective: distillation({ ...kd, ...source }) }));
    const inStep = await hash({ teachers: [teacher] });
    expect(inStep).toBe(await hash({ soft }));
    // Those of the images as they are, for every shift: they teach something else.
    const still = soft.probabilities.map((_, i) => soft.probabilities[i - (i % 90) + 40 + (i % 10)]!);
    expect(inStep).not.toBe(await hash({ soft: { ...soft, probabilities: still } }));
    expect(await weightsSha256(teacher)).toBe(before);
  });

  test('of other data, or none, are refused', async () => {
    await using engine = await createEngine({ threads: 1 });
    const teacher = await train(engine, { ...teacherOptions(1), epochs: 1 });
    const soft = await softTargets(engine, [teacher], data, { temperature: 3 });
    const other = { ...teacher, architecture: mlp([100, 31, 10]) };
    const taught = async (source: object) =>
      train(engine, { ...base, objective: distillation({ ...kd, ...source } as DistillationOptions) });
    await expect(taught({ teachers: [other] })).rejects.toMatchObject({ code: 'mismatch' });
    await expect(taught({ teachers: [] })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(taught({ teachers: [teacher], soft })).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

describe('interruption', () => {
  test.each(['sgd', 'adam'] as const)(
    '%s: stopped anywhere and continued through a file, the weights are the same',
    async (kind) => {
      await using engine = await createEngine({ threads: 2 });
      const options: TrainOptions = {
        ...base,
        epochs: 20,
        architecture: mlp([144, 24, 10], { dropout: { hidden: 0.2 } }),
        recipe: { rate: kind === 'sgd' ? 0.1 : 0.002, optimizer: { kind, maxNorm: 2 } },
        augment: [{ shift: 1 }],
      };
      const whole = await weightsSha256(await train(engine, options));
      let file: Uint8Array | undefined;
      let pieces = 0;
      let model: Awaited<ReturnType<typeof train>> | undefined;
      while (!model && pieces < 200) {
        pieces++;
        const controller = new AbortController();
        const resume = file && decodeCheckpoint(file, 'mine', 'checkpoint');
        // The first piece ends with an epoch, later ones wherever the clock finds them.
        const timer = setTimeout(() => controller.abort(), pieces === 1 ? 60_000 : 20 + 3 * pieces);
        try {
          model = await train(engine, options, {
            signal: controller.signal,
            ...(resume && { resume }),
            onCheckpoint: (state: TrainingState) => {
              file = encodeCheckpoint(state, 'mine');
              if (pieces === 1) controller.abort();
            },
          });
        } catch (error) {
          expect(error).toMatchObject({ code: 'aborted' });
        }
        clearTimeout(timer);
      }
      expect(pieces).toBeGreaterThan(1);
      expect(await weightsSha256(model!)).toBe(whole);
    },
  );

  test('a state whose step and history don’t belong together is refused', async () => {
    await using engine = await createEngine({ threads: 1 });
    let state: TrainingState | undefined;
    const onCheckpoint = (reached: TrainingState) => {
      state = reached;
    };
    await train(engine, { ...base, epochs: 2 }, { onCheckpoint });
    const { step, history } = state!;
    for (const lie of [{ history: [] }, { history: history.slice(1) }, { step: 3 }, { step: step + 1 }])
      await expect(
        train(engine, { ...base, epochs: 2 }, { resume: { ...state!, ...lie } }),
      ).rejects.toMatchObject({ code: 'mismatch' });
    const junk = { ...state!, history: ['one', null] as unknown as EpochResult[] };
    await expect(train(engine, { ...base, epochs: 2 }, { resume: junk })).rejects.toThrow(/history/);
    // At its very end there is nothing left to do, and the model is there.
    const model = await train(engine, { ...base, epochs: 2 }, { resume: state });
    expect(model.weights.size).toBe(4);
  });

  test('closing the engine in the middle rejects with a typed error, whoever closes it', async () => {
    for (const close of ['later', 'in onProgress', 'in onCheckpoint']) {
      const engine = await createEngine({ threads: 2 });
      if (close === 'later') setTimeout(() => void engine.close(), 100);
      const run = train(
        engine,
        { ...base, epochs: 100_000 },
        {
          ...(close === 'in onProgress' && { onProgress: () => void engine.close() }),
          ...(close === 'in onCheckpoint' && { onCheckpoint: () => engine.close() }),
        },
      );
      await expect(run).rejects.toMatchObject({
        code: 'worker',
        message: expect.stringContaining('the engine was closed'),
      });
      await engine.close();
    }
  });

  test('a checkpoint of another run is refused', async () => {
    await using engine = await createEngine({ threads: 1 });
    let state: TrainingState | undefined;
    await train(
      engine,
      { ...base, epochs: 1 },
      {
        onCheckpoint: (s) => {
          state = s;
        },
      },
    );
    const file = encodeCheckpoint(state!, 'one');
    expect(() => decodeCheckpoint(file, 'two', 'x')).toThrow(/x belongs to a run with other options/);
    expect(() => decodeCheckpoint(file.subarray(0, file.length - 9), 'one', 'x')).toThrow(/x/);
    await expect(
      train(engine, { ...base, architecture: mlp([144, 20, 10]) }, { resume: state! }),
    ).rejects.toThrow();
    await expect(
      train(engine, { ...base, epochs: 1, recipe: { optimizer: { kind: 'adam' } } }, { resume: state! }),
    ).rejects.toMatchObject({ code: 'mismatch' });
  });
});

describe('bad input', () => {
  /** Soft targets of all samples in so many views, as no teacher of ours made them. */
  const softOf = (
    numbers: Float32Array,
    augment: readonly Augmentation[] = [],
  ): TrainOptions['objective'] => {
    const { probabilities, ...rest } = madeSoft;
    return distillation({ soft: { ...rest, augment, probabilities: numbers }, temperature: 4 });
  };
  const tenths = (n: number) => new Float32Array(n).fill(0.1);
  const cases: [string, () => Partial<TrainOptions>, RegExp][] = [
    [
      'inputs',
      () => ({ architecture: mlp([100, 10]) }),
      /takes 100 inputs, but the samples have 144 numbers \(12 × 12 × 1\)/,
    ],
    // From JavaScript, where no type stands in the way; the model's file couldn't be read again.
    [
      'the architecture of earlier versions',
      () => ({ architecture: { kind: 'mlp', layers: [144, 10] } as unknown as Architecture }),
      /an architecture has no "kind": known are input, layers/,
    ],
    ['classes', () => ({ architecture: mlp([144, 7]) }), /has 7 classes, but the data have 10/],
    ['epochs', () => ({ epochs: 0 }), /epochs must be a whole number/],
    ['batch', () => ({ batch: 0 }), /batch must be/],
    [
      'rate',
      () => ({ recipe: { rate: Number.NaN } }),
      /the learning rate must be a positive number, not NaN/,
    ],
    ['seed', () => ({ seed: -1 }), /the seed must be/],
    ['unlabeled', () => ({ unlabeled: 2 }), /unlabeled must be a share/],
    ['soft targets', () => ({ objective: softOf(new Float32Array(3)) }), /made for 0.3 samples, not 600/],
    [
      'soft targets of samples as they are, which are shifted',
      () => ({ objective: softOf(tenths(6000)), augment: [{ shift: 2 }] }),
      /made for samples as they are, not shifts by 2/,
    ],
    [
      'soft targets that say shifts and have one view',
      () => ({ objective: softOf(tenths(6000), [{ shift: 2 }]), augment: [{ shift: 2 }] }),
      /made for 24 samples, not 600/,
    ],
    [
      'soft targets of shifts for samples as they are',
      () => ({ objective: softOf(tenths(150000), [{ shift: 2 }]) }),
      /made for shifts by 2, not samples as they are/,
    ],
    [
      'a NaN target of a shift',
      () => ({
        objective: softOf(tenths(54000).fill(Number.NaN, 4321, 4322), [{ shift: 1 }]),
        augment: [{ shift: 1 }],
      }),
      /soft target 1 of sample 48 is NaN/,
    ],
    [
      'half a pixel of a shift',
      () => ({ objective: softOf(tenths(6000)), augment: [{ shift: 0.5 }] }),
      /shift must be a whole number/,
    ],
    [
      'a NaN target',
      () => ({ objective: softOf(tenths(6000).fill(Number.NaN, 4321, 4322)) }),
      /soft target 1 of sample 432 is NaN/,
    ],
    [
      'dropout',
      () => ({ architecture: { input: { shape: [144] }, layers: [{ dropout: 1 }, { dense: 10 }] } }),
      /layer 0: dropout must be a number from 0 to below 1, not 1/,
    ],
    ['shift', () => ({ augment: [{ shift: 0.5 }] }), /shift must be a whole number/],
  ];
  let madeSoft: SoftTargets;
  beforeAll(async () => {
    await using engine = await createEngine({ threads: 1 });
    const teacher = await train(engine, { ...base, epochs: 1 });
    madeSoft = await softTargets(engine, [teacher], data, { temperature: 4 });
  });
  test.each(cases)('%s', async (_, change, message) => {
    await using engine = await createEngine({ threads: 1 });
    await expect(train(engine, { ...base, ...change() })).rejects.toThrow(message);
  });

  test('a training that diverges says at which step, and the engine goes on', async () => {
    await using engine = await createEngine({ threads: 2 });
    await expect(train(engine, { ...base, recipe: { rate: 1e30 } })).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/the loss became (NaN|Infinity) at step \d+/),
    });
    expect((await train(engine, { ...base, epochs: 1 })).weights.size).toBe(4);
  });
});

test('jobs side by side give what they give alone', async () => {
  await using engine = await createEngine({ threads: 2 });
  const seeds = [1, 2, 3];
  const together = await sideBySide(
    engine,
    seeds.map((seed) => async (e) => weightsSha256(await train(e, { ...base, epochs: 1, seed }))),
  );
  const alone: string[] = [];
  for (const seed of seeds)
    alone.push(await weightsSha256(await train(engine, { ...base, epochs: 1, seed })));
  expect(together).toEqual(alone);
});

test('schedules: half a cosine from the rate to 0 without Math.cos; powers of β', () => {
  for (let i = 0; i <= 100; i++) expect(cosPi(i / 100)).toBeCloseTo(Math.cos((Math.PI * i) / 100), 14);
  const rates = learningRates({ schedule: 'cosine', rate: 0.1, warmup: 0, total: 100 }, 0, 100);
  expect(rates[0]).toBeCloseTo(0.1, 7);
  expect(rates[50]).toBeCloseTo(0.05, 7);
  expect(rates[99]).toBeLessThan(1e-4);
  expect([...learningRates({ schedule: 'constant', rate: 0.5, warmup: 0, total: 9 }, 3, 5)]).toEqual([
    0.5, 0.5,
  ]);
  expect(adamPowers(2, 3)[0]).toBeCloseTo(0.729, 6);
});
