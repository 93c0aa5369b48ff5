import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type Dataset,
  DistillError,
  distillation,
  type Engine,
  evaluate,
  labels,
  makeDataset,
  mlp,
  parseShorthand,
  predict,
  select,
  softTargets,
  type TrainedModel,
  type TrainingState,
  type TrainingWarning,
  type TrainOptions,
  train,
  trainEpochs,
  weightedSum,
  weightsSha256,
} from 'wasm-distill';
import { type SampleStream, someOf } from 'wasm-distill/data';
import { ops, variable } from 'wasm-distill/graph';
import { logits, logitsOf } from 'wasm-distill/objectives';
import { streamFeed } from '#library/data/stream-feed.js';
import { syntheticData } from '../support/golden.ts';
import { remembering } from '../support/remembering.ts';
import { stoppedAfter } from '../support/stopped.ts';
import { streamOf, unevenShards } from '../support/streams.ts';
import { unshared } from '../support/unshared.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

const data = syntheticData(533);
const shards = unevenShards(533, 40);
const base = {
  architecture: mlp([144, 20, 10], { dropout: { hidden: 0.2 } }),
  epochs: 3,
  seed: 5,
  batch: 16,
};
const options = { ...base, data: streamOf(data, shards), window: 100 };

/** Samples that are their own numbers. */
function numbered(size: number): Dataset {
  const values = Float32Array.from({ length: size }, (_, i) => i);
  return makeDataset({ inputs: { shape: [1], values }, labels: new Int32Array(size), classes: 1 });
}

interface Sizes {
  size: number;
  shards: readonly number[];
  batch: number;
  window: number;
  epochs: number;
}

/** The samples that a stream's steps take, epoch by epoch, −1 in rows that don't count; and those shown there. */
async function taken({ size, shards, batch, window, epochs }: Sizes) {
  const data = streamOf(numbered(size), shards);
  const column = { values: Float32Array.from({ length: size }, (_, i) => i + 1), shape: [] };
  const feed = streamFeed({ ...{ data, batch, window, epochs, seed: base.seed }, columns: { column } });
  const target = variable('taken', [feed.windowSteps, feed.batchSize]);
  const shown = variable('seen', [feed.windowSteps, feed.batchSize]);
  const samples = variable('numbers', [feed.windowSteps, feed.batchSize], 'i32');
  const step = [
    ops.writeAtStep(target, feed.counted(feed.batch.columns.column!)),
    ops.writeAtStep(samples, feed.batch.samples),
    ops.writeAtStep(shown, ops.reshape(feed.batch.inputs, [feed.batchSize])),
  ];
  const session = await engine.load({ ...feed.plans, step });
  const found = { counted: [] as number[][], numbers: [] as number[][], shown: [] as number[][], feed, data };
  try {
    await feed.load(session);
    for (let epoch = 0; epoch < epochs; epoch++) {
      found.counted.push([]);
      found.numbers.push([]);
      found.shown.push([]);
      for (let from = 0; from < feed.stepsPerEpoch; ) {
        const ready = await feed.begin(session, epoch, { from });
        const start = epoch * feed.stepsPerEpoch;
        await session.run('step', { from: start + from, steps: ready - from });
        const [counted, seen] = [await session.read(target), await session.read(shown)];
        const numbers = await session.read(samples);
        for (let step = start + from; step < start + ready; step++) {
          const row = (step % feed.windowSteps) * feed.batchSize;
          found.counted[epoch]!.push(...counted.subarray(row, row + feed.batchSize));
          found.numbers[epoch]!.push(...numbers.subarray(row, row + feed.batchSize));
          found.shown[epoch]!.push(...seen.subarray(row, row + feed.batchSize));
        }
        from = ready;
      }
    }
  } finally {
    await session.close();
  }
  return { ...found, counted: found.counted.map((epoch) => epoch.map((n) => n - 1)) };
}

/** The order of epoch 0, 1, … as data in memory take it. */
async function orderOf(sizes: Sizes): Promise<(epoch: number) => Int32Array> {
  const { counted } = await taken(sizes);
  return (epoch) => Int32Array.from(counted[epoch]!.filter((sample) => sample >= 0));
}

describe('the order of a stream', () => {
  test('takes every sample exactly once an epoch, whatever the sizes', async () => {
    const sizes = fc
      .record({
        shards: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 15 }),
        batch: fc.integer({ min: 1, max: 20 }),
        further: fc.integer({ min: 0, max: 90 }),
      })
      .map(({ shards, batch, further }) => {
        const size = shards.reduce((a, b) => a + b, 0);
        return { shards, batch, size, window: batch + further, epochs: 2 };
      });
    await fc.assert(
      fc.asyncProperty(sizes, async (given) => {
        const { counted, numbers, shown, feed } = await taken(given);
        expect(numbers).toEqual(counted);
        expect(feed.windowSteps * feed.batchSize).toBeLessThanOrEqual(Math.max(given.window, feed.batchSize));
        counted.forEach((epoch, e) => {
          const samples = epoch.filter((sample) => sample >= 0);
          expect([...samples].sort((a, b) => a - b)).toEqual([...Array(given.size).keys()]);
          epoch.forEach((sample, row) => {
            const seen = shown[e]![row]!;
            if (sample >= 0) expect(seen).toBe(sample);
            else expect(samples).toContain(seen);
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  test('changes with the epoch, mixes shards, and reads each at most twice', async () => {
    const sizes = { size: 200, shards: Array(20).fill(10), batch: 10, window: 50, epochs: 2 };
    const { counted, data } = await taken(sizes);
    expect(counted[0]).not.toEqual(counted[1]);
    for (const epoch of counted)
      for (let window = 0; window < 4; window++) {
        const samples = epoch.slice(50 * window, 50 * window + 50);
        expect(new Set(samples.map((sample) => Math.floor(sample / 10))).size).toBe(5);
        expect(samples.slice(0, 10).some((sample, i) => sample !== samples[0]! + i)).toBe(true);
      }
    // Windows end with shards here, so that each is read once an epoch.
    expect(data.reads).toHaveLength(40);
  });

  test('leaves no window with a single sample, to pad the last batch with', async () => {
    const { shown, counted } = await taken({ size: 41, shards: [20, 21], batch: 4, window: 20, epochs: 1 });
    expect(counted[0]!.slice(-4).filter((sample) => sample >= 0)).toHaveLength(1);
    expect(new Set(shown[0]!.slice(-4)).size).toBe(4);
  });

  test('a shard that goes on in the next window is read once', async () => {
    const { data } = await taken({ size: 90, shards: [90], batch: 5, window: 20, epochs: 1 });
    expect(data.reads).toEqual([0]);
  });
});

describe('training on a stream', () => {
  test('gives the weights of data in memory in the same order: labels, columns, memory, shifts and all', async () => {
    const column = Float32Array.from({ length: 533 * 10 }, (_, i) => ((i * 37) % 100) / 50 - 1);
    const objective = weightedSum([1, labels()], [0.1, logits({ logits: column, classes: 10 })]);
    const images = weightedSum([1, labels()], [1, labels({ temperature: 2 })]);
    const order = await orderOf({ ...base, size: 533, shards, window: 100 });
    for (const given of [
      { objective, unlabeled: 0.2 },
      { objective: weightedSum([1, labels()], [0.1, remembering({ classes: 10 })]) },
      { objective: images, augment: [{ shift: 2 }, { mirror: true as const }] },
    ]) {
      const resident = await train(engine, { ...base, ...given, data, order });
      const streamed = await train(engine, { ...options, ...given });
      expect(await weightsSha256(streamed)).toBe(await weightsSha256(resident));
    }
  });

  test('gives the same bits with 1, 2 and 3 threads, also with batch norm', async () => {
    const { architecture } = parseShorthand('12x12x1 conv6k3v pool dense10');
    const hashes = new Set<string>();
    for (const threads of [1, 2, 3]) {
      await using own = await createEngine({ threads });
      hashes.add(await weightsSha256(await train(own, { ...options, architecture, epochs: 2 })));
    }
    expect(hashes.size).toBe(1);
  });

  test('gives the same bits where threads can’t share memory', async () => {
    await using own = await createEngine({ threads: 1 });
    const [shared, alone] = [await train(own, options), await train(unshared(own), options)];
    expect(await weightsSha256(alone)).toBe(await weightsSha256(shared));
  });

  test.each([1, 8, 200, 533, 10_000])('learns with windows of %i batches', async (window) => {
    const model = await train(engine, {
      ...options,
      architecture: mlp([144, 20, 10]),
      window: 16 * window,
      epochs: 8,
    });
    expect((await evaluate(engine, model, data)).errors).toBeLessThan(60);
  });

  test('goes on in the middle of an epoch, in the middle of a window, to the same bits', async () => {
    const whole = await weightsSha256(await train(engine, options));
    for (const stop of [1, 7, 20, 33, 35, 60]) {
      const state = await stoppedAfter(stop, engine, options);
      expect(state.step % 34).not.toBe(0);
      const resumed = await train(engine, options, { resume: state });
      expect(await weightsSha256(resumed)).toBe(whole);
    }
  });

  test('tells its progress over whole epochs, and its loss', async () => {
    const epochs: number[] = [];
    const seen: number[] = [];
    const onProgress = ({ samples }: { samples: number }) => void seen.push(samples);
    for await (const { loss } of trainEpochs(engine, options, { onProgress })) epochs.push(loss);
    expect(epochs).toHaveLength(3);
    expect(epochs[2]).toBeLessThan(epochs[0]!);
    expect(seen.at(-1)).toBe(3 * 533);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  test('teachers teach in the step, also by logits', async () => {
    const teacher = await train(engine, { ...base, data, epochs: 10, architecture: mlp([144, 30, 10]) });
    const objective = distillation({ teachers: [teacher], temperature: 3 });
    const student = await train(engine, { ...options, objective, epochs: 8, unlabeled: 1 });
    expect((await evaluate(engine, student, data)).errors).toBeLessThan(150);
    const kept = await logitsOf(engine, [teacher], options.data);
    expect(kept).toEqual(await logitsOf(engine, [teacher], data));
    const regression = { objective: logits({ logits: kept, classes: 10 }), epochs: 8 };
    expect(
      (await evaluate(engine, await train(engine, { ...options, ...regression }), data)).errors,
    ).toBeLessThan(150);
  });

  test('soft targets of a stream are those of the samples in memory, and teach what teachers in the step do', async () => {
    const teachers = [1, 2].map(async (seed) => train(engine, { ...base, data, seed }));
    const taught = { teachers: await Promise.all(teachers), temperature: 3 };
    for (const augment of [[], [{ shift: 1 }, { mirror: true as const }]]) {
      const stream = streamOf(data, shards);
      const how = { temperature: 3, augment };
      const soft = await softTargets(engine, taught.teachers, stream, how);
      // Each view is read once, and all once for the hash.
      expect(stream.reads).toHaveLength((augment.length > 0 ? 19 : 2) * shards.length);
      const resident = await softTargets(engine, taught.teachers, data, how);
      expect(soft.probabilities).toEqual(resident.probabilities);
      expect(soft.transferSet).not.toBe(resident.transferSet);
      const student = { ...options, data: stream, augment };
      const { length } = stream.reads;
      const [one, other] = [
        await train(engine, { ...student, objective: distillation({ soft, temperature: 3 }) }),
        await train(engine, { ...student, objective: distillation(taught) }),
      ];
      expect(await weightsSha256(one)).toBe(await weightsSha256(other));
      // Whose samples they are is known of this stream already.
      expect(stream.reads.length).toBeLessThan(length + 2 * 3 * 2 * shards.length);
    }
  });

  test('tells that it has collapsed', async () => {
    const warnings: TrainingWarning[] = [];
    const noise = streamOf({ ...data, labels: data.labels.map((_, i) => (i * 7919) % 10) }, shards);
    const rate = { recipe: { rate: 1e-7 } };
    const onWarning = (warning: TrainingWarning) => void warnings.push(warning);
    await train(engine, { ...options, ...rate, data: noise, epochs: 8 }, { onWarning });
    expect(warnings.map(({ kind }) => kind)).toContain('collapsed');
  });
});

describe('a read that fails', () => {
  const failing = (when: (reads: number) => boolean, what: unknown): SampleStream => {
    const stream = streamOf(data, shards);
    return {
      ...stream,
      read: (shard) => (when(stream.reads.length) ? Promise.reject(what) : stream.read(shard)),
    };
  };

  test.each([
    ['at once', 0],
    ['while the first window trains', 8],
    ['in the second epoch', 40],
  ])('rejects the training with a typed error: %s', async (_, after) => {
    const stream = failing((reads) => reads >= after, new TypeError('the disk is gone'));
    const error = await train(engine, { ...options, data: stream }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DistillError);
    expect(error).toMatchObject({ code: 'bad-file' });
    expect(String(error)).toMatch(/shard \d+ of the stream can't be read \(the disk is gone\)/);
  });

  test('keeps its own typed errors, and those thrown at once', async () => {
    const gone = new DistillError('missing', 'there is no such file: look for it');
    await expect(train(engine, { ...options, data: failing(() => true, gone) })).rejects.toBe(gone);
    const read = () => {
      throw new Error('thrown');
    };
    await expect(train(engine, { ...options, data: { ...options.data, read } })).rejects.toThrow(
      /\(thrown\)/,
    );
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['too few', new Uint8Array(3)],
    ['floats for bytes', new Float32Array(144 * shards[0]!)],
  ])('what isn’t the shard is refused: %s', async (_, values) => {
    const read = async () => values as Uint8Array;
    const bad = { ...options, data: { ...options.data, read } };
    await expect(train(engine, bad)).rejects.toMatchObject({ code: 'bad-file' });
  });

  test('numbers that aren’t finite are refused where they are read', async () => {
    const values = Float32Array.from({ length: 40 }, (_, i) => (i === 33 ? NaN : i));
    const stream: SampleStream = {
      ...{ shape: [2], values: 'floats', size: 20, classes: 2, labels: new Int32Array(20), shards: [10, 10] },
      read: async (shard) => values.subarray(20 * shard, 20 * shard + 20),
    };
    const rejected = train(engine, { architecture: mlp([2, 2]), data: stream, epochs: 1, seed: 1 });
    await expect(rejected).rejects.toThrow('number 1 of sample 6 of shard 1 of the stream is NaN');
  });

  test('that never ends is left when the signal says so, with its state', async () => {
    let state: TrainingState | undefined;
    const onCheckpoint = (reached: TrainingState) => {
      state = reached;
    };
    const controller = new AbortController();
    const stream = streamOf(data, shards);
    const read = (shard: number) => {
      if (stream.reads.length < 8) return stream.read(shard);
      setTimeout(() => controller.abort(), 100);
      return new Promise<Uint8Array>(() => {});
    };
    const control = { signal: controller.signal, onCheckpoint };
    const stopped = train(engine, { ...options, data: { ...stream, read } }, control);
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const resumed = await train(engine, options, { resume: state });
    expect(await weightsSha256(resumed)).toBe(await weightsSha256(await train(engine, options)));
  });

  test('a training that ends reads nothing more', async () => {
    const stream = streamOf(data, shards);
    for await (const _ of trainEpochs(engine, { ...options, data: stream })) break;
    const before = stream.reads.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stream.reads.length).toBeLessThanOrEqual(before + 1);
  });
});

describe('options that a stream can’t have are refused in a sentence', () => {
  const refused = async (given: Partial<TrainOptions>, sentence: RegExp) => {
    const rejected = train(engine, { ...options, ...given } as TrainOptions);
    await expect(rejected).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(sentence),
    });
  };
  const stream = options.data;

  test('order, windows without a batch, window of data in memory', async () => {
    await refused({ order: () => new Int32Array(533) }, /order is of data in memory/);
    await refused({ window: 5 }, /a window of 5 samples holds no batch of 16/);
    await refused({ window: 0.5 }, /window must be a whole number/);
    await refused({ data }, /window is of a stream/);
  });

  test('soft targets of other samples, or of the same in other shards', async () => {
    const teacher = await train(engine, { ...base, data, epochs: 1 });
    const others: (Dataset | SampleStream)[] = [
      data,
      streamOf(data, [500, 33]),
      streamOf(select(data, [532, ...Array(532).keys()]), shards),
    ];
    for (const other of others) {
      const soft = await softTargets(engine, [teacher], other, { temperature: 2 });
      const rejected = train(engine, { ...options, objective: distillation({ soft, temperature: 2 }) });
      await expect(rejected).rejects.toThrow(/made for other samples or another order of them/);
    }
  });

  test.each<[string, object]>([
    ['shape', { shape: [] }],
    ['values', { values: 'u8' }],
    ['size', { size: 0 }],
    ['classes', { classes: 0 }],
    ['classNames', { classNames: ['one'] }],
    ['shards', { shards: [533, 0] }],
    ['shards', { shards: [532] }],
    ['labels', { labels: new Int32Array(5) }],
    ['label 532', { labels: Int32Array.from(data.labels, (label, i) => (i === 532 ? 10 : label)) }],
  ])('%s', async (what, wrong) => {
    await refused({ data: { ...stream, ...wrong } as SampleStream }, new RegExp(what));
  });
});

describe('predictions', () => {
  let model: TrainedModel;
  beforeAll(async () => {
    model = await train(engine, { ...base, data });
  });

  test('over a stream are those over the same data in memory, in their order', async () => {
    const resident = await evaluate(engine, model, data);
    const streamed = await evaluate(engine, model, options.data);
    expect(streamed).toEqual(resident);
    expect(await predict(engine, model, streamOf(data, [500, 33]))).toEqual(resident.probabilities);
  });

  test('over a stream of several windows, too', async () => {
    // Floats of 1 MiB each: 128 of them fill a window.
    const wide = 2 ** 18;
    const size = 301;
    const one = (sample: number) => new Float32Array(wide).fill((sample % 7) / 7);
    const stream: SampleStream = {
      ...{ shape: [wide], values: 'floats', size, classes: 2, labels: new Int32Array(size) },
      shards: Array(size).fill(1),
      read: async (sample) => one(sample),
    };
    const weights = new Map([
      ['logits.weight', Float32Array.from({ length: 2 * wide }, (_, i) => (i % 2 ? 1 : -1) / wide)],
      ['logits.bias', new Float32Array(2)],
    ]);
    const architecture = mlp([wide, 2]);
    const probabilities = await predict(engine, { architecture, weights }, stream);
    const expected = Array.from({ length: 7 }, (_, i) => 1 / (1 + Math.exp((-2 * i) / 7)));
    for (let i = 0; i < size; i++) expect(probabilities[2 * i + 1]).toBeCloseTo(expected[i % 7]!, 4);
  });
});

test('some samples of a stream are spread over it, with their labels', async () => {
  const stream = streamOf(
    { ...numbered(400), classes: 400, labels: Int32Array.from({ length: 400 }, (_, i) => i) },
    Array(40).fill(10),
  );
  const some = await someOf(stream, 60);
  expect(some.size).toBe(56);
  expect([...some.inputs.values]).toEqual([...some.labels]);
  expect(new Set([...some.labels].map((i) => Math.floor(i / 50))).size).toBe(8);
  expect((await someOf(stream, 1)).size).toBe(1);
  expect((await someOf(stream, 10_000)).size).toBe(80);
  await expect(someOf(stream, 0)).rejects.toMatchObject({ code: 'bad-argument' });
});
