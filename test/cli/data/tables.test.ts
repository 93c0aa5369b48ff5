import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import type { DataOptions } from '../../../cli/data/ask.ts';
import { type LoadedData, loadFurther } from '../../../cli/data/load.ts';
import { inMemory } from '../../../cli/data/stream.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { listeningContext, loaded } from './said.ts';

const further = async (path: string, data: LoadedData, options: DataOptions) =>
  inMemory(await loadFurther(path, data, options, listeningContext().context));

let folder: string;

const at = (name: string) => join(folder, name);

const header = 'length,width,kind';

/** Rows of two kinds, told apart by their length. */
function rows(count: number): string {
  return Array.from(
    { length: count },
    (_, i) => `${i % 2 === 0 ? 1 + i / 100 : 5},${i},${i % 2 === 0 ? 'short' : 'long'}`,
  ).join('\n');
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(at('all.csv'), `${header}\n${rows(20)}\n`);
  await writeFile(at('train.csv'), `${header}\n${rows(10)}\n`);
  await writeFile(at('test.csv'), `kind,length,width\nlong,5,1\nshort,1,2\n`);
  await writeFile(at('unlabeled.csv'), `width,length\n1,5\n2,1\n`);
  await writeFile(at('strange.csv'), `${header}\n1,2,huge\n`);
  await writeFile(at('gaps.csv'), `${header}\n${rows(20)}\n,1,short\n,2,long\n`);
  await writeFile(at('prices.csv'), 'size,price\n1,1.5\n2,2.5\n');
  const objects = Array.from({ length: 10 }, (_, i) => JSON.stringify({ a: i, b: -i, label: i % 3 }));
  await writeFile(at('rows.jsonl.gz'), gzipSync(objects.join('\n')));
  await mkdir(at('kaggle'));
  await writeFile(at('kaggle/train.tsv'), `${header}\n${rows(10)}\n`.replaceAll(',', '\t'));
  await writeFile(at('kaggle/test.tsv'), 'length\twidth\n1\t2\n');
  await mkdir(at('several'));
  await writeFile(at('several/a.csv'), `${header}\n${rows(4)}\n`);
  await writeFile(at('several/b.csv'), `${header}\n${rows(4)}\n`);
  await mkdir(at('mixed'));
  await writeFile(at('mixed/a.csv'), `${header}\n${rows(4)}\n`);
  await writeFile(at('mixed/b.csv'), 'a,b,label\n1,2,x\n');
});

test('a CSV: columns, classes by name, a fifth of each class for tests', async () => {
  const { train, test: tests, facts, said } = await loaded({ data: at('all.csv') });
  expect(facts).toMatchObject({
    kind: 'table',
    samples: { train: 16, test: 4 },
    shape: [2],
    values: 'numbers',
    inputs: ['length', 'width'],
    label: 'kind',
    classNames: ['long', 'short'],
    perClass: [8, 8],
  });
  expect(facts).not.toHaveProperty('imbalanced');
  expect([...tests.labels].sort()).toEqual([0, 0, 1, 1]);
  expect(train.inputs.values).toHaveLength(32);
  expect(said).toContain('rows of 2 numbers (length, width); label "kind"');
  expect(said).toContain('classes: 2, in this order, with training samples: long (8), short (8)');
});

test('train.csv has test.csv beside it, with the columns in any order; --test names another', async () => {
  const { test: tests, facts } = await loaded({ data: at('train.csv') });
  expect(facts).toMatchObject({ testSource: at('test.csv'), samples: { train: 10, test: 2 } });
  expect([...tests.inputs.values]).toEqual([5, 1, 1, 2]);
  expect([...tests.labels]).toEqual([0, 1]);
  const other = await loaded({ data: at('train.csv'), test: at('all.csv') });
  expect(other.facts).toMatchObject({ testSource: at('all.csv'), samples: { train: 10, test: 20 } });
  await expect(loaded({ data: at('train.csv'), test: at('strange.csv') })).rejects.toThrow(
    /row 1: the label "huge" is none of the classes long, short/,
  );
});

test('test data without labels are told and left', async () => {
  const { facts, said } = await loaded({ data: at('kaggle') });
  expect(facts.samples).toEqual({ train: 8, test: 2 });
  expect(said).toContain('nothing in it has a label');
  await expect(loaded({ data: at('train.csv'), test: at('unlabeled.csv') })).rejects.toThrow(
    /unlabeled.csv: no sample has a label/,
  );
});

test('--label and --input by name or number; columns not used are told', async () => {
  const named = await loaded({ data: at('all.csv'), label: 'kind', input: 'width' });
  expect(named.train.inputs.shape).toEqual([1]);
  expect(named.said).toContain('1 column not used: length');
  const numbered = await loaded({ data: at('all.csv'), label: '-1', input: '1,0' });
  expect(numbered.facts).toMatchObject({ label: 'kind', inputs: ['width', 'length'] });
  await expect(loaded({ data: at('all.csv'), label: 'colour' })).rejects.toThrow(
    /the label "colour" is no column: there are "length", "width", "kind"$/,
  );
  await expect(loaded({ data: at('all.csv'), input: 'length,depth' })).rejects.toThrow(
    /the input "depth" is no column/,
  );
  await expect(loaded({ data: at('prices.csv') })).rejects.toThrow(
    /name it with --label, or give --label none/,
  );
  await expect(loaded({ data: at('prices.csv'), label: 'price' })).rejects.toThrow(
    /regression isn't supported/,
  );
});

test('missing numbers are refused, or filled in by the means of the training rows alone', async () => {
  await expect(loaded({ data: at('gaps.csv') })).rejects.toThrow(
    /row 21, column "length" has no value: .*--missing mean/,
  );
  const { train, test: tests, said } = await loaded({ data: at('gaps.csv'), missing: 'mean' });
  expect(train.size + tests.size).toBe(22);
  expect(said).toContain('missing numbers are taken to be the mean');
  const filled = [...train.inputs.values, ...tests.inputs.values].filter(
    (value, i) => i % 2 === 0 && value > 2 && value < 4,
  );
  expect(new Set(filled).size).toBe(1);
  const known = [...train.inputs.values].filter((value, i) => i % 2 === 0 && value !== filled[0]);
  expect(filled[0]).toBeCloseTo(known.reduce((sum, value) => sum + value, 0) / known.length, 5);
});

test('options that a kind has no use for are refused', async () => {
  await expect(loaded({ data: at('all.csv'), size: [8, 8] })).rejects.toThrow(
    /^--size isn't for .*all.csv \(table\); of such options there are --label, --input, --missing$/,
  );
});

test('several tables of one part are one, in the order of their names', async () => {
  for (const data of [at('several'), at('several/?.csv')]) {
    const { train, test: tests, said } = await loaded({ data });
    expect(train.size + tests.size).toBe(8);
    expect(said).toContain('2 files to learn from, in the order of their names');
  }
  await expect(loaded({ data: at('mixed') })).rejects.toThrow(
    /mixed has several tables \(.*a\.csv, .*b\.csv\) of different columns: name one with --data/,
  );
});

test('JSON lines, packed; a validation part and a limit', async () => {
  const { train, validation, test: tests } = await loaded({ data: at('rows.jsonl.gz'), val: 0.5, limit: 6 });
  expect([train.size, validation!.size, tests.size]).toEqual([3, 3, 2]);
  await expect(loaded({ data: at('rows.jsonl.gz'), limit: 9 })).rejects.toThrow(
    /--limit 9 is more than the 8 training samples of .*: give at most 8/,
  );
});

test('further rows are read by the columns of the training rows', async () => {
  const data = await loaded({ data: at('all.csv') });
  const more = await further(at('unlabeled.csv'), data, { data: at('all.csv') });
  expect([...more.inputs.values]).toEqual([5, 1, 1, 2]);
  expect([...more.labels]).toEqual([-1, -1]);
});

test('paths as Windows writes them', async () => {
  const { facts } = await loaded({ data: `${folder}\\kaggle\\train.tsv`.replaceAll('/', '\\') });
  expect(facts.samples.train).toBe(8);
});

test('columns whose digits f32 rounds off are told: times in milliseconds, not their differences', async () => {
  const line = (i: number) => `${1_700_000_000_000 + 50 * i},${50 * i},7.1,${i % 2 ? 'a' : 'b'}`;
  const times = Array.from({ length: 20 }, (_, i) => line(i));
  await writeFile(at('times.csv'), `time,since,constant,kind\n${times.join('\n')}\n`);
  const { said } = await loaded({ data: at('times.csv') });
  expect(said).toContain('1 column with numbers too long for f32, which are rounded: "time"; subtract');
});

test('columns of which a single one is 1 are a label together, also of test data and new rows', async () => {
  const folder = await temporaryFolder();
  const kinds = ['ant', 'bee', 'cat'];
  const table = (rows: number, cell: (k: number, i: number) => string) =>
    `size,is_ant,is_bee,is_cat,depth\n${Array.from(
      { length: rows },
      (_, i) => `${i},${kinds.map((_, k) => cell(k, i)).join(',')},${-i}`,
    ).join('\n')}\n`;
  const file = join(folder, 'dummies.csv');
  const test = join(folder, 'other.csv');
  await writeFile(
    file,
    table(30, (k, i) => String(Number(i % 3 === k))),
  );
  await writeFile(
    test,
    table(6, (k, i) => (i % 3 === k ? 'True' : 'False')),
  );
  const label = 'is_ant,is_bee,is_cat';
  const { train, test: tests, facts, said } = await loaded({ data: file, test, label });
  expect(facts).toMatchObject({
    inputs: ['size', 'depth'],
    label,
    classNames: ['is_ant', 'is_bee', 'is_cat'],
  });
  expect([...train.labels.subarray(0, 4), ...tests.labels]).toEqual([0, 1, 2, 0, 0, 1, 2, 0, 1, 2]);
  expect(said).toContain('the labels are one-hot: the place of the 1 among 3 is the class');
  await writeFile(
    test,
    table(6, () => '1'),
  );
  await expect(loaded({ data: file, test, label })).rejects.toThrow(
    /other\.csv, row 1: the label's columns is_ant,is_bee,is_cat haven't a single 1 among zeros/,
  );
  await expect(loaded({ data: file, label: 'is_ant,is_dog' })).rejects.toThrow(
    /the label "is_ant,is_dog" is no column/,
  );
});
