import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findImages, loadImages, streamImages } from '#library/entries/data.js';
import { decodeJpeg } from '#library/formats/jpeg/decode.js';
import { resizeImage } from '#library/formats/resize.js';
import { encodeZip } from '#library/formats/zip.js';
import { faultOf } from '../support/faults.js';
import { bytesOf, goldenImages } from '../support/golden-images.js';
import { encodePng } from '../support/png.js';

const gray = (value: number, height = 2, width = 2) =>
  encodePng(height, width, new Uint8Array(height * width).fill(value));
const color = (r: number, g: number, b: number) => encodePng(2, 2, [r, g, b, r, g, b, r, g, b, r, g, b]);
const jpeg = bytesOf(goldenImages.jpeg.find(({ name }) => name === '32 × 32 as in CIFAR-10')!.file);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes files by their paths from the folder; a path that ends in a slash is an empty folder. */
function put(files: Record<string, Uint8Array | string>): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path);
    mkdirSync(path.endsWith('/') ? place : dirname(place), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(place, content);
  }
}

describe('a folder of images', () => {
  test('with a folder a class, in numerical order, gray', async () => {
    put({ '10/a.png': gray(1), '2/b.png': gray(2), '2/a.png': gray(3), '-7/x.png': gray(4) });
    const data = await loadImages(folder);
    expect(data.classNames).toEqual(['-7', '2', '10']);
    expect([...data.labels]).toEqual([0, 2, 1, 1]);
    expect(data.inputs).toEqual({
      shape: [2, 2, 1],
      values: Uint8Array.from([4, 1, 3, 2].flatMap((v) => [v, v, v, v])),
    });
    expect(await loadImages(pathToFileURL(folder))).toEqual(data);
  });

  test('becomes color where one image is', async () => {
    put({ 'b/1.png': gray(7), 'a/1.png': gray(9), 'b/2.PNG': color(1, 2, 3) });
    const data = await loadImages(folder);
    expect(data.classNames).toEqual(['a', 'b']);
    expect(data.inputs.shape).toEqual([2, 2, 3]);
    expect([...data.inputs.values.subarray(0, 12)]).toEqual(new Array(12).fill(9));
    expect([...data.inputs.values.subarray(24, 30)]).toEqual([1, 2, 3, 1, 2, 3]);
    const asGray = await loadImages(folder, { channels: 1 });
    expect(asGray.inputs.shape).toEqual([2, 2, 1]);
  });

  test('with parts has the training part’s classes in all of them', async () => {
    put({
      'train/dog/1.png': gray(1),
      'train/cat/1.png': gray(2),
      'Test/dog/1.png': gray(3),
      'valid/cat/1.png': gray(4),
      'README.md': 'text',
    });
    const found = await findImages(folder);
    expect(found).toMatchObject({ split: true, classNames: ['cat', 'dog'], ignored: ['README.md'] });
    expect([...(await loadImages(folder)).labels]).toEqual([0, 1]);
    const test = await loadImages(folder, { part: 'test' });
    expect([[...test.labels], test.classNames]).toEqual([[1], ['cat', 'dog']]);
    expect((await loadImages(folder, { part: 'val' })).inputs.values[0]).toBe(4);
  });

  test('with a class called train is one of classes', async () => {
    put({ 'train/1.png': gray(1), 'truck/1.png': gray(2) });
    expect(await findImages(folder)).toMatchObject({ split: false, classNames: ['train', 'truck'] });
    expect((await faultOf(() => loadImages(folder, { part: 'test' }))).message).toMatch(
      /has no part test: there are train/,
    );
  });

  test('without classes is unlabeled, also beside a training part that has some', async () => {
    put({ 'train/a/1.png': gray(1), 'test/1.png': gray(2) });
    expect([...(await loadImages(folder, { part: 'test' })).labels]).toEqual([-1]);
    const data = await loadImages(join(folder, 'test'));
    expect([[...data.labels], data.classes]).toEqual([[-1], 1]);
  });

  test('skips what begins with a dot, and follows links', async () => {
    put({
      'a/1.png': gray(1),
      '.ipynb_checkpoints/1.png': 'no image',
      'a/.DS_Store': 'x',
    });
    symlinkSync(join(folder, 'a'), join(folder, 'b'));
    expect((await loadImages(folder)).classNames).toEqual(['a', 'b']);
  });

  test('leaves out what is no image by its name, and says so', async () => {
    const stray = ['a/Thumbs.db', 'a/desktop.ini', 'a/meta/box.json', 'a/notes.txt', 'labels.csv'];
    put({ 'a/1.png': gray(1), 'a/0002': gray(2), 'b/3.JPG': jpeg });
    put(Object.fromEntries(stray.map((path) => [path, 'x'])));
    const found = await findImages(folder);
    expect([...found.ignored].sort()).toEqual(stray);
    expect(found.parts.train.map(({ path }) => path)).toEqual(['a/0002', 'a/1.png', 'b/3.JPG']);
    expect((await loadImages(folder, { size: 4 })).size).toBe(3);
  });

  test('without classes stays so beside a folder of other files', async () => {
    const entries = ['1.png', 'notes/x.txt'].map((path) => ({ path, source: gray(1) }));
    expect([...(await loadImages(entries)).labels]).toEqual([-1]);
  });

  test('of several sizes is resized as Pillow does, or refused with two names', async () => {
    put({ 'a/1.jpg': jpeg, 'a/2.png': gray(100, 3, 8) });
    const fault = await faultOf(() => loadImages(folder));
    expect(fault.message).toMatch(
      /a\/1.jpg is 32 × 32 pixels \(height × width\) and a\/2.png 3 × 8: give a size .* size: 3/,
    );
    const data = await loadImages(folder, { size: [16, 12] });
    expect(data.inputs.shape).toEqual([16, 12, 3]);
    const resized = resizeImage(decodeJpeg(jpeg, ''), 16, 12);
    expect(data.inputs.values.subarray(0, 16 * 12 * 3)).toEqual(resized.data);
    expect((await loadImages(folder, { size: 5, crop: true })).inputs.shape).toEqual([5, 5, 3]);
  });

  test('given as files, as browsers have them', async () => {
    const file = (path: string, bytes: Uint8Array<ArrayBuffer>) =>
      Object.defineProperty(new File([bytes], path.split('/').at(-1)!), 'webkitRelativePath', {
        value: path,
      });
    const files = [
      file('pets/dog/1.png', new Uint8Array(gray(1))),
      file('pets/cat/1.png', new Uint8Array(gray(2))),
    ];
    const data = await loadImages(files);
    expect([data.classNames, [...data.labels]]).toEqual([
      ['cat', 'dog'],
      [0, 1],
    ]);
    const entries = [
      { path: 'dog\\1.png', source: gray(1) },
      { path: 'cat/1.png', source: gray(2) },
    ];
    expect(await loadImages(entries)).toEqual(data);
  });

  test.each<[string, Record<string, Uint8Array | string>, RegExp]>([
    [
      'a file that is no image',
      { 'a/1.png': gray(1), 'a/2.jpg': 'x', 'a/notes.txt': 'x' },
      /a\/2.jpg is neither PNG nor JPEG/,
    ],
    [
      'a file whose name says nothing, and which is no image',
      { 'a/1.png': gray(1), 'a/x2': 'x' },
      /a\/x2 is neither PNG nor JPEG/,
    ],
    [
      'a picture of another kind',
      { 'a/1.png': gray(1), 'a/2.webp': 'x' },
      /a\/2.webp is neither PNG nor JPEG/,
    ],
    [
      'a class of stray files alone',
      { 'a/1.png': gray(1), 'b/notes.txt': 'x' },
      /no image in the folder b, which would be a class/,
    ],
    ['nothing but stray files', { 'notes.txt': 'x' }, /no PNG or JPEG in it/],
    [
      'an image of another kind',
      { 'a/1.png': 'GIF89a' },
      /a\/1.png is a GIF, and only PNG and JPEG are read/,
    ],
    ['an empty class', { 'a/1.png': gray(1), 'b/': '' }, /no image in the folder b, which would be a class/],
    ['folders in a class', { 'a/b/1.png': gray(1) }, /a\/b\/1.png lies in a folder of the class a/],
    ['images beside classes', { 'a/1.png': gray(1), '2.png': gray(1) }, /2.png lies beside the folders/],
    ['nothing', {}, /there is no PNG or JPEG in it/],
    [
      'two training parts',
      { 'train/a/1.png': gray(1), 'training/a/1.png': gray(1) },
      /two folders for train/,
    ],
  ])('with %s is refused', async (_, files, message) => {
    put(files);
    const fault = await faultOf(() => loadImages(folder));
    expect(fault.code).toBe('bad-file');
    expect(fault.message).toMatch(message);
  });

  test('with a class that the training data lack is refused', async () => {
    put({ 'train/a/1.png': gray(1), 'test/b/1.png': gray(1) });
    const fault = await faultOf(() => loadImages(folder, { part: 'test' }));
    expect(fault.message).toMatch(/the folder b is none of the training data's classes, which are a$/);
  });

  test('that isn’t there, or is a file, is refused', async () => {
    put({ 'x.png': gray(1) });
    expect((await faultOf(() => loadImages(join(folder, 'none')))).message).toMatch(
      /there is no folder .*none/,
    );
    expect((await faultOf(() => loadImages(join(folder, 'x.png')))).message).toMatch(/it is a file/);
  });

  test('is loaded until a signal stops it', async () => {
    put({ 'a/1.png': gray(1) });
    const fault = await faultOf(() => loadImages(folder, { signal: AbortSignal.abort() }));
    expect(fault.code).toBe('aborted');
  });

  test('checks its options', async () => {
    put({ 'a/1.png': gray(1) });
    const messageOf = async (options: object) =>
      (await faultOf(() => loadImages(folder, options as Parameters<typeof loadImages>[1]))).message;
    expect(await messageOf({ sice: 3 })).toMatch(/has no option sice/);
    expect(await messageOf({ size: 0 })).toMatch(/a side of size must be a whole number/);
    expect(await messageOf({ size: [3] })).toMatch(/size must be one number, or height and width/);
    expect(await messageOf({ crop: true })).toMatch(/give size, too/);
    expect(await messageOf({ channels: 4 })).toMatch(/channels must be 1 or 3, not 4/);
    expect(await messageOf({ part: 'tset' })).toMatch(/part must be 'train' or 'val' or 'test'/);
    expect((await faultOf(() => loadImages(3 as never))).message).toMatch(/a folder is given by its path/);
  });
});

describe('a ZIP of images', () => {
  const zipOf = (files: Record<string, Uint8Array | string>) =>
    encodeZip(
      Object.entries(files).map(([name, content]) => ({
        name,
        bytes: Uint8Array.from(Buffer.from(content)),
      })),
    );

  test('holds what the folder did, given by path, URL, File, Blob or bytes', async () => {
    const files = {
      'train/b/1.png': gray(7),
      'train/a/1.png': gray(9),
      'test/b/1.png': gray(5),
      'notes.txt': 'x',
    };
    put(files);
    const data = await loadImages(folder);
    const zip = zipOf(files);
    const path = join(folder, 'pets.ZIP');
    writeFileSync(path, zip);
    for (const source of [
      path,
      pathToFileURL(path),
      new File([zip], 'pets.zip'),
      new Blob([zip]),
      zip,
      zip.buffer,
    ])
      expect(await loadImages(source)).toEqual(data);
    expect(await findImages(zip)).toMatchObject({ split: true, ignored: ['notes.txt'] });
    expect([...(await loadImages(zip, { part: 'test' })).labels]).toEqual([1]);
    expect((await streamImages(zip)).size).toBe(2);
  });

  test('may hold the folder itself, and what systems leave beside', async () => {
    const data = await loadImages(
      zipOf({
        '__MACOSX/pets/cat/._1.png': 'resource',
        'pets/.DS_Store': 'x',
        'pets/readme.txt': 'x',
        'pets/cat/1.png': gray(1),
        'pets/dog/1.png': gray(2),
      }),
    );
    expect(data.classNames).toEqual(['cat', 'dog']);
    expect((await loadImages(zipOf({ 'data/pets/cat/1.png': gray(1) }))).classNames).toEqual(['cat']);
    expect((await loadImages(zipOf({ 'cat/1.png': gray(1), 'cat/2.png': gray(1) }))).classNames).toEqual([
      'cat',
    ]);
    expect((await loadImages(zipOf({ 'cat\\1.png': gray(1), 'dog\\2.png': gray(1) }))).classNames).toEqual([
      'cat',
      'dog',
    ]);
  });

  test('that is none, is damaged or without images is refused', async () => {
    const zip = zipOf({ 'cat/1.png': gray(1) });
    const messageOf = async (bytes: Uint8Array) => (await faultOf(() => loadImages(bytes))).message;
    expect(await messageOf(gray(1))).toMatch(/the ZIP file has no directory/);
    expect(await messageOf(zip.slice(0, zip.length - 30))).toMatch(/the ZIP file has no directory/);
    expect(await messageOf(zip.map((byte, i) => (i === 60 ? byte ^ 1 : byte)))).toMatch(
      /has a wrong checksum/,
    );
    expect(await messageOf(zipOf({ 'a.txt': 'x' }))).toMatch(/there is no PNG or JPEG in it/);
  });
});
