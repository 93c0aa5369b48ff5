import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { mlp } from 'wasm-distill';
import { loadTable, readTable, selectRows, standardize, tableDataset } from 'wasm-distill/data';
import { faultOf, utf8 } from '../support/faults.js';

const folder = 'test/fixtures/tables';
/** What NumPy makes of scikit-learn's files. */
const expected = JSON.parse(readFileSync(`${folder}/tables.json`, 'utf8')) as Record<
  string,
  { classNames: string[]; counts: number[]; mean: number[]; deviation: number[]; last: number[] }
>;

describe("scikit-learn's tables", () => {
  test.each(Object.entries(expected))('%s', async (file, { classNames, counts, mean, deviation, last }) => {
    const data = await loadTable(`${folder}/${file}`);
    expect(data.classNames).toEqual(classNames);
    expect(data.classes).toBe(classNames.length);
    expect(counts).toEqual(classNames.map((_, c) => data.labels.filter((label) => label === c).length));
    expect(data.inputs.shape).toEqual([mean.length]);
    expect([...data.inputs.values.slice(-mean.length)]).toEqual(last.slice(0, -1).map(Math.fround));
    const { input } = standardize(mlp([mean.length, classNames.length]), data.inputs);
    expect(input.values).toBe('floats');
    for (const [i, m] of input.normalization!.mean.entries()) expect(m / mean[i]!).toBeCloseTo(1, 6);
    for (const [i, d] of input.normalization!.deviation.entries())
      expect(d / deviation[i]!).toBeCloseTo(1, 5);
  });
});

const animals = 'weight,legs,kind\n4,4,cat\n,2,bird\n0.5,NA,bird\n,?,\n';

describe('loadTable', () => {
  test('takes paths, URLs, Blobs, Files and bytes, packed or not, by name or by how they start', async () => {
    const rows = '{"a": 1, "label": "x"}\n{"a": 2, "label": "y"}\n';
    const sources = [
      [utf8('a,label\n1,x\n2,y\n'), {}],
      [gzipSync('a,label\n1,x\n2,y\n'), {}],
      [new Blob(['a;label\n1;x\n2;y\n']), {}],
      [new File([gzipSync('a\tlabel\n1\tx\n2\ty\n')], 'x.tsv.gz'), {}],
      [new File([rows], 'x.ndjson'), {}],
      [utf8(rows), {}],
      [utf8(`[${rows.trim().replace('\n', ',')}]`), {}],
      [utf8('1|x\n2|y'), { header: false, delimiter: '|', label: 1 }],
      [utf8('a|label\n1|x\n2|y'), { format: 'csv' }],
    ] as const;
    for (const [source, options] of sources) {
      const data = await loadTable(source, options);
      expect([[...data.inputs.values], [...data.labels], data.classNames]).toEqual([
        [1, 2],
        [0, 1],
        ['x', 'y'],
      ]);
    }
    const byUrl = await readTable(pathToFileURL(`${folder}/iris.csv`));
    expect([byUrl.rows, byUrl.columns.length]).toEqual([150, 5]);
  });

  test('reads several files as one table, numbers or not, and refuses other columns', async () => {
    const files = ['a,label\n1,x\n2,\n', 'a,label\n03,y\n'].map(utf8);
    expect(await readTable(files)).toMatchObject({
      rows: 3,
      columns: [
        { name: 'a', values: [1, 2, '03'] },
        { name: 'label', values: ['x', null, 'y'] },
      ],
    });
    const numbers = await readTable([utf8('a,b\n1,2\n'), utf8('a,b\n3,4\n5,6\n')]);
    expect(numbers.columns[1]!.values).toEqual(Float64Array.of(2, 4, 6));
    const data = await loadTable([files[0]!, utf8('a,label\n3,y\n')]);
    expect([[...data.inputs.values], [...data.labels]]).toEqual([
      [1, 2, 3],
      [0, -1, 1],
    ]);
    expect((await faultOf(() => readTable([files[0]!, utf8('b,label\n1,x\n')]))).message).toMatch(
      /has the columns b, label and .* a, label; give files that belong together/,
    );
    expect((await faultOf(() => readTable([]))).code).toBe('bad-argument');
  });

  test('says which file is not there', async () => {
    const error = await faultOf(() => loadTable('test/no-such.csv'));
    expect([error.code, error.message]).toEqual([
      'missing',
      'there is no file test/no-such.csv: check the path',
    ]);
    expect((await faultOf(() => loadTable(5 as never))).code).toBe('bad-argument');
    expect((await faultOf(() => loadTable(utf8('a'), { lable: 'a' } as never))).message).toContain(
      'loadTable has no option lable',
    );
  });

  test('refuses missing values, or fills in the mean; the same in test data', async () => {
    const refused = await faultOf(() => loadTable(utf8(animals)));
    expect(refused.message).toBe(
      `the data: row 2, column "weight" has no value: fill such in by missing: 'mean', or leave out the row or the column`,
    );
    const train = await loadTable(utf8(animals), { missing: 'mean' });
    expect([...train.inputs.values]).toEqual([4, 4, 2.25, 2, 0.5, 3, 2.25, 3]);
    expect([...train.labels]).toEqual([1, 0, 0, -1]);
    expect(train.reading).toEqual({
      label: 'kind',
      inputs: ['weight', 'legs'],
      classNames: ['bird', 'cat'],
      fill: [2.25, 3],
    });

    const like = JSON.parse(JSON.stringify(train.reading)) as typeof train.reading;
    const test = await loadTable(utf8('kind,more,legs,weight\ncat,x,,10\n,y,5,\n'), { like });
    expect([...test.inputs.values]).toEqual([10, 3, 2.25, 5]);
    expect([[...test.labels], test.classNames]).toEqual([
      [1, -1],
      ['bird', 'cat'],
    ]);
    const unlabeled = await loadTable(utf8('weight,legs\n1,2\n'), { like });
    expect([[...unlabeled.labels], unlabeled.classes]).toEqual([[-1], 2]);
    const lacking = await faultOf(() => loadTable(utf8('weight,kind\n1,cat\n'), { like }));
    expect(lacking.message).toContain('the input "legs" is no column: there are "weight", "kind"');
  });

  test('takes means of the training data alone', async () => {
    const { reading } = await loadTable(utf8('a,label\n1,x\n2,y\n'));
    const options = { like: reading, missing: 'mean' } as const;
    const error = await faultOf(() => loadTable(utf8('a,label\n1,x\n,y\n'), options));
    expect(error.message).toContain('like has no means to fill missing values with');
  });

  test('refuses a column without any value to take the mean of', async () => {
    const error = await faultOf(() => loadTable(utf8('a,b,label\n1,,x\n2,,y\n'), { missing: 'mean' }));
    expect(error.message).toBe('the data, column "b" has no value at all: leave it out of the inputs');
  });

  test('takes columns by name and index', async () => {
    const text = utf8('a,b,c,d\n1,2,3,0\n4,5,6,1\n');
    const values = async (options: object) => [...(await loadTable(text, options)).inputs.values];
    expect(await values({ label: 'd' })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await values({ label: -1, inputs: ['c', 0] })).toEqual([3, 1, 6, 4]);
    expect(await values({ label: false })).toEqual([1, 2, 3, 0, 4, 5, 6, 1]);
  });

  test.each([
    [
      {},
      'which column holds the labels? Name it as label, or give label: false for none; there are "a", "b", "c"',
    ],
    [{ label: 'x' }, 'the label "x" is no column: there are "a", "b", "c"'],
    [{ label: 3 }, 'the label is column 3, but there are 3, counted from 0: "a", "b", "c"'],
    [{ label: 'a', inputs: ['b', 'z'] }, 'the input "z" is no column'],
    [{ label: 'a', inputs: ['a'] }, '"a" is given as label and as input'],
    [{ label: 'a', inputs: [] }, 'there is no column of inputs beside the label'],
    [{ label: 'a', missing: 'median' }, `missing is "median"; give 'mean'`],
    [{ label: 'b' }, 'column "b", row 1: the label is 2.5; regression isn\'t supported'],
  ])('refuses %j', async (options, message) => {
    const error = await faultOf(() => loadTable(utf8('a,b,c\n1,2.5,3\n'), options as object));
    expect(error.message).toContain(message);
    expect(['bad-argument', 'bad-file']).toContain(error.code);
  });

  test('finds the label by what it is called, or as the only texts', async () => {
    const label = async (text: string) => (await loadTable(utf8(text))).reading.label;
    expect(await label('Class,b\n1,2\n0,3')).toBe('Class');
    expect(await label('a,b\n1,x\n2,y')).toBe('b');
    expect(await label('a,target,label\n1,1,0\n2,2,1')).toBe('label');
  });

  test('leaves out the index that pandas writes', async () => {
    const { inputs } = await loadTable(utf8(',a,label\n0,5,x\n1,6,y\n'));
    expect([...inputs.values]).toEqual([5, 6]);
    expect([...(await loadTable(utf8(',a,label\n3,5,x\n1,6,y\n'))).inputs.values]).toEqual([3, 5, 1, 6]);
  });

  test('refuses texts among numbers by row and column', async () => {
    const error = await faultOf(() => loadTable(utf8('a,color,label\n1,2,x\n2,red,y\n')));
    expect(error.message).toBe(
      'the data: row 2, column "color" is "red", which is no number: leave the column out by naming the inputs, or give one column of 0 and 1 for each of its values',
    );
  });

  test('takes quoted numbers, truth values and lists', async () => {
    const quoted = await loadTable(utf8('a,label\n"1",x\n"2.5",y\n'), { label: 'label' });
    expect([...quoted.inputs.values]).toEqual([1, 2.5]);
    const lists = await loadTable(
      utf8('{"a": true, "v": [1, 2], "label": 0}\n{"a": false, "v": [3, null], "label": 1}\n'),
      {
        missing: 'mean',
      },
    );
    expect([...lists.inputs.values]).toEqual([1, 1, 2, 0, 3, 2]);
    const image = await loadTable(utf8('{"image": [[1, 2, 3], [4, 5, 6]], "label": 0}'));
    expect(image.inputs.shape).toEqual([2, 3, 1]);
    const ragged = await faultOf(() =>
      loadTable(utf8('{"v": [1, 2], "label": 0}\n{"v": [1], "label": 1}\n')),
    );
    expect(ragged.message).toContain('row 2, column "v" isn\'t a list of 2 numbers as in the first row');
  });

  test('refuses numbers beyond f32', async () => {
    const error = await faultOf(() => loadTable(utf8('a,label\n1e39,x\n')));
    expect(error.message).toContain('number 0 of sample 0 is Infinity');
  });
});

test('selectRows splits a table before means are taken', async () => {
  const table = await readTable(utf8(animals));
  const train = tableDataset(selectRows(table, [0, 1]), { missing: 'mean' });
  const rest = tableDataset(selectRows(table, [3, 2]), { like: train.reading });
  expect([...rest.inputs.values]).toEqual([4, 3, 0.5, 3]);
  expect([...rest.labels]).toEqual([-1, 0]);
  expect((await faultOf(() => selectRows(table, [4]))).message).toBe(
    'there is no row 4: they go from 0 to 3',
  );
});
