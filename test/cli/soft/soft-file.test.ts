import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeDataset, select } from 'wasm-distill';
import { encodeNpy, encodeNpz, encodeSafetensors } from 'wasm-distill/formats';
import { bind } from '../../../cli/soft/bind.ts';
import type { Question } from '../../../cli/soft/pieces.ts';
import { readSoft, type SoftAsk } from '../../../cli/soft/soft-file.ts';
import { encoded } from '../../../cli/soft/written.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

const classNames = ['ash', 'birch', 'cedar'];
const values = Float32Array.of(1, 2, 3, 4, 5, 6);
const array = { shape: [2, 3], data: values };

async function found(name: string, content: Uint8Array | string, ask: Partial<SoftAsk> = {}) {
  await writeFile(join(folder, name), content);
  const { values: numbers, ...rest } = await readSoft(join(folder, name), { classNames, ...ask });
  return { numbers: [...numbers], ...rest };
}

const plain = { numbers: [1, 2, 3, 4, 5, 6], rows: 2, columns: 3 };
const bytes = new Uint8Array(values.buffer);
const tensor = (name: string) => ({ name, dtype: 'F32' as const, shape: [2, 3], bytes });

describe('a file of outputs', () => {
  test.each<[string, () => Uint8Array | string, object]>([
    ['npy', () => encodeNpy(array), plain],
    ['one.npy', () => encodeNpy({ shape: [6], data: values }), { ...plain, rows: 6, columns: 1 }],
    ['npz', () => encodeNpz({ anything: array }), plain],
    ['l.npz', () => encodeNpz({ x: array, logits: array }), { ...plain, kind: 'logits' }],
    [
      'p.npz',
      () => encodeNpz({ probabilities: array, temperature: { shape: [], data: Float64Array.of(4) } }),
      { ...plain, kind: 'probabilities', temperature: 4 },
    ],
    [
      'safetensors',
      () => encodeSafetensors([tensor('logits')], { classNames: JSON.stringify(classNames) }),
      { ...plain, kind: 'logits', classNames },
    ],
    ['csv', () => 'a,b,c\n1,2,3\n4,5,6\n', plain],
    ['named.csv', () => 'x,cedar,ash,birch\n9,3,1,2\n9,6,4,5\n', { ...plain, classNames }],
    ['tsv', () => 'a\tb\tc\n1\t2\t3\n4\t5\t6\n', plain],
    ['jsonl', () => '{"probs":[1,2,3]}\n{"probs":[4,5,6]}', { ...plain, kind: 'probabilities' }],
    [
      'parquet',
      () =>
        new Uint8Array(
          parquetWriteBuffer({
            columnData: ['a', 'b', 'c'].map((name, c) => ({
              ...{ name, data: [values[c]!, values[3 + c]!], type: 'DOUBLE' as const },
            })),
          }),
        ),
      plain,
    ],
  ])('%s', async (name, content, expected) => {
    expect(await found(name.includes('.') ? name : `soft.${name}`, content())).toEqual(expected);
  });

  test.each<[number, number, Question]>([
    [5, 3, { what: 'logits', temperature: 1 }],
    [3, 65_536, { what: 'probabilities', temperature: 2.5 }],
    [1500, 1000, { what: 'logits', temperature: 1 }],
  ])('of Parquet, %i rows of %i classes, is read as it was written', async (size, classes, question) => {
    const outputs = Float32Array.from({ length: size * classes }, (_, i) =>
      Math.fround(((i * 7919) % 10007) / 77),
    );
    const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
    const data = { size, classes, classNames: names };
    const written = await encoded('parquet', {
      question,
      values: outputs,
      data,
      transferSet: 'abc',
      teachers: ['d'],
    });
    const path = join(folder, `many-${classes}.parquet`);
    await writeFile(path, written);
    const { values: numbers, ...rest } = await readSoft(path, { classNames: names });
    expect(rest).toEqual({
      ...{ rows: size, columns: classes, kind: question.what, classNames: names, transferSet: 'abc' },
      ...(question.what === 'probabilities' && { temperature: 2.5 }),
    });
    expect(Buffer.from(Float32Array.from(numbers).buffer).equals(Buffer.from(outputs.buffer))).toBe(true);
  });

  test('has ids where these are named', async () => {
    const ids = { shape: [2], data: BigInt64Array.of(7n, 3n) };
    expect(await found('ids.npz', encodeNpz({ key: ids, logits: array }), { id: 'key' })).toMatchObject({
      ids: ['7', '3'],
    });
    expect(await found('ids.csv', 'a,key,b\n1,x,2\n3,y,4\n', { id: 'key' })).toMatchObject({
      ...{ ids: ['x', 'y'], columns: 2, numbers: [1, 2, 3, 4] },
    });
  });

  test.each<[string, string, () => Uint8Array | string, Partial<SoftAsk>, RegExp]>([
    ['ids in an npy', 'a.npy', () => encodeNpy(array), { id: 'key' }, /is one array, which has no ids/],
    ['no such column', 'a.csv', () => 'a,b\n1,2\n', { id: 'key' }, /no column "key"; there are a, b/],
    [
      'several arrays',
      'a.npz',
      () => encodeNpz({ a: array, b: array }),
      {},
      /none of its arrays is called logits, /,
    ],
    [
      'lists of several lengths',
      'a.jsonl',
      () => '{"p":[1,2]}\n{"p":[1]}',
      {},
      /row 2: column "p" has no list of 2/,
    ],
    ['no numbers', 'b.csv', () => 'a,b\nx,y\n', {}, /no column holds numbers or lists/],
    [
      'more dimensions',
      'b.npy',
      () => encodeNpy({ shape: [1, 2, 3], data: values }),
      {},
      /an array of \[1,2,3\] is there/,
    ],
    ['nonsense', 'b.safetensors', () => 'nonsense', {}, /b\.safetensors/],
  ])('is refused: %s', async (_, name, content, ask, sentence) => {
    await expect(found(name, content(), ask)).rejects.toThrow(sentence);
  });
});

describe('rows', () => {
  const data = makeDataset({
    inputs: { shape: [1], values: Uint8Array.of(10, 11, 12, 13) },
    labels: [0, 1, 0, 1],
    classes: 2,
  });
  const parts = [
    { data: select(data, [0, 2, 3]), rows: [0, 2, 3] },
    { data: select(data, [1]), rows: [1] },
  ];
  const soft = (rows: number, more: object = {}) => ({
    ...{ values: Float64Array.from({ length: rows }, (_, i) => i), rows, columns: 1, ...more },
  });
  const bound = async (given: ReturnType<typeof soft>, ids?: string[]) => {
    const one = await bind('f', given, { whole: data, parts, ...(ids && { ids }) });
    return Object.fromEntries(Array.from(one.values, (v, i) => [one.data.inputs.values[i]!, v]));
  };

  test('are all of them, or those to learn from', async () => {
    expect(await bound(soft(4))).toEqual({ 10: 0, 11: 1, 12: 2, 13: 3 });
    expect(await bound(soft(3))).toEqual({ 10: 0, 12: 1, 13: 2 });
    await expect(bound(soft(2))).rejects.toThrow(/2 rows, but the data have 4 training rows \(3 of them/);
  });

  test('are found by ids; images by their paths or names', async () => {
    const paths = ['cat/a.png', 'cat/b.png', 'dog/c.png', 'dog/d.png'];
    expect(await bound(soft(2, { ids: ['dog/d.png', 'cat/b.png'] }), paths)).toEqual({ 13: 0, 11: 1 });
    expect(await bound(soft(2, { ids: ['d.png', 'b.png'] }), paths)).toEqual({ 13: 0, 11: 1 });
    await expect(bound(soft(1, { ids: ['e.png'] }), paths)).rejects.toThrow(
      /none of its ids, such as "e.png"/,
    );
    await expect(bound(soft(2, { ids: ['x', 'x'] }), paths)).rejects.toThrow(/two rows have the id "x"/);
    const twice = ['cat/a.png', 'dog/a.png', 'dog/c.png', 'dog/d.png'];
    await expect(bound(soft(1, { ids: ['c.png'] }), twice)).rejects.toThrow(/none of its ids/);
    await expect(bound(soft(1, { ids: ['a'] }))).rejects.toThrow(/the data have no ids/);
  });
});
