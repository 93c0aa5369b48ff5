import { execFile } from 'node:child_process';
import { mkdirSync, openAsBlob, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { createEngine, mlp, train, weightsSha256 } from 'wasm-distill';
import {
  type Dataset,
  loadImages,
  loadNpy,
  loadParquet,
  loadStream,
  openParquetFile,
  type SampleStream,
  streamImages,
  streamNpy,
  streamParquet,
} from 'wasm-distill/data';
import { encodeNpy, encodeNpz, type NumericArray, type ParquetFile } from 'wasm-distill/formats';
import { shuffled } from '#library/random/shuffle.js';
import { faultOf, utf8 } from '../support/faults.js';
import { temporaryFolder } from '../support/folder.js';
import { huggingFaceFile } from '../support/parquet.js';
import { encodePng } from '../support/png.js';

const folder = await temporaryFolder();

/** All of a stream, as a data set in memory has it. */
async function whole(
  stream: SampleStream,
): Promise<
  Pick<Dataset, 'labels' | 'classNames' | 'size' | 'classes'> & { shape: readonly number[]; values: number[] }
> {
  const values: number[] = [];
  for (const [shard, count] of stream.shards.entries()) {
    const read = await stream.read(shard);
    expect(read.length).toBe(count * stream.shape.reduce((a, b) => a * b, 1));
    expect(read.BYTES_PER_ELEMENT).toBe(stream.values === 'bytes' ? 1 : 4);
    for (const value of read) values.push(value);
  }
  const { labels, classNames = [], size, classes, shape } = stream;
  return { labels, classNames, size, classes, shape, values };
}

function inMemory({ labels, classNames = [], size, classes, inputs }: Dataset) {
  return { labels, classNames, size, classes, shape: inputs.shape, values: [...inputs.values] };
}

describe('streamNpy', () => {
  const array = (shape: number[], data: NumericArray['data']): NumericArray => ({ shape, data });
  const count = 3000;
  const labels = Int32Array.from({ length: count }, (_, i) => (i * 5) % 7);
  const labelsFrom = encodeNpy(array([count], labels));

  test.each<[string, number[], NumericArray['data']]>([
    ['bytes of images', [count, 8, 8], Uint8Array.from({ length: count * 64 }, (_, i) => i * 31)],
    [
      'floats, in several shards',
      [count, 400],
      Float32Array.from({ length: count * 400 }, (_, i) => (i % 977) / 7),
    ],
    ['doubles', [count, 3], Float64Array.from({ length: count * 3 }, (_, i) => i / 3)],
    ['colors first', [count, 3, 2, 2], Uint8Array.from({ length: count * 12 }, (_, i) => i * 17)],
    ['whole numbers of 64 bits', [count], BigInt64Array.from({ length: count }, (_, i) => BigInt(i))],
  ])('reads by position what loadNpy has in memory: %s', async (what, shape, data) => {
    const bytes = encodeNpy(array(shape, data));
    const path = join(folder, `${what.replaceAll(/\W/g, '-')}.npy`);
    writeFileSync(path, bytes);
    const { values: expected, ...others } = inMemory(await loadNpy(bytes, { labelsFrom }));
    for (const source of [path, pathToFileURL(path), await openAsBlob(path), bytes]) {
      const stream = await streamNpy(source, { labelsFrom });
      expect(stream.shards.length).toBe(what.includes('several') ? 2 : 1);
      const { values, ...rest } = await whole(stream);
      expect(rest).toEqual(others);
      // Number by number, Vitest takes seconds.
      expect(values.length === expected.length && values.every((v, i) => v === expected[i])).toBe(true);
    }
    expect((await streamNpy(path, { labels })).labels).toEqual(labels);
    expect((await streamNpy(path)).labels).toEqual(new Int32Array(count).fill(-1));
  });

  test('takes big-endian numbers, and labels that are names', async () => {
    const header = "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2), }";
    const text = `${header.padEnd(117)}\n`;
    const numbers = [0x3f, 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0, 0x40, 0x80, 0, 0];
    const file = Uint8Array.of(0x93, ...utf8('NUMPY'), 1, 0, 118, 0, ...utf8(text), ...numbers);
    const stream = await streamNpy(file, { labels: ['b', 'a'], classNames: ['a', 'b'] });
    expect(await whole(stream)).toMatchObject({ values: [1, 2, 3, 4], labels: Int32Array.of(1, 0) });
  });

  test('refuses in a sentence what can’t be read in parts', async () => {
    const floats = array([2, 2], Float32Array.of(1, 2, 3, NaN));
    const file = encodeNpy(floats);
    const messageOf = async (call: () => Promise<unknown>) => (await faultOf(call)).message;
    expect(await messageOf(() => streamNpy(encodeNpz({ x: floats })))).toMatch(/is packed.*unpack it/);
    expect(await messageOf(() => streamNpy(file.subarray(0, file.length - 1)))).toMatch(
      /has 15 bytes of data where 2 samples need 16/,
    );
    expect(await messageOf(() => streamNpy(file, { labels: [1] }))).toMatch(
      /2 samples, but there are 1 labels/,
    );
    expect(await messageOf(() => streamNpy(file, { labels: [1, 0], labelsFrom }))).toMatch(
      /give one of the two/,
    );
    expect(await messageOf(() => streamNpy(join(folder, 'nowhere.npy')))).toMatch(
      /there is no file .*nowhere/,
    );
    expect(await messageOf(() => streamNpy(folder))).toMatch(/is no file that can be read in parts/);
    expect(await messageOf(() => streamNpy(utf8('PNG')))).toMatch(/doesn't start as npy does/);
    const turned = file.slice();
    turned.set(utf8("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), } "), 10);
    expect(await messageOf(() => streamNpy(turned))).toMatch(/ascontiguousarray/);
    const stream = await streamNpy(file);
    expect(await messageOf(() => stream.read(0))).toMatch(/samples 0 to 1: number 1 of sample 1 is NaN/);
  });

  test('a file that has become shorter is an error, not wrong samples', async () => {
    const path = join(folder, 'shorter.npy');
    writeFileSync(
      path,
      encodeNpy(
        array(
          [100],
          Float32Array.from({ length: 100 }, (_, i) => i),
        ),
      ),
    );
    const stream = await streamNpy(path);
    writeFileSync(path, new Uint8Array(200));
    expect(await faultOf(() => stream.read(0))).toMatchObject({ code: 'bad-file' });
  });
});

describe('streamParquet', () => {
  const gray = (value: number) => encodePng(2, 2, [value, value, value, value]);
  const names = ['cat', 'dog'];

  test('has the images of row groups as loadParquet has them, of several files', async () => {
    const values = Array.from({ length: 25 }, (_, i) => i);
    const labels = values.map((i) => (i % 3) - 1);
    const files = [0, 13].map((from) => {
      const part = values.slice(from, from + 13 - (from > 0 ? 1 : 0));
      return huggingFaceFile(
        part.map(gray),
        part.map((i) => labels[i]!),
        names,
        { rowGroupSize: 5 },
      );
    });
    const stream = await streamParquet(files);
    expect(stream.shards).toEqual([5, 5, 3, 5, 5, 2]);
    expect(await whole(stream)).toEqual(inMemory(await loadParquet(files)));
    expect(stream.reading).toEqual({ label: 'label', inputs: ['img'], classNames: names });
  });

  test('goes on from files that were opened, as loadParquet does', async () => {
    const path = join(folder, 'opened.parquet');
    writeFileSync(path, huggingFaceFile([1, 2, 3].map(gray), [0, 1, 0], names, { rowGroupSize: 2 }));
    const opened = await openParquetFile(path);
    expect([opened.name, opened.file.rows, opened.file.columns]).toEqual([path, 3, ['img', 'label']]);
    const reads: string[] = [];
    const read: ParquetFile['read'] = (group, columns) => {
      reads.push(`${group} ${columns ?? 'all'}`);
      return opened.file.read(group, columns);
    };
    const watched = { ...opened, file: { ...opened.file, read } };
    const data = await loadParquet(watched);
    expect(inMemory(data)).toEqual(inMemory(await loadParquet(path)));
    expect(reads).toEqual(['0 all', '1 all']);
    const stream = await streamParquet([watched]);
    expect(reads.slice(2)).toEqual(['0 all', '0 label', '1 label']);
    expect(await whole(stream)).toEqual(inMemory(data));
  });

  test('has columns of numbers, in the columns of the first group, with means from elsewhere', async () => {
    const columnData = [
      { name: 'x', data: [0.5, 1, null, 4], type: 'DOUBLE' as const },
      { name: 'y', data: [3n, 4n, 5n, 6n], type: 'INT64' as const },
      { name: 'species', data: ['b', 'a', 'b', 'c'], type: 'STRING' as const },
    ];
    const file = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 3 }));
    const path = join(folder, 'numbers.parquet');
    writeFileSync(path, file);
    const { reading, ...data } = await loadParquet(file, { missing: 'mean' });
    const stream = await streamParquet(path, { like: reading });
    expect(stream.shards).toEqual([3, 1]);
    expect(await whole(stream)).toEqual(inMemory(data));
    expect((await faultOf(() => streamParquet(path, { missing: 'mean' }))).message).toMatch(
      /give their reading as like/,
    );
    const refusing = await faultOf(async () => whole(await streamParquet(path)));
    expect(refusing.code).toBe('bad-file');
    expect((await whole(await streamParquet(path, { inputs: ['y'], label: false }))).labels).toEqual(
      new Int32Array(4).fill(-1),
    );
  });

  test('says what to give where images are of several sizes, or gray first', async () => {
    const color = encodePng(2, 2, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
    const mixed = huggingFaceFile([gray(1), color], [0, 1], names, { rowGroupSize: 1 });
    const stream = await streamParquet(mixed);
    expect((await faultOf(() => stream.read(1))).message).toMatch(/row group 2.*channels: 3, or 1/);
    expect((await whole(await streamParquet(mixed, { channels: 3 }))).values.slice(12, 15)).toEqual([
      1, 2, 3,
    ]);
    const large = huggingFaceFile([gray(1), encodePng(3, 3, new Uint8Array(9))], [0, 1], names, {
      rowGroupSize: 1,
    });
    expect((await faultOf(async () => (await streamParquet(large)).read(1))).message).toMatch(/give a size/);
    const firstColor = huggingFaceFile([color, gray(9)], [0, 1], names, { rowGroupSize: 1 });
    expect((await whole(await streamParquet(firstColor))).values.slice(12)).toEqual(Array(12).fill(9));
  });
});

test('streamImages deals a folder’s files out to shards, with their classes', async () => {
  const top = join(folder, 'images');
  for (let i = 0; i < 600; i++) {
    const place = join(top, i < 300 ? 'a' : 'b');
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, `${String(i).padStart(3, '0')}.png`),
      encodePng(1, 2, [i % 256, i < 300 ? 0 : 1]),
    );
  }
  const stream = await streamImages(top);
  expect(stream).toMatchObject({
    shape: [1, 2, 1],
    size: 600,
    classNames: ['a', 'b'],
    shards: [200, 200, 200],
  });
  const { values, labels } = await whole(stream);
  expect(values.filter((_, i) => i % 2)).toEqual([...labels]);
  const sorted = (pixels: readonly number[]) =>
    Array.from({ length: 600 }, (_, i) => 256 * pixels[2 * i + 1]! + pixels[2 * i]!).sort((a, b) => a - b);
  expect(sorted(values)).toEqual(sorted([...(await loadImages(top)).inputs.values]));
  // The first shard has as many of one class as of the other.
  expect(labels.subarray(0, 200).filter((label) => label === 1)).toHaveLength(100);
  const byPath = await whole(await streamImages(top, { order: 'paths' }));
  expect(byPath).toEqual(inMemory(await loadImages(top)));
  expect((await faultOf(() => streamImages(top, { order: 'size' as 'paths' }))).code).toBe('bad-argument');
  expect((await faultOf(() => streamImages(top, { part: 'test' }))).code).toBe('missing');
  await using engine = await createEngine({ threads: 2 });
  const options = { architecture: mlp([2, 4, 2]), data: stream, epochs: 2, seed: 1, window: 250 };
  expect(await weightsSha256(await train(engine, options))).toBe(
    await weightsSha256(await train(engine, options)),
  );
});

/** The documented order (docs/architecture.md) of an epoch, where a window holds `most` batches at most. */
function documented(
  shards: readonly number[],
  epoch: number,
  { seed, batch, most }: { seed: number; batch: number; most: number },
) {
  const firsts = shards.map((_, shard) => shards.slice(0, shard).reduce((a, b) => a + b, 0));
  const all = [...shuffled(seed, { kind: 'shards', index: 0 }, epoch, shards.length)].flatMap((shard) =>
    Array.from({ length: shards[shard]! }, (_, i) => firsts[shard]! + i),
  );
  const batches = Math.ceil(all.length / batch);
  const count = Math.ceil(batches / most);
  return Int32Array.from(
    Array.from({ length: count }, (_, w) => {
      const [from, to] = [w, w + 1].map((n) => Math.floor((n * batches) / count) * batch) as [number, number];
      const window = all.slice(from, to);
      return [...shuffled(seed, { kind: 'order', index: 0 }, epoch * count + w, window.length)].map(
        (i) => window[i]!,
      );
    }).flat(),
  );
}

test('row groups and files in tiny windows teach what the documented order teaches in memory', async () => {
  const pictures = Array.from({ length: 600 }, (_, i) =>
    encodePng(
      2,
      3,
      [i, i * 7, i * 31, (i % 3) * 80, 5, 9].map((n) => n % 256),
    ),
  );
  const file = huggingFaceFile(
    pictures,
    pictures.map((_, i) => i % 3),
    ['a', 'b', 'c'],
    { rowGroupSize: 70 },
  );
  const top = join(folder, 'ordered');
  for (const [i, png] of pictures.entries()) {
    const place = join(top, 'abc'[i % 3]!);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${i}.png`), png);
  }
  await using engine = await createEngine({ threads: 2 });
  const options = { architecture: mlp([6, 5, 3]), epochs: 3, seed: 4, batch: 20 };
  for (const stream of [await streamParquet(file), await streamImages(top)]) {
    expect(stream.shards.length).toBeGreaterThan(2);
    const order = (epoch: number) => documented(stream.shards, epoch, { ...options, most: 4 });
    const resident = await train(engine, { ...options, data: await loadStream(stream), order });
    const streamed = await train(engine, { ...options, data: stream, window: 80 });
    expect(await weightsSha256(streamed)).toBe(await weightsSha256(resident));
  }
});

test('a teacher teaches on a file of 400 MB in the memory of some windows', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/stream-memory.mjs', '--distill', '--megabytes', '400', '--most', '700', '--window', '10000'],
    { timeout: 110_000 },
  );
  expect(stdout).toMatch(/a file of 400 MB .* took at most \d+ MB/);
}, 120_000);

test('Parquet files of 300 MB train in a process that takes less than their images do', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/stream-memory.mjs', '--parquet', '--megabytes', '300', '--most', '280', '--window', '1000'],
    { timeout: 170_000 },
  );
  expect(stdout).toMatch(/Parquet files of 300 MB .* took at most \d+ MB/);
}, 180_000);

test('a file of 400 MB trains in a process that takes half of that at most', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/stream-memory.mjs', '--megabytes', '400', '--most', '200', '--window', '10000'],
    { timeout: 110_000 },
  );
  expect(stdout).toMatch(/a file of 400 MB .* took at most \d+ MB/);
}, 120_000);
