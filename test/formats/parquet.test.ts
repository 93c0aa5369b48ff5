import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { DistillError } from '#library/errors.js';
import { openParquet, readParquet } from '#library/formats/parquet.js';
import type { Table } from '#library/formats/table.js';
import { huggingFaceFile } from '../support/parquet.js';

const file = (data: ArrayBuffer | Uint8Array, name = 'a.parquet') => ({ name, file: new Uint8Array(data) });
const column = (table: Table, name: string) =>
  Array.from(table.columns.find((one) => one.name === name)!.values);

const pictures = [Uint8Array.of(1, 2), Uint8Array.of(3, 200, 255), Uint8Array.of()];

describe('a Parquet file', () => {
  test('of Hugging Face gives bytes, plain numbers and class names', async () => {
    const table = await readParquet([file(huggingFaceFile(pictures, [1, 0, 1], ['cat', 'dog']))]);
    expect(table.rows).toBe(3);
    expect(table.columns.map(({ name }) => name)).toEqual(['img', 'label']);
    expect(column(table, 'img')).toEqual(pictures);
    expect(column(table, 'label')).toEqual([1, 0, 1]);
    expect(table.classNames).toEqual({ label: ['cat', 'dog'] });
  });

  test('without a picture’s bytes gives its path', async () => {
    const table = await readParquet([file(huggingFaceFile([null], [0], ['cat']))]);
    expect(column(table, 'img')).toEqual(['0.png']);
  });

  test('of every type, with nulls', async () => {
    const data = parquetWriteBuffer({
      columnData: [
        { name: 'text', data: ['a', 'ü', null], type: 'STRING' },
        { name: 'bytes', data: [Uint8Array.of(200), null, Uint8Array.of(1)], type: 'BYTE_ARRAY' },
        { name: 'whole', data: [1, null, -3], type: 'INT32' },
        { name: 'long', data: [5n, 2n ** 60n, null], type: 'INT64' },
        { name: 'float', data: [0.5, null, 3], type: 'FLOAT' },
        { name: 'double', data: [0.1, 1e300, null], type: 'DOUBLE' },
        { name: 'flag', data: [true, false, null], type: 'BOOLEAN' },
        { name: 'day', data: [new Date(0), null, new Date(1000)], type: 'TIMESTAMP' },
        { name: 'json', data: [{ a: 1 }, null, [2]], type: 'JSON' },
      ],
    });
    const table = await readParquet([file(data)]);
    expect(Object.fromEntries(table.columns.map(({ name }) => [name, column(table, name)]))).toEqual({
      text: ['a', 'ü', null],
      bytes: [Uint8Array.of(200), null, Uint8Array.of(1)],
      whole: [1, null, -3],
      long: [5, 2n ** 60n, null],
      float: [0.5, null, 3],
      double: [0.1, 1e300, null],
      flag: [true, false, null],
      day: ['1970-01-01T00:00:00.000Z', null, '1970-01-01T00:00:01.000Z'],
      json: ['{"a":1}', null, [2]],
    });
  });

  test('is read by row groups, some columns, and from slices', async () => {
    const labels = Array.from({ length: 25 }, (_, i) => i % 3);
    const bytes = huggingFaceFile(
      labels.map((label) => Uint8Array.of(label)),
      labels,
      ['a', 'b', 'c'],
      { rowGroupSize: 10 },
    );
    const slices = {
      byteLength: bytes.length,
      slice: async (start: number, end?: number) => new Uint8Array(bytes.subarray(start, end)).buffer,
    };
    const opened = await openParquet(slices, 'a.parquet');
    expect([opened.rows, opened.groups, opened.columns]).toEqual([25, [10, 10, 5], ['img', 'label']]);
    const last = await opened.read(2, ['label']);
    expect(last.columns.map(({ name }) => name)).toEqual(['label']);
    expect(column(last, 'label')).toEqual(labels.slice(20));
    expect(column(await readParquet([file(bytes)]), 'label')).toEqual(labels);
    await expect(opened.read(3)).rejects.toThrow(/no row group 3 of 3/);
    await expect(opened.read(0, ['lable'])).rejects.toThrow(/no column "lable": there are img, label/);
  });

  test('and others of its kind give their rows in order', async () => {
    const one = file(huggingFaceFile(pictures, [1, 0, 1], ['cat', 'dog']));
    const two = file(huggingFaceFile(pictures.slice(1), [0, 0], ['cat', 'dog']), 'b.parquet');
    const table = await readParquet([one, two]);
    expect(table.rows).toBe(5);
    expect(column(table, 'label')).toEqual([1, 0, 1, 0, 0]);
    const other = file(huggingFaceFile(pictures, [0, 0, 0], ['dog', 'cat']), 'c.parquet');
    await expect(readParquet([one, other])).rejects.toThrow(
      /c.parquet and a.parquet name their classes differently/,
    );
    const another = file(parquetWriteBuffer({ columnData: [{ name: 'x', data: [1] }] }), 'd.parquet');
    await expect(readParquet([one, another])).rejects.toThrow(
      /d.parquet has the columns x and a.parquet img, label/,
    );
  });

  test('with metadata that is no JSON is read without names', async () => {
    const data = parquetWriteBuffer({
      columnData: [{ name: 'x', data: [1], type: 'INT32' }],
      kvMetadata: [{ key: 'huggingface', value: '{' }],
    });
    expect((await readParquet([file(data)])).classNames).toEqual({});
  });

  test('that is none, or was cut short, is refused in a sentence', async () => {
    const whole = huggingFaceFile(pictures, [1, 0, 1], ['cat', 'dog']);
    for (const bytes of [
      new Uint8Array(0),
      Uint8Array.of(1, 2, 3),
      whole.subarray(0, 100),
      whole.subarray(50),
    ]) {
      const fault = await readParquet([file(bytes)]).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(DistillError);
      expect(fault).toMatchObject({
        code: 'bad-file',
        message: expect.stringMatching(/^a.parquet: the Parquet file/),
      });
    }
  });
});
