import { expect, test } from 'vitest';
import {
  type Augmentation,
  createEngine,
  makeDataset,
  mlp,
  type Samples,
  train,
  weightsSha256,
} from 'wasm-distill';
import { viewCount, viewsOf } from 'wasm-distill/data';
import { ops, variable } from 'wasm-distill/graph';
import { viewOptions } from '#library/data/augment/index.js';
import { takeOfViews } from '#library/ops/gather-images.js';
import { numbers } from '../support/models.ts';

const IMAGES = 3;
const SHAPE = [3, 5, 3] as const;
const EACH = 3 * 5 * 3;

/** Color images of noise: no view of one is like another. */
const next = numbers(7);
const images: Samples = {
  shape: SHAPE,
  values: Uint8Array.from({ length: IMAGES * EACH }, () => 1 + Math.floor((next() + 1) * 127)),
};

const augmentations: [string, readonly Augmentation[], views: number][] = [
  ['none', [], 1],
  ['shifts by 0', [{ shift: 0 }], 1],
  ['shifts by 1', [{ shift: 1 }], 9],
  ['shifts out of the frame', [{ shift: 4 }], 81],
  ['mirror images', [{ mirror: true }], 2],
  ['mirror images and shifts by 1', [{ mirror: true }, { shift: 1 }], 18],
];

test.each(augmentations)(
  '%s: what a step draws of each image is the view whose kept row it draws',
  async (_, augment, views) => {
    expect(viewCount(augment)).toBe(views);
    // [image, view, …pixels], as tables of kept outputs have them.
    const table = new Float32Array(IMAGES * views * EACH);
    [...viewsOf(images, augment)].forEach(({ shape, values }, view) => {
      expect(shape).toEqual(SHAPE);
      for (let i = 0; i < IMAGES; i++)
        table.set(values.subarray(i * EACH, (i + 1) * EACH), (i * views + view) * EACH);
    });

    const steps = 60;
    const batch = 8;
    const all = variable('images', [IMAGES, ...SHAPE], 'u8');
    const kept = variable('kept', [IMAGES * views, EACH]);
    const index = variable('index', [batch], 'i32');
    const drawn = variable('drawn', [steps, batch, EACH]);
    const rows = variable('rows', [steps, batch, EACH]);
    const seen = ops.reshape(ops.takeImages(all, index, viewOptions(augment)), [batch, EACH]);
    await using engine = await createEngine({ threads: 2 });
    const session = await engine.load({
      step: [
        ops.writeAtStep(drawn, seen),
        ops.writeAtStep(rows, takeOfViews(kept, index, viewOptions(augment))),
      ],
    });
    await session.write(all, images.values);
    await session.write(kept, table);
    await session.write(
      index,
      Int32Array.from({ length: batch }, (_, r) => (r === 7 ? -1 : r % IMAGES)),
    );
    await session.run('step', { steps, seed: 3 });
    const pixels = await session.read(drawn);
    expect(await session.read(rows)).toEqual(pixels);

    // Every view of an image came: 60 steps draw it 140 times or more, from 81 views at most.
    const found = new Set<string>();
    for (let at = 0; at < pixels.length; at += EACH)
      if (Math.floor(at / EACH) % batch === 0) found.add(pixels.subarray(at, at + EACH).join());
    expect(found.size).toBeGreaterThan(0.5 * Math.min(views, 20));
    await session.close();
  },
);

test('views are numbered shift by shift, row by row, of each the image as it is and then mirrored', () => {
  const tiny = { shape: [1, 3, 1], values: Uint8Array.of(1, 2, 3) };
  const views = [...viewsOf(tiny, [{ mirror: true }, { shift: 1 }])].map(({ values }) => [...values]);
  const nothing = [0, 0, 0];
  expect(views.slice(0, 6)).toEqual(Array(6).fill(nothing));
  expect(views.slice(6, 12)).toEqual([
    [2, 3, 0],
    [2, 1, 0],
    [1, 2, 3],
    [3, 2, 1],
    [0, 1, 2],
    [0, 3, 2],
  ]);
  expect(views.slice(12)).toEqual(Array(6).fill(nothing));
});

test('the pixels of a mirrored color image keep their channels', () => {
  const tiny = { shape: [1, 2, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  const [, mirrored] = [...viewsOf(tiny, [{ mirror: true }])];
  expect([...mirrored!.values]).toEqual([4, 5, 6, 1, 2, 3]);
});

test('the order of the list doesn’t matter', async () => {
  const [one, other] = [
    [{ shift: 1 }, { mirror: true }],
    [{ mirror: true }, { shift: 1 }],
  ] as const;
  expect([...viewsOf(images, one)]).toEqual([...viewsOf(images, other)]);
  await using engine = await createEngine({ threads: 1 });
  const data = makeDataset({ inputs: images, labels: [0, 1, 1], classes: 2 });
  const options = { architecture: mlp([EACH, 4, 2], { input: { shape: SHAPE } }), data, epochs: 3, seed: 1 };
  const hash = async (augment: readonly Augmentation[]) =>
    weightsSha256(await train(engine, { ...options, augment }));
  expect(await hash(one)).toBe(await hash(other));
  expect(await hash(one)).not.toBe(await hash([{ shift: 1 }]));
});

test('samples that are no images of bytes aren’t augmented', async () => {
  await using engine = await createEngine({ threads: 1 });
  for (const inputs of [
    { shape: [2, 2, 1], values: new Float32Array(12) },
    { shape: [4], values: new Uint8Array(12) },
    { shape: [2, 2], values: new Uint8Array(12) },
  ]) {
    const data = makeDataset({ inputs, labels: [0, 1, 1], classes: 2 });
    const options = { architecture: mlp([4, 2]), data, epochs: 1, seed: 1, augment: [{ shift: 1 }] };
    await expect(train(engine, options)).rejects.toThrow(
      `only images of bytes [height, width, channels] can be augmented, not samples of shape [${inputs.shape}]`,
    );
  }
});
