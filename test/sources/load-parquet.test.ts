import { existsSync, readFileSync } from 'node:fs';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { loadParquet } from '#library/entries/data.js';
import { faultOf } from '../support/faults.js';
import { bytesOf, goldenImages } from '../support/golden-images.js';
import { huggingFaceFile } from '../support/parquet.js';
import { encodePng } from '../support/png.js';

const gray = (value: number) => encodePng(2, 2, [value, value, value, value]);
const names = ['cat', 'dog'];

/** CIFAR-10's test set, or where that is not at hand a file of one picture in the same layout. */
function cifar(): { file: Uint8Array; rows: number } {
  const path = '../shared/data/cifar10-test.parquet';
  if (existsSync(path)) return { file: new Uint8Array(readFileSync(path)), rows: 10_000 };
  const picture = goldenImages.jpeg.find(({ name }) => name === '32 × 32 as in CIFAR-10')!;
  const ten = Array.from({ length: 10 }, (_, i) => String(i));
  return { file: huggingFaceFile([bytesOf(picture.file)], [9], ten), rows: 1 };
}

describe('loadParquet', () => {
  test('reads images and labels with their names', async () => {
    const data = await loadParquet(huggingFaceFile([gray(1), gray(2), gray(3)], [1, 0, -1], names));
    expect(data).toMatchObject({ size: 3, classes: 2, classNames: names });
    expect([...data.labels]).toEqual([1, 0, -1]);
    expect(data.inputs.shape).toEqual([2, 2, 1]);
    expect(data.reading).toEqual({ label: 'label', inputs: ['img'], classNames: names });
  });

  test('maps other files by name', async () => {
    const data = await loadParquet(huggingFaceFile([gray(1)], [0], ['dog', 'cat']), { classNames: names });
    expect([...data.labels]).toEqual([1]);
  });

  test('reads several files, and resizes', async () => {
    const files = [
      huggingFaceFile([gray(1)], [0], names),
      huggingFaceFile([encodePng(4, 3, new Uint8Array(12))], [1], names),
    ];
    const data = await loadParquet(files, { size: 6, channels: 3 });
    expect([data.size, data.inputs.shape, [...data.labels]]).toEqual([2, [6, 6, 3], [0, 1]]);
    expect((await faultOf(() => loadParquet(files))).message).toMatch(
      /the data: row 1, column "img" is 2 × 2 pixels .* and the data: row 2, column "img" 4 × 3: give a size/,
    );
  });

  test('reads CIFAR-10', async () => {
    const { file, rows } = cifar();
    const data = await loadParquet(file);
    expect([data.size, data.inputs.shape, data.classes]).toEqual([rows, [32, 32, 3], 10]);
  });

  test('reads numbers where there are no images', async () => {
    const file = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'x', data: [0.5, 1, 2], type: 'DOUBLE' },
          { name: 'y', data: [3n, 4n, 5n], type: 'INT64' },
          { name: 'species', data: ['b', 'a', 'b'], type: 'STRING' },
        ],
      }),
    );
    const data = await loadParquet(file);
    expect(data.classNames).toEqual(['a', 'b']);
    expect([...data.inputs.values]).toEqual([0.5, 3, 1, 4, 2, 5]);
    expect((await faultOf(() => loadParquet(file, { size: 3 }))).message).toMatch(/no column holds images/);
    expect((await faultOf(() => loadParquet(file, { image: 'x' }))).message).toMatch(
      /row 1, column "x" holds 0.5 where an image's bytes are due/,
    );
    expect((await faultOf(() => loadParquet(file, { image: 'z' }))).message).toMatch(/"z" is no column/);
  });

  test('names the row that has no image', async () => {
    const fault = await faultOf(() => loadParquet(huggingFaceFile([gray(1), null], [0, 1], names)));
    expect(fault.message).toMatch(/row 2, column "img" holds "1.png" where an image's bytes are due/);
  });
});
