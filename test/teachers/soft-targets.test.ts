import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Augmentation,
  createEngine,
  type Dataset,
  type DistillOptions,
  distill,
  type Engine,
  mlp,
  type SoftTargets,
  select,
  softTargets,
  type TrainedModel,
  take,
  train,
  weightsSha256,
} from 'wasm-distill';
import {
  decodeSafetensors,
  decodeSoftTargets,
  encodeSafetensors,
  encodeSoftTargets,
} from 'wasm-distill/formats';
import { checkAligned } from 'wasm-distill/objectives';
import { byteInput } from '#library/nn/specs.js';
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
  const cases: [
    string,
    Partial<Pick<DistillOptions, 'architecture' | 'data' | 'temperature' | 'augment'>>,
    RegExp,
  ][] = [
    ['another temperature', { temperature: 5 }, /made at temperature 4, not 5/],
    ['another limit', { data: take(data, 599) }, /made for 600 samples, not 599/],
    ['another order: two samples swapped', { data: select(data, swapped) }, /another order of them/],
    ['another order: all reversed', { data: select(data, [...all].reverse()) }, /another order of them/],
    ['augmented images: one pixel brighter', { data: brighter(data) }, /made for other samples/],
    [
      'other classes',
      { data: { ...data, classes: 11 }, architecture: mlp([144, 24, 11]) },
      /made for 10 classes, not 11/,
    ],
    [
      'images shifted in the step',
      { augment: [{ shift: 2 }] },
      /made for samples as they are, not shifts by 2: make them again with the same augment, or give teachers in place of soft/,
    ],
    [
      'images mirrored in the step',
      { augment: [{ mirror: true }] },
      /made for samples as they are, not mirror images/,
    ],
  ];
  test.each(cases)('%s', async (_, change, message) => {
    const options: DistillOptions = { ...base, soft, temperature: 4, recipe: { rate: 0.01 } };
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
    expect(
      await weightsSha256(await distill(engine, { ...student, teachers, augment: [{ shift: 1 }] })),
    ).not.toBe(kept);
  });
});

describe('soft targets of every view', () => {
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

  const augmentations: [string, readonly Augmentation[], views: number][] = [
    ['shifts by 1', [{ shift: 1 }], 9],
    ['shifts by 2', [{ shift: 2 }], 25],
    ['mirror images', [{ mirror: true }], 2],
    ['shifts by 1 and mirror images', [{ shift: 1 }, { mirror: true }], 18],
    ['mirror images and shifts by 2', [{ mirror: true }, { shift: 2 }], 50],
  ];
  const withThreads = augmentations.flatMap((one) => [1, 2].map((threads) => [...one, threads] as const));

  test.each(withThreads)('%s: the bits of teachers in the step', async (_, augment, views, threads) => {
    await using own = await createEngine({ threads });
    const all = await softTargets(own, teachers, few, { temperature: 4, augment });
    expect(all.probabilities).toHaveLength(37 * views * 10);
    const kept = await weightsSha256(await distill(own, { ...student, augment, soft: all }));
    const inStep = await weightsSha256(await distill(own, { ...student, augment, teachers }));
    expect(kept).toBe(inStep);
    expect(kept).not.toBe(await weightsSha256(await distill(own, { ...student, teachers })));
  });

  test('those in the middle are those of the images as they are', async () => {
    const all = await softTargets(engine, teachers, few, { temperature: 4, augment: [{ shift: 1 }] });
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
    const image = (...bright: number[]): Dataset => ({
      ...take(tiny, 1),
      inputs: {
        shape: [4, 4, 1],
        values: Uint8Array.from({ length: 16 }, (_, i) => (bright.includes(i) ? 255 : 0)),
      },
    });
    const made = async (of: Dataset, shift = 0) =>
      (await softTargets(engine, own, of, { temperature: 4, augment: [{ shift }] })).probabilities;
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

  test('are refused where the training has other augmentations or other samples', async () => {
    const augment = [{ shift: 1 }];
    const all = await softTargets(engine, teachers, few, { temperature: 4, augment });
    const kept = { ...student, soft: all };
    for (const [others, called] of [
      [[], 'samples as they are'],
      [[{ shift: 0 }], 'samples as they are'],
      [[{ shift: 2 }], 'shifts by 2'],
      [[{ mirror: true }, { shift: 1 }], 'mirror images and shifts by 1'],
    ] as const)
      await expect(distill(engine, { ...kept, augment: others })).rejects.toMatchObject({
        code: 'mismatch',
        message: expect.stringContaining(`made for shifts by 1, not ${called}`),
      });
    await expect(distill(engine, { ...kept, augment, data: take(data, 36) })).rejects.toThrow(
      /made for 37 samples, not 36/,
    );
  });

  test('tell how far they are, all views together, and can be stopped in any', async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const run = (stopAt: number) =>
      softTargets(engine, teachers, few, {
        temperature: 4,
        augment: [{ shift: 1 }],
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
    ['half a pixel', 0.5, 'bad-argument', /shift must be a whole number of pixels, not 0.5/],
    ['fewer than none', -1, 'bad-argument', /shift must be a whole number of pixels, not -1/],
    ['no number', Number.NaN, 'bad-argument', /shift must be a whole number of pixels, not NaN/],
    ['more than memory holds', 30_000, 'memory', /in 3600120001 views, 10 classes each, take \d+ MiB/],
  ])('of %s are refused', async (_, shift, code, message) => {
    const options = { temperature: 4, augment: [{ shift }] };
    await expect(softTargets(engine, teachers, few, options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('a file of soft targets', () => {
  test('keeps them with what binds them', () => {
    expect(decodeSoftTargets(encodeSoftTargets(soft), 'mine')).toEqual(soft);
  });

  test('says for which augmentations they are; without any it is as it was before there were', async () => {
    const few = take(data, 7);
    const augment = [{ shift: 2 }];
    const all = await softTargets(engine, teachers, few, { temperature: 4, augment });
    const file = encodeSoftTargets(all);
    expect(decodeSafetensors(file, 'mine').tensors.get('soft')!.shape).toEqual([7, 25, 10]);
    expect(decodeSoftTargets(file, 'mine')).toEqual(all);
    const { tensors, metadata } = decodeSafetensors(encodeSoftTargets(soft), 'mine');
    expect(tensors.get('soft')!.shape).toEqual([600, 10]);
    expect(metadata).not.toHaveProperty('augment');
    expect(metadata).not.toHaveProperty('jitter');
  });

  /** A file of shifts by 2 whose metadata says something else, or nothing, of augmentations. */
  const saying = async (change: Record<string, string>) => {
    const few = take(data, 7);
    const all = await softTargets(engine, teachers, few, { temperature: 4, augment: [{ shift: 2 }] });
    const { tensors, metadata } = decodeSafetensors(encodeSoftTargets(all), 'mine');
    const { augment: _, ...rest } = metadata;
    return { all, file: encodeSafetensors([...tensors.values()], { ...rest, ...change }) };
  };

  test.each([
    '[]',
    '[{"shift":0}]',
    '[{"shift":1}]',
    '[{"shift":-3}]',
    '[{"shift":2.5}]',
    '[{"turn":2}]',
    '2',
    '{',
  ])('is refused where its augmentations become %s', async (augment) => {
    const { file } = await saying({ augment });
    expect(() => decodeSoftTargets(file, 'mine')).toThrow(/mine is not a file of soft targets/);
  });

  // As files named shifts before there were other augmentations.
  test.each([undefined, '0', '1', '-3', '2.5', 'two'])(
    'is refused where it says jitter %s in place of its augmentations',
    async (jitter) => {
      const { file } = await saying(jitter === undefined ? {} : { jitter });
      expect(() => decodeSoftTargets(file, 'mine')).toThrow(/mine is not a file of soft targets/);
    },
  );

  test('of an earlier version, which says jitter, is one of shifts', async () => {
    const { all, file } = await saying({ jitter: '2' });
    expect(decodeSoftTargets(file, 'mine')).toEqual(all);
  });

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
      /mine doesn't say which samples and teachers its soft targets belong to/,
    );
  });
});

test('a weight of the hard labels that is no share is refused', async () => {
  await expect(distill(engine, { ...base, soft, temperature: 4, alpha: 1.5 })).rejects.toThrow(
    /alpha must be a number from 0 to 1, not 1.5/,
  );
});

function brighter(all: Dataset): Dataset {
  const values = all.inputs.values.slice();
  values[values.length - 1]! += 1;
  return { ...all, inputs: { ...all.inputs, values } };
}
