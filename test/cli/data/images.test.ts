import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { DataOptions } from '../../../cli/data/ask.ts';
import { type LoadedData, loadFurther } from '../../../cli/data/load.ts';
import { inMemory } from '../../../cli/data/stream.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { encodePng } from '../../support/png.ts';
import { listeningContext, loaded } from './said.ts';

const further = async (path: string, data: LoadedData, options: DataOptions) =>
  inMemory(await loadFurther(path, data, options, listeningContext().context));

let folder: string;

async function png(path: string, side: number, color: readonly number[]): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  const pixels = Array.from({ length: side * side }, () => color).flat();
  await writeFile(file, encodePng(side, side, pixels));
}

beforeAll(async () => {
  folder = await temporaryFolder();
  for (let i = 0; i < 10; i++) {
    await png(`plain/cat/${i}.png`, 6, [200, i, 0]);
    await png(`plain/dog/${i}.png`, 6, [0, i, 200]);
    if (i < 2) await png(`plain/bird/${i}.png`, 6, [0, 200, i]);
  }
  for (const stray of ['notes.txt', 'cat/Thumbs.db', 'dog/labels.csv'])
    await writeFile(join(folder, 'plain', stray), 'x');
  for (const [part, side] of [
    ['train', 5],
    ['val', 5],
    ['test', 5],
  ] as const)
    for (const digit of ['10', '9']) await png(`split/${part}/${digit}/a.png`, side, [Number(digit)]);
  await png('other/cat/x.png', 6, [9]);
  await png('other/dog/x.png', 6, [8, 8, 8]);
  await png('sizes/a/x.png', 6, [9]);
  await png('sizes/b/x.png', 8, [9]);
  await png('sizes/b/y.png', 8, [9]);
  await png('sizes/a/y.png', 6, [9]);
  await png('strange/horse/x.png', 6, [9, 9, 9]);
});

test('a folder of classes is split by class, imbalance and what is ignored are told', async () => {
  const { train, test: tests, facts, said } = await loaded({ data: join(folder, 'plain') });
  expect(facts).toMatchObject({
    kind: 'images',
    samples: { train: 18, test: 4 },
    shape: [6, 6, 3],
    values: 'bytes',
    classNames: ['bird', 'cat', 'dog'],
    perClass: [2, 8, 8],
    imbalanced: true,
  });
  expect(train.classNames).toEqual(tests.classNames);
  expect(said).toContain('6 × 6 pixels, color');
  expect(said).toContain('imbalanced: 8 of cat, 2 of bird; balanced accuracy');
  expect(said).toContain('3 files that are no images not read: cat/Thumbs.db, dog/labels.csv, notes.txt');
  expect(said).toContain('no test sample of bird');
  expect(said).toMatch(/no test data in .*plain: 20% of each class/);
});

test('the split is the same each time, and has each image once', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => loaded({ data: join(folder, 'plain') })));
  expect(one!.test.inputs.values).toEqual(other!.test.inputs.values);
  const greens = [one!.train, one!.test].flatMap(({ inputs: { values }, size }) =>
    Array.from({ length: size }, (_, i) => String(values.subarray(i * 108, i * 108 + 3))),
  );
  expect(new Set(greens).size).toBe(22);
});

test("a folder's own parts count, numbers as classes are in their order", async () => {
  const { train, validation, test: tests, facts } = await loaded({ data: join(folder, 'split') });
  expect(facts.samples).toEqual({ train: 2, val: 2, test: 2 });
  expect(train.classNames).toEqual(['9', '10']);
  expect(train.inputs.shape).toEqual([5, 5, 1]);
  expect([...tests.labels].map((label) => tests.classNames![label])).toEqual(['10', '9']);
  expect(validation!.size).toBe(2);
});

test('--test is read as the training images were, by the names of its classes', async () => {
  const places = { data: join(folder, 'plain'), test: join(folder, 'other') };
  const { test: tests, facts, said } = await loaded(places);
  expect([...tests.labels]).toEqual([1, 2]);
  expect(tests.inputs.shape).toEqual([6, 6, 3]);
  expect(facts).toMatchObject({ testSource: places.test, samples: { train: 22, test: 2 } });
  expect(said).toContain('no test sample of bird');
  await expect(loaded({ ...places, test: join(folder, 'strange') })).rejects.toThrow(
    "the folder horse is none of the training data's classes, which are bird, cat, dog",
  );
});

test('images of several sizes need --size', async () => {
  const data = join(folder, 'sizes');
  await expect(loaded({ data })).rejects.toThrow(/6 × 6 pixels .* 8 × 8: .* such as --size 6$/);
  const { train } = await loaded({ data, size: [4, 3] });
  expect(train.inputs.shape).toEqual([4, 3, 1]);
  await expect(loaded({ data, crop: true })).rejects.toThrow('give --size, too');
  await expect(loaded({ data: join(folder, 'plain'), test: data, size: [4, 3], label: 'x' })).rejects.toThrow(
    /the labels of .*plain are its folders' names/,
  );
});

test('further images join without labels', async () => {
  const options = { data: join(folder, 'plain') };
  const data = await loaded(options);
  const more = await further(join(folder, 'strange'), data, options);
  expect(more).toMatchObject({ size: 1, labels: Int32Array.of(-1), inputs: { shape: [6, 6, 3] } });
  await expect(further(join(folder, 'split'), data, options)).rejects.toThrow(
    /are 6 × 6 × 3 bytes and those of .*split 5 × 5 × 3 bytes: .*--size/,
  );
});

test('images without classes are nothing to learn labels from', async () => {
  await expect(loaded({ data: join(folder, 'plain', 'cat') })).rejects.toThrow(/no sample has a label/);
  await expect(loaded({ data: join(folder, 'plain', 'dog', '*.png') })).rejects.toThrow(
    /no sample has a label/,
  );
});
