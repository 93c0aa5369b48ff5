import { describe, expect, test } from 'vitest';
import {
  createEngine,
  decodeCheckpoint,
  distillationLoss,
  type EpochResult,
  encodeCheckpoint,
  evaluate,
  ops,
  select,
  sideBySide,
  softTargets,
  type TrainingState,
  type TrainOptions,
  train,
  trainEpochs,
  weightsSha256,
} from 'wasm-distill';
import { adamPowers } from '#library/train/optimizer.js';
import { cosPi, learningRates } from '#library/train/schedule.js';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(600);
const base: TrainOptions = {
  architecture: { kind: 'mlp', layers: [144, 24, 10] },
  data,
  epochs: 4,
  seed: 5,
  batch: 64,
  rate: 0.1,
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
      for await (const { loss } of trainEpochs(engine, { ...base, epochs: 1, rate: 1e-12, batch }))
        losses.push(loss);
    }
    for (const loss of losses) expect(loss).toBeCloseTo(losses[0]!, 4);
  });

  test('a loss written by the user trains the model', async () => {
    await using engine = await createEngine({ threads: 2 });
    const loss: NonNullable<TrainOptions['loss']> = ({ logits, labels }) =>
      ops.sum(ops.square(ops.sub(logits, ops.oneHot(labels, 10))), 1);
    const model = await train(engine, { ...base, epochs: 12, rate: 0.02, loss });
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
    const same = await train(engine, { ...base, epochs: 1, seed: 9, initial, rate: 1e-30 });
    expect(await weightsSha256(same)).toBe(await weightsSha256(initial));
    const options: TrainOptions = { ...base, architecture: { kind: 'mlp', layers: [144, 9, 10] }, initial };
    await expect(train(engine, options)).rejects.toThrow(
      /the initial model has the layers \[144,24,10\], but \[144,9,10\] are to be trained/,
    );
  });

  test('an order of one’s own: an epoch takes the samples it names, as often as it names them', async () => {
    await using engine = await createEngine({ threads: 2 });
    const some = [5, 17, 3, 17, 99, 250, 3];
    const order = (epoch: number) => Int32Array.from(some, (i) => i + epoch);
    // A rate so small that weights stay as they are: losses then are those of the samples at the start.
    const options: TrainOptions = { ...base, rate: 1e-12, batch: 4 };
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
    const none = () => new Int32Array(0);
    await expect(train(engine, { ...options, order: none })).rejects.toThrow(/epoch 1 has no samples/);
  });

  test('unlabeled samples without soft targets count as nothing', async () => {
    await using engine = await createEngine({ threads: 1 });
    for await (const { loss } of trainEpochs(engine, { ...base, epochs: 1, unlabeled: 1 }))
      expect(loss).toBe(0);
  });
});

describe('teachers that relabel in the step', () => {
  const teacherOptions = (seed: number): TrainOptions => ({
    ...base,
    seed,
    architecture: { kind: 'mlp', layers: [144, 31, 10] },
  });
  const student = (temperature: number): TrainOptions => ({
    ...base,
    loss: (batch) => distillationLoss(batch, { temperature, alpha: 0.3 }),
  });

  test('without jitter they give what soft targets made before give, bit for bit', async () => {
    await using engine = await createEngine({ threads: 2 });
    const teachers = [
      await train(engine, teacherOptions(1)),
      await train(engine, { ...teacherOptions(2), epochs: 1 }),
    ];
    const { probabilities: soft } = await softTargets(engine, teachers, data, { temperature: 3 });
    const losses: number[][] = [];
    const hashes: string[] = [];
    for (const targets of [{ soft }, { relabel: { teachers, temperature: 3 } }]) {
      const history: number[] = [];
      // 600 samples in batches of 64: the rows that fill up the last batch have to count as nothing.
      for await (const { loss, model } of trainEpochs(engine, { ...student(3), ...targets })) {
        history.push(loss);
        if (history.length === base.epochs) hashes.push(await weightsSha256(model));
      }
      losses.push(history);
    }
    expect(losses[1]).toEqual(losses[0]);
    expect(hashes[1]).toBe(hashes[0]);
  });

  test('with jitter they see the shifted images, and don’t learn', async () => {
    await using engine = await createEngine({ threads: 2 });
    const teacher = await train(engine, { ...teacherOptions(1), jitter: 1 });
    const before = await weightsSha256(teacher);
    const { probabilities: soft } = await softTargets(engine, [teacher], data, {
      temperature: 3,
      jitter: 1,
    });
    const hash = async (more: Partial<TrainOptions>) =>
      weightsSha256(await train(engine, { ...student(3), jitter: 1, ...more }));
    const relabeled = await hash({ relabel: { teachers: [teacher], temperature: 3 } });
    expect(relabeled).toBe(await hash({ soft }));
    // Those of the images as they are, for every shift: they teach something else.
    const still = soft.map((_, i) => soft[i - (i % 90) + 40 + (i % 10)]!);
    expect(relabeled).not.toBe(await hash({ soft: still }));
    expect(await weightsSha256(teacher)).toBe(before);
  });

  test('teachers of other data, or none, are refused', async () => {
    await using engine = await createEngine({ threads: 1 });
    const teacher = await train(engine, { ...teacherOptions(1), epochs: 1 });
    const other = { ...teacher, architecture: { kind: 'mlp', layers: [100, 31, 10] } } as const;
    const relabeled = (teachers: readonly (typeof teacher)[], more: Partial<TrainOptions> = {}) =>
      train(engine, { ...student(3), relabel: { teachers, temperature: 3 }, ...more });
    await expect(relabeled([other])).rejects.toMatchObject({ code: 'mismatch' });
    await expect(relabeled([])).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(relabeled([teacher], { soft: new Float32Array(6000) })).rejects.toMatchObject({
      code: 'bad-argument',
    });
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
        rate: kind === 'sgd' ? 0.1 : 0.002,
        optimizer: { kind, maxNorm: 2 },
        dropout: { input: 0, hidden: 0.2 },
        jitter: 1,
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
      train(engine, { ...base, architecture: { kind: 'mlp', layers: [144, 20, 10] } }, { resume: state! }),
    ).rejects.toThrow();
    await expect(
      train(engine, { ...base, epochs: 1, optimizer: { kind: 'adam' } }, { resume: state! }),
    ).rejects.toMatchObject({ code: 'mismatch' });
  });
});

describe('bad input', () => {
  const bad: [string, Partial<TrainOptions>, RegExp][] = [
    [
      'inputs',
      { architecture: { kind: 'mlp', layers: [100, 10] } },
      /takes 100 inputs, but the images have 144 pixels/,
    ],
    // From JavaScript, where no type stands in the way; the model's file couldn't be read again.
    [
      'no kind of architecture',
      { architecture: { layers: [144, 10] } as unknown as TrainOptions['architecture'] },
      /the architecture's kind must be 'mlp', not undefined/,
    ],
    ['classes', { architecture: { kind: 'mlp', layers: [144, 7] } }, /has 7 classes, but the data have 10/],
    ['epochs', { epochs: 0 }, /epochs must be a whole number/],
    ['batch', { batch: 0 }, /batch must be/],
    ['rate', { rate: Number.NaN }, /the learning rate must be a positive number, not NaN/],
    ['seed', { seed: -1 }, /the seed must be/],
    ['unlabeled', { unlabeled: 2 }, /unlabeled must be a share/],
    [
      'soft targets',
      { soft: new Float32Array(3) },
      /3 soft targets, but 600 samples of 10 classes need 6000/,
    ],
    [
      'soft targets of images without jitter',
      { soft: new Float32Array(6000), jitter: 2 },
      /6000 soft targets, but 600 samples of 10 classes in 25 shifts \(jitter 2\) need 150000/,
    ],
    [
      'soft targets of images with jitter',
      { soft: new Float32Array(150000) },
      /150000 soft targets, but 600 samples of 10 classes need 6000/,
    ],
    [
      'a NaN target of a shift',
      { soft: new Float32Array(54000).fill(0.1).fill(Number.NaN, 4321, 4322), jitter: 1 },
      /soft target 1 of sample 48 is NaN/,
    ],
    [
      'half a pixel of jitter',
      { soft: new Float32Array(6000), jitter: 0.5 },
      /jitter must be a whole number/,
    ],
    [
      'a NaN target',
      { soft: new Float32Array(6000).fill(0.1).fill(Number.NaN, 4321, 4322) },
      /soft target 1 of sample 432 is NaN/,
    ],
    ['dropout', { dropout: { input: 0, hidden: 1 } }, /dropout: the rate/],
    ['jitter', { jitter: 0.5 }, /jitter must be a whole number/],
  ];
  test.each(bad)('%s', async (_, change, message) => {
    await using engine = await createEngine({ threads: 1 });
    await expect(train(engine, { ...base, ...change })).rejects.toThrow(message);
  });

  test('a training that diverges says at which step, and the engine goes on', async () => {
    await using engine = await createEngine({ threads: 2 });
    await expect(train(engine, { ...base, rate: 1e30 })).rejects.toMatchObject({
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
  const rates = learningRates('cosine', 0.1, 0, 100, 100);
  expect(rates[0]).toBeCloseTo(0.1, 7);
  expect(rates[50]).toBeCloseTo(0.05, 7);
  expect(rates[99]).toBeLessThan(1e-4);
  expect([...learningRates('constant', 0.5, 3, 5, 9)]).toEqual([0.5, 0.5]);
  expect(adamPowers(2, 3)[0]).toBeCloseTo(0.729, 6);
});
