import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvOptions, parseCsv } from '#library/formats/csv.js';
import { faultOf, utf8 } from '../support/faults.js';

/** A table as rows under its columns' names. */
function rowsOf(text: string | Uint8Array, options?: CsvOptions, name = 'x.csv'): unknown[][] {
  const { rows, columns } = parseCsv(typeof text === 'string' ? utf8(text) : text, name, options);
  return [
    columns.map((column) => column.name),
    ...Array.from({ length: rows }, (_, i) => columns.map(({ values }) => values[i])),
  ];
}

describe('parseCsv', () => {
  test('reads names, numbers, texts and empty cells', () => {
    expect(rowsOf('a,b,c\n1,x,\n-2.5e3,,007\n')).toEqual([
      ['a', 'b', 'c'],
      [1, 'x', null],
      [-2500, null, '007'],
    ]);
  });

  test('gives columns of numbers as numbers', () => {
    const { columns } = parseCsv(utf8('a,b\n1,x\n2,3\n'), 'x.csv');
    expect(columns[0]!.values).toEqual(Float64Array.of(1, 2));
    expect(columns[1]!.values).toEqual(['x', 3]);
  });

  test.each([
    [
      'quotes, doubled ones, separators and line ends within',
      'a,"b ""q"""\n"x,y","1\r\n2"\n',
      [
        ['a', 'b "q"'],
        ['x,y', '1\r\n2'],
      ],
    ],
    [
      'numbers in quotes as text',
      'a,b\n"1",2',
      [
        ['a', 'b'],
        ['1', 2],
      ],
    ],
    [
      'a mark, CRLF and no last line end',
      '\ufeffa,b\r\n1,2\r\n3,4',
      [
        ['a', 'b'],
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'line ends of old',
      'a,b\r1,2\r3,4\r',
      [
        ['a', 'b'],
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'empty lines',
      '\n\na,b\n\n1,2\n\n\n3,4\n\n',
      [
        ['a', 'b'],
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'spaces around',
      'a , b\n 1 , x y \n',
      [
        ['a', 'b'],
        [1, 'x y'],
      ],
    ],
    [
      'quotes within',
      'a,b\n5"x,y',
      [
        ['a', 'b'],
        ['5"x', 'y'],
      ],
    ],
    [
      'no names',
      '1,2\n3,4\n',
      [
        ['0', '1'],
        [1, 2],
        [3, 4],
      ],
    ],
    ['one column', 'a\n1\n2', [['a'], [1], [2]]],
    [
      'beyond ASCII',
      'Größe,b\nKäse 😀,2',
      [
        ['Größe', 'b'],
        ['Käse 😀', 2],
      ],
    ],
    [
      'semicolons',
      'a;b\n1;"x;y"',
      [
        ['a', 'b'],
        [1, 'x;y'],
      ],
    ],
    [
      'tabs',
      'a\tb\tc, d\n1\t2\t3, 4',
      [
        ['a', 'b', 'c, d'],
        [1, 2, '3, 4'],
      ],
    ],
  ])('reads %s', (_, text, rows) => {
    expect(rowsOf(text)).toEqual(rows);
  });

  test('takes the delimiter and the header as told', () => {
    expect(rowsOf('a|b,c\n1|2,3', { delimiter: '|' })).toEqual([
      ['a', 'b,c'],
      [1, '2,3'],
    ]);
    expect(rowsOf('x,y\n1,2', { header: false })).toEqual([
      ['0', '1'],
      ['x', 'y'],
      [1, 2],
    ]);
    expect(rowsOf('1,2\n3,4', { header: true })).toEqual([
      ['1', '2'],
      [3, 4],
    ]);
    expect(rowsOf('a,a,a\tb\n1,1,1\t2', {}, 'x.TSV')).toEqual([
      ['a,a,a', 'b'],
      ['1,1,1', 2],
    ]);
  });

  test('reads UTF-16 with its mark, and shared memory', () => {
    const wide = Buffer.from('\ufeffa\tä\n1\t2', 'utf16le');
    expect(rowsOf(wide)).toEqual([
      ['a', 'ä'],
      [1, 2],
    ]);
    expect(rowsOf(Buffer.from(wide).swap16())).toEqual([
      ['a', 'ä'],
      [1, 2],
    ]);
    const text = utf8('xy,ä\n1,z34');
    const shared = new Uint8Array(new SharedArrayBuffer(text.length));
    shared.set(text);
    expect(rowsOf(shared)).toEqual([
      ['xy', 'ä'],
      [1, 'z34'],
    ]);
  });

  test("understands scikit-learn's first row", async () => {
    const table = parseCsv(utf8('2,3,cat,dog\n1,2,3,0\n4,5,6,1\n'), 'x.csv');
    expect(table.rows).toBe(2);
    expect(table.classNames).toEqual({ 3: ['cat', 'dog'] });
    expect(table.columns.map(({ name }) => name)).toEqual(['0', '1', '2', '3']);
    const cut = await faultOf(() => parseCsv(utf8('3,3,cat,dog\n1,2,3,0\n4,5,6,1\n'), 'x.csv'));
    expect(cut.message).toContain('says that 3 follow, but there are 2');
  });

  test('reads every number as JavaScript does', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1000),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    );
    const written = number.chain((n) =>
      fc.constantFrom(String(n), n.toFixed(3), n.toExponential(), n.toPrecision(15)).map(String),
    );
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 5 }), (texts) => {
        const { columns } = parseCsv(utf8(`${texts.join(',')}\n`), 'x.csv', { header: false });
        expect(columns.map(({ values }) => values[0])).toEqual(texts.map(Number));
      }),
      { numRuns: 2000 },
    );
  });

  test('reads any texts back that were quoted', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 30 });
    const row = fc.tuple(cell, cell, cell);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        const text = rows
          .map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(','))
          .join('\n');
        expect(rowsOf(text, { header: false, delimiter: ',' }).slice(1)).toEqual(rows);
      }),
    );
  });

  test.each([
    [
      'a,b\n1,2\n\n3\n',
      'x.csv: row 2 (line 4) has 1 cell where 2 are expected; give all rows the same columns',
    ],
    [
      'a,b\n"x\ny",2\n3,4,5,6\n',
      'x.csv: row 2 (line 4) has 4 cells where 2 are expected; give all rows the same columns',
    ],
    ['a,b\n1,"2\n3,4', `x.csv: row 1 (line 2) has a quote that doesn't end; write "" for one in a text`],
    [
      'a,b\n1,"2" 3\n',
      'x.csv: row 1 (line 2) has something after a closing quote; write "" for a quote within a text',
    ],
    ['', 'x.csv: there is no row in it; give a file with some'],
    ['a,b\n\n', "x.csv: there is no row after the columns' names; give a file with some"],
  ])('refuses %j', async (text, message) => {
    const error = await faultOf(() => parseCsv(utf8(text), 'x.csv'));
    expect([error.code, error.message]).toEqual(['bad-file', message]);
  });

  test('refuses other encodings, and options that mean nothing', async () => {
    const latin1 = Buffer.from('a,b\n1,Käse\n', 'latin1');
    expect((await faultOf(() => parseCsv(latin1, 'x.csv'))).message).toContain(
      "row 1 (line 2) has a text that isn't UTF-8",
    );
    for (const options of [
      { delimiter: ',,' },
      { delimiter: '"' },
      { delimiter: '5' },
      { header: 1 },
      { sep: ',' },
    ])
      expect((await faultOf(() => parseCsv(utf8('a'), 'x', options as CsvOptions))).code).toBe(
        'bad-argument',
      );
  });

  test('takes memory by the bytes there are, not by what they could stand for', async () => {
    const wide = `${'a,'.repeat(100_000)}b\n${'\n'.repeat(300_000)}1\n`;
    expect((await faultOf(() => parseCsv(utf8(wide), 'x.csv'))).message).toContain('has 1 cell where 100001');
  });
});
