import { describe, expect, test } from 'vitest';
import { parseJsonl } from '#library/formats/jsonl.js';
import { faultOf, utf8 } from '../support/faults.js';

describe('parseJsonl', () => {
  test('reads objects by line; what a row lacks is null', () => {
    expect(parseJsonl(utf8('\ufeff{"a": 1, "b": "x"}\r\n\n{"b": [1, [2]], "c": true}\n'), 'x.jsonl')).toEqual(
      {
        rows: 2,
        columns: [
          { name: 'a', values: [1, null] },
          { name: 'b', values: ['x', [1, [2]]] },
          { name: 'c', values: [null, true] },
        ],
      },
    );
  });

  test('reads one list of objects', () => {
    expect(parseJsonl(utf8(' [{"a": 1},\n {"a": null}]'), 'x.json').columns).toEqual([
      { name: 'a', values: [1, null] },
    ]);
  });

  test('keeps columns with names of prototypes apart', () => {
    const { columns } = parseJsonl(utf8('{"__proto__": 1, "constructor": 2}'), 'x');
    expect(columns.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  test.each([
    ['', 'there is no row in it'],
    ['{}', 'there is no row in it'],
    ['{"a": 1}\n{"a": }', "line 2 isn't JSON"],
    ['{"a": 1}\n5', 'line 2 is 5, not an object'],
    ['[1, 2]', 'element 0 is 1, not an object'],
    ['{"a": {"b": 1}}', 'line 1 has "a" as an object'],
    [`{"a": ${'['.repeat(5000)}${']'.repeat(5000)}}`, 'line 1 has "a" as an object'],
  ])('refuses %.20s', async (text, message) => {
    const error = await faultOf(() => parseJsonl(utf8(text), 'x.jsonl'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^x\.jsonl: /);
  });
});
