import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
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
  type SoftTargets,
  select,
  softTargets,
  type TrainedModel,
  take,
  train,
  weightsSha256,
} from 'wasm-distill';
import { syntheticData } from '../train/golden.ts';

const data = syntheticData(600);
const base = { architecture: { kind: 'mlp', layers: [144, 24, 10] }, data, epochs: 1, seed: 5 } as const;
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
      /jitter 2 shifts these: give `teachers` in place of `soft`/,
    ],
  ];
  test.each(cases)('%s', async (_, change, message) => {
    const options: DistillOptions = { ...base, soft, temperature: 4, rate: 0.01 };
    await expect(distill(engine, options)).resolves.toBeDefined();
    await expect(distill(engine, { ...options, ...change })).rejects.toThrow(message);
  });

  test('other teachers, or the same in another order', async () => {
    const hashes = await Promise.all(teachers.map(weightsSha256));
    await expect(checkAligned(soft, data, 4, hashes)).resolves.toBeUndefined();
    for (const others of [hashes.slice(0, 1), [...hashes].reverse(), [hashes[0]!, 'f'.repeat(64)]])
      await expect(checkAligned(soft, data, 4, others)).rejects.toMatchObject({
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

describe('a file of soft targets', () => {
  test('keeps them with what binds them', () => {
    expect(decodeSoftTargets(encodeSoftTargets(soft), 'mine')).toEqual(soft);
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
