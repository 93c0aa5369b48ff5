import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  byteInput,
  checkAligned,
  createEngine,
  type Dataset,
  type DistillOptions,
  decodeSafetensors,
  decodeSoftTargets,
  distill,
  type Engine,
  encodeSafetensors,
  encodeSoftTargets,
  mlp,
  type SoftTargets,
  select,
  softTargets,
  type TrainedModel,
  take,
  train,
  weightsSha256,
} from 'wasm-distill';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(600);
const base = { architecture: mlp([144, 24, 10], { input: byteInput }), data, epochs: 1, seed: 5 } as const;
let engine: Engine;
let teachers: TrainedModel[];
let soft: SoftTargets;

beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
  teachers = [await train(engine, base), await train(engine, { ...base, seed: 6 })];
  soft = await softTargets(engine, teachers, data, { temperature: 4 });
});
afterAll(() => engine.close());

describe('a mismatch of soft targets and their samples is an error', () => {
  const all = [...Array(data.size).keys()];
  const swapped = [1, 0, ...all.slice(2)];
  const cases: [string, Partial<{ data: Dataset; temperature: number; jitter: number }>, RegExp][] = [
    ['another temperature', { temperature: 5 }, /made at temperature 4, not 5/],
    ['another limit', { data: take(data, 599) }, /made for 600 samples, not 599/],
    ['another order: two samples swapped', { data: select(data, swapped) }, /another order of them/],
    ['another order: all reversed', { data: select(data, [...all].reverse()) }, /another order of them/],
    ['augmented images: one pixel brighter', { data: brighter(data) }, /made for other images/],
    ['other classes', { data: { ...data, classes: 11 } }, /made for 10 classes, not 11/],
    [
      'images shifted in the step',
      { jitter: 2 },
      /made for jitter 0, not 2: make them again with softTargets' `jitter`, or give `teachers` in place of `soft`/,
    ],
  ];
  test.each(cases)('%s', async (_, change, message) => {
    const options: DistillOptions = { ...base, soft, temperature: 4, rate: 0.01 };
    await expect(distill(engine, options)).resolves.toBeDefined();
    await expect(distill(engine, { ...options, ...change })).rejects.toThrow(message);
  });

  test('other teachers, or the same in another order', async () => {
    const hashes = await Promise.all(teachers.map(weightsSha256));
    await expect(checkAligned(soft, data, { temperature: 4, teachers: hashes })).resolves.toBeUndefined();
    for (const others of [hashes.slice(0, 1), [...hashes].reverse(), [hashes[0]!, 'f'.repeat(64)]])
      await expect(checkAligned(soft, data, { temperature: 4, teachers: others })).rejects.toMatchObject({
        code: 'mismatch',
        message: expect.stringContaining('made by other teachers'),
      });
  });

  test('teachers in place of kept soft targets see the shifted images; without a shift, it is all the same', async () => {
    const student = { ...base, temperature: 4 };
    const kept = await weightsSha256(await distill(engine, { ...student, soft }));
    expect(await weightsSha256(await distill(engine, { ...student, teachers }))).toBe(kept);
    expect(await weightsSha256(await distill(engine, { ...student, teachers, jitter: 1 }))).not.toBe(kept);
  });
});

describe('soft targets of every shift', () => {
  /** 12 × 12 pixels; 37 samples in batches of 8: the last one is filled up. */
  const few = take(data, 37);
  const student = {
    architecture: mlp([144, 9, 10], { input: byteInput }),
    data: few,
    epochs: 3,
    seed: 3,
    batch: 8,
    temperature: 4,
  } as const;

  test.each([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
  ])('jitter %i, %i threads: the bits of teachers that relabel in the step', async (jitter, threads) => {
    await using own = await createEngine({ threads });
    const all = await softTargets(own, teachers, few, { temperature: 4, jitter });
    expect(all.probabilities).toHaveLength(37 * (2 * jitter + 1) ** 2 * 10);
    const kept = await weightsSha256(await distill(own, { ...student, jitter, soft: all }));
    const relabeled = await weightsSha256(await distill(own, { ...student, jitter, teachers }));
    expect(kept).toBe(relabeled);
  });

  test('those in the middle are those of the images as they are', async () => {
    const all = await softTargets(engine, teachers, few, { temperature: 4, jitter: 1 });
    for (let i = 0; i < few.size; i++)
      expect(all.probabilities.subarray((i * 9 + 4) * 10, (i * 9 + 5) * 10)).toEqual(
        soft.probabilities.subarray(i * 10, (i + 1) * 10),
      );
  });

  test('shifts go row by row; nothing is left of an image that is shifted out of the frame', async () => {
    const tiny = syntheticData(50, 10, 4);
    const own = [
      await train(engine, { ...base, architecture: mlp([16, 5, 10], { input: byteInput }), data: tiny }),
    ];
    /** One image, with a bright pixel or none. */
    const image = (...bright: number[]) => ({
      ...take(tiny, 1),
      images: Uint8Array.from({ length: 16 }, (_, i) => (bright.includes(i) ? 255 : 0)),
    });
    const made = async (of: Dataset, jitter = 0) =>
      (await softTargets(engine, own, of, { temperature: 4, jitter })).probabilities;
    const wide = await made(image(5), 4);
    const at = (down: number, right: number) => {
      const shift = (4 + down) * 9 + 4 + right;
      return wide.subarray(shift * 10, (shift + 1) * 10);
    };
    for (const down of [-1, 0, 1])
      for (const right of [-1, 0, 1])
        expect(at(down, right)).toEqual(await made(image(5 + 4 * down + right)));
    const nothing = await made(image());
    expect(at(1, 1)).not.toEqual(nothing);
    for (const [down, right] of [
      [-4, 0],
      [0, 3],
      [-2, 1],
      [4, 4],
    ] as const)
      expect(at(down, right)).toEqual(nothing);
  });

  test('are refused where the training has another jitter or other samples', async () => {
    const all = await softTargets(engine, teachers, few, { temperature: 4, jitter: 1 });
    const kept = { ...student, soft: all };
    for (const jitter of [0, 2])
      await expect(distill(engine, { ...kept, jitter })).rejects.toMatchObject({
        code: 'mismatch',
        message: expect.stringContaining(`made for jitter 1, not ${jitter}`),
      });
    await expect(distill(engine, { ...kept, jitter: 1, data: take(data, 36) })).rejects.toThrow(
      /made for 37 samples, not 36/,
    );
  });

  test('tell how far they are, all shifts together, and can be stopped in any', async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const run = (stopAt: number) =>
      softTargets(engine, teachers, few, {
        temperature: 4,
        jitter: 1,
        signal: controller.signal,
        onProgress: ({ samples, totalSamples }) => {
          expect(totalSamples).toBe(9 * 37);
          seen.push(samples);
          if (samples >= stopAt) controller.abort();
        },
      });
    await run(Infinity);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(9 * 37);
    await expect(run(5 * 37)).rejects.toMatchObject({ code: 'aborted' });
    expect(seen.at(-1)).toBeLessThan(7 * 37);
  });

  test.each([
    ['half a pixel', 0.5, 'bad-argument', /jitter must be a whole number of pixels, not 0.5/],
    ['fewer than none', -1, 'bad-argument', /jitter must be a whole number of pixels, not -1/],
    ['no number', Number.NaN, 'bad-argument', /jitter must be a whole number of pixels, not NaN/],
    ['more than memory holds', 1e6, 'memory', /in 4000004000001 shifts, 10 classes each, take \d+ MiB/],
  ])('of %s are refused', async (_, jitter, code, message) => {
    await expect(softTargets(engine, teachers, few, { temperature: 4, jitter })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('a file of soft targets', () => {
  test('keeps them with what binds them', () => {
    expect(decodeSoftTargets(encodeSoftTargets(soft), 'mine')).toEqual(soft);
  });

  test('says for which jitter they are; without one it is as it was before there was any', async () => {
    const few = take(data, 7);
    const all = await softTargets(engine, teachers, few, { temperature: 4, jitter: 2 });
    const file = encodeSoftTargets(all);
    expect(decodeSafetensors(file, 'mine').tensors.get('soft')!.shape).toEqual([7, 25, 10]);
    expect(decodeSoftTargets(file, 'mine')).toEqual(all);
    const { tensors, metadata } = decodeSafetensors(encodeSoftTargets(soft), 'mine');
    expect(tensors.get('soft')!.shape).toEqual([600, 10]);
    expect(metadata).not.toHaveProperty('jitter');
  });

  test.each([undefined, '0', '1', '-3', '2.5', 'two'])(
    'is refused where its jitter becomes %s',
    async (jitter) => {
      const all = await softTargets(engine, teachers, take(data, 7), { temperature: 4, jitter: 2 });
      const { tensors, metadata } = decodeSafetensors(encodeSoftTargets(all), 'mine');
      const { jitter: _, ...rest } = metadata;
      const file = encodeSafetensors([...tensors.values()], { ...rest, ...(jitter && { jitter }) });
      expect(() => decodeSoftTargets(file, 'mine')).toThrow(/mine is not a file of soft targets/);
    },
  );

  test.each([
    ['transferSet', undefined],
    ['transferSet', 'of mine'],
    ['teachers', undefined],
    ['teachers', `${'a'.repeat(64)} ${'b'.repeat(63)}`],
  ])('is refused where %s is %s', (key, value) => {
    const { tensors, metadata } = decodeSafetensors(encodeSoftTargets(soft), 'mine');
    const { [key]: _, ...rest } = metadata;
    const file = encodeSafetensors([...tensors.values()], { ...rest, ...(value && { [key]: value }) });
    expect(() => decodeSoftTargets(file, 'mine')).toThrow(
      /mine doesn't say which images and teachers its soft targets belong to/,
    );
  });
});

test('a weight of the hard labels that is no share is refused', async () => {
  await expect(distill(engine, { ...base, soft, temperature: 4, alpha: 1.5 })).rejects.toThrow(
    /alpha must lie between 0 and 1/,
  );
});

function brighter(all: Dataset): Dataset {
  const images = all.images.slice();
  images[images.length - 1]! += 1;
  return { ...all, images };
}
