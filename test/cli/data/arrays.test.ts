import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { encodeNpy, encodeNpz, encodeSafetensors } from 'wasm-distill/formats';
import { temporaryFolder } from '../../support/folder.ts';
import { huggingFaceFile } from '../../support/parquet.ts';
import { encodePng } from '../../support/png.ts';
import { loaded } from './said.ts';

let folder: string;

const at = (name: string) => join(folder, name);

const numbers = (shape: number[], first = 0) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => first + i),
});
const labels = (count: number, classes = 2) => ({
  shape: [count],
  data: Int32Array.from({ length: count }, (_, i) => i % classes),
});
const pictures = (count: number, gray: number) =>
  Array.from({ length: count }, (_, i) => encodePng(4, 4, new Array<number>(16).fill(gray + i)));

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(at('npy'));
  await writeFile(at('npy/x_train.npy'), encodeNpy(numbers([6, 3])));
  await writeFile(at('npy/y_train.npy'), encodeNpy(labels(6)));
  await writeFile(at('npy/x_test.npy'), encodeNpy(numbers([2, 3])));
  await writeFile(at('npy/y_test.npy'), encodeNpy(labels(2)));
  await writeFile(at('other.npy'), encodeNpy(labels(6, 3)));
  await writeFile(at('lonely.npy'), encodeNpy(numbers([6, 3])));
  const [x, y] = [numbers([10, 3, 5, 4]), labels(10)];
  await writeFile(at('images.npz'), await encodeNpz({ x, y }));
  await writeFile(
    at('parts.npz'),
    await encodeNpz({
      x_train: numbers([6, 2]),
      y_train: labels(6),
      x_test: numbers([4, 2]),
      y_test: labels(4),
    }),
  );
  const tensor = (
    name: string,
    dtype: 'F32' | 'I32',
    { shape, data }: ReturnType<typeof numbers | typeof labels>,
  ) => ({
    ...{ name, dtype, shape },
    bytes: new Uint8Array(data.buffer),
  });
  await writeFile(
    at('data.safetensors'),
    encodeSafetensors([tensor('inputs', 'F32', numbers([10, 2])), tensor('labels', 'I32', labels(10))], {}),
  );
  await mkdir(at('hub/data'), { recursive: true });
  const names = ['ant', 'bee'];
  await writeFile(
    at('hub/data/train-00000-of-00002.parquet'),
    huggingFaceFile(pictures(4, 0), [0, 1, 0, 1], names),
  );
  await writeFile(
    at('hub/data/train-00001-of-00002.parquet'),
    huggingFaceFile(pictures(2, 9), [1, 1], names),
  );
  await writeFile(
    at('hub/data/test-00000-of-00001.parquet'),
    huggingFaceFile(pictures(2, 50), [1, 0], names),
  );
  await mkdir(at('kaggle/train-images-idx3-ubyte'), { recursive: true });
  const idx = (shape: number[], value: (i: number) => number) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const header = Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n])]);
    return Buffer.concat([header, Uint8Array.from({ length: count }, (_, i) => value(i))]);
  };
  await writeFile(
    at('kaggle/train-images-idx3-ubyte/train-images-idx3-ubyte'),
    idx([4, 3, 2], (i) => i),
  );
  await writeFile(
    at('kaggle/train-labels.idx1-ubyte'),
    idx([4], (i) => 10 * i),
  );
  await writeFile(
    at('kaggle/t10k-images.idx3-ubyte'),
    idx([2, 3, 2], (i) => i),
  );
  await writeFile(
    at('kaggle/t10k-labels-idx1-ubyte'),
    idx([2], (i) => i),
  );
});

test('npy files with their labels beside them', async () => {
  const { train, test: tests, facts, said } = await loaded({ data: at('npy') });
  expect(facts).toMatchObject({ kind: 'npy arrays', samples: { train: 6, test: 2 }, shape: [3] });
  expect([...train.labels, ...tests.labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  expect(said).toContain(`the labels are those of ${at('npy/y_train.npy')}`);
  const one = await loaded({ data: at('npy/x_train.npy') });
  expect(one.facts).toMatchObject({ testSource: at('npy/x_test.npy'), samples: { train: 6, test: 2 } });
});

test('an npy file whose labels are named, or missing', async () => {
  const { train, test: tests } = await loaded({ data: at('lonely.npy'), label: at('other.npy') });
  expect([train.classes, train.size + tests.size]).toEqual([3, 6]);
  await expect(loaded({ data: at('lonely.npy') })).rejects.toThrow(/lonely.npy: no sample has a label/);
  await expect(loaded({ data: at('lonely.npy'), label: 'kind' })).rejects.toThrow(/there is no file kind/);
});

test('npz: arrays by their names, its own test part, images with channels first are turned', async () => {
  const images = await loaded({ data: at('images.npz') });
  expect(images.facts.shape).toEqual([5, 4, 3]);
  expect(images.said).toContain('images of 3 × 5 × 4 are turned: channels come last, 5 × 4 × 3');
  const parts = await loaded({ data: at('parts.npz') });
  expect(parts.facts.samples).toEqual({ train: 6, test: 4 });
  const named = await loaded({ data: at('parts.npz'), input: 'x_test', label: 'y_test' });
  expect(named.facts.samples).toEqual({ train: 3, test: 1 });
  await expect(loaded({ data: at('parts.npz'), input: 'z' })).rejects.toThrow(/the inputs "z" aren't there/);
});

/** Rows of zeros with a 1 at each one's class. */
const hot = (count: number, classes: number) => ({
  shape: [count, classes],
  data: Float32Array.from({ length: count * classes }, (_, i) =>
    Number(i % classes === Math.floor(i / classes) % classes),
  ),
});

test('labels that are one-hot are taken, and said; others of two dimensions are refused', async () => {
  const said = 'the labels are one-hot: the place of the 1 among 3 is the class';
  const x = numbers([10, 2]);
  await writeFile(at('hot.npz'), await encodeNpz({ x, y: hot(10, 3) }));
  const y = hot(10, 3);
  const tensors = [
    { name: 'x', dtype: 'F32' as const, shape: x.shape, bytes: new Uint8Array(x.data.buffer) },
    { name: 'y', dtype: 'F32' as const, shape: y.shape, bytes: new Uint8Array(y.data.buffer) },
  ];
  await writeFile(at('hot.safetensors'), encodeSafetensors(tensors, {}));
  await writeFile(at('hot_x.npy'), encodeNpy(x));
  await writeFile(at('hot_y.npy'), encodeNpy(y));
  const rows = Array.from({ length: 10 }, (_, i) => ({
    ...{ a: i, b: -i },
    label: [0, 1, 2].map((k) => Number(k === i % 3)),
  }));
  await writeFile(at('hot.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  for (const name of ['hot.npz', 'hot.safetensors', 'hot_x.npy', 'hot.jsonl']) {
    const found = await loaded({ data: at(name) });
    const counts = [0, 1, 2].map(
      (label) => [...found.train.labels, ...found.test.labels].filter((each) => each === label).length,
    );
    expect([name, found.facts.classNames, counts]).toEqual([name, ['0', '1', '2'], [4, 3, 3]]);
    expect(found.said).toContain(said);
  }
  expect((await loaded({ data: at('images.npz') })).said).not.toContain('one-hot');
  const soft = { shape: [10, 3], data: hot(10, 3).data.map((p) => (p === 1 ? 0.9 : 0.05)) };
  const twice = { shape: [10, 3], data: new Float32Array(30).fill(1) };
  const none = { shape: [10, 3], data: new Float32Array(30) };
  for (const wrong of [soft, twice, none]) {
    await writeFile(at('wrong.npz'), await encodeNpz({ x, y: wrong }));
    await expect(loaded({ data: at('wrong.npz') })).rejects.toThrow(
      /the labels \[10,3\]; give one label a sample, or a row of zeros with a single 1/,
    );
  }
});

test('safetensors', async () => {
  const { facts } = await loaded({ data: at('data.safetensors') });
  expect(facts).toMatchObject({ kind: 'safetensors arrays', samples: { train: 8, test: 2 }, shape: [2] });
});

test("Hugging Face's Parquet: a folder, a pattern, a file, and a test set by name", async () => {
  const { train, facts, said } = await loaded({ data: at('hub') });
  expect(facts).toMatchObject({
    samples: { train: 6, test: 2 },
    classNames: ['ant', 'bee'],
    shape: [4, 4, 1],
  });
  expect([...train.labels]).toEqual([0, 1, 0, 1, 1, 1]);
  expect(said).toContain('2 files to learn from');
  const pattern = await loaded({ data: at('hub/data/train-*.parquet') });
  expect(pattern.train.size + pattern.test.size).toBe(6);
  const file = at('hub/data/train-00000-of-00002.parquet');
  const named = await loaded({ data: file, test: at('hub/data/test-00000-of-00001.parquet') });
  expect(named.facts.samples).toEqual({ train: 4, test: 2 });
  await expect(loaded({ data: file, input: 'label,img' })).rejects.toThrow(/--input names several columns/);
  await expect(loaded({ data: file, missing: 'mean' })).rejects.toThrow(/--missing fills in numbers/);
  await expect(loaded({ data: at('hub/*/none*.parquet') })).rejects.toThrow(/no file matches/);
});

test('IDX as archives unpack it, with more than ten classes', async () => {
  const { train, test: tests, facts } = await loaded({ data: at('kaggle') });
  expect(facts).toMatchObject({ kind: 'IDX images', shape: [3, 2, 1], classes: 31 });
  expect([...train.labels]).toEqual([0, 10, 20, 30]);
  expect(tests.classes).toBe(31);
});

test('what is nothing that is read is told', async () => {
  await mkdir(at('empty'), { recursive: true });
  await expect(loaded({ data: at('empty') })).rejects.toThrow(
    /empty: there is no train-images-idx3-ubyte in it/,
  );
  await expect(loaded({ data: '/dev/null' })).rejects.toThrow(/is a pipe or a device/);
  await expect(loaded({ data: at('nowhere') })).rejects.toThrow(/there is no folder .*nowhere, and no file/);
});
