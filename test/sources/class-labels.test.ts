import { describe, expect, test } from 'vitest';
import type { Cell } from '#library/formats/table.js';
import { classLabels } from '#library/sources/class-labels.js';
import { faultOf } from '../support/faults.js';

const found = (values: ArrayLike<Cell>, options = {}) => {
  const { labels, classNames } = classLabels(values, { name: 'x', ...options });
  return [[...labels], classNames];
};

describe('classLabels', () => {
  test.each<[string, ArrayLike<Cell>, number[], string[]]>([
    ['indices', [2, 0, 1], [2, 0, 1], ['0', '1', '2']],
    ['indices with a class missing', Float64Array.of(3, 0, 1), [3, 0, 1], ['0', '1', '2', '3']],
    ['numbers far apart', [255, 0, 7], [2, 0, 1], ['0', '7', '255']],
    ['numbers not from 0', [10, 9, 11], [1, 0, 2], ['9', '10', '11']],
    ['bigints', BigInt64Array.of(1n, 0n) as unknown as ArrayLike<Cell>, [1, 0], ['0', '1']],
    ['truth values', [true, false], [1, 0], ['false', 'true']],
    ['names by code unit', ['b', 'a', 'C', 'b'], [2, 1, 0, 2], ['C', 'a', 'b']],
    ['texts of numbers as numbers', ['10', '2', '33'], [1, 0, 2], ['2', '10', '33']],
    ['007, which is a name', ['007', '10', '2'], [0, 1, 2], ['007', '10', '2']],
    ['numbers among names', ['x', 10, 2], [2, 0, 1], ['10', '2', 'x']],
    ['spaces around', [' a', 'b '], [0, 1], ['a', 'b']],
    ['what is missing', ['a', '', null, 'b', NaN, ' '], [0, -1, -1, 1, -1, -1], ['a', 'b']],
    ['−1 as missing', [1, -1, 0], [1, -1, 0], ['0', '1']],
    ['−1 and 1 as classes', [1, -1, 1], [1, 0, 1], ['-1', '1']],
  ])('takes %s', (_, values, labels, names) => {
    expect(found(values)).toEqual([labels, names]);
  });

  test('finds labels among the training data by name, whatever their order', () => {
    const classNames = ['dog', 'cat', '3'];
    expect(found(['cat', 'dog', '', 3, -1], { classNames })).toEqual([[1, 0, -1, 2, -1], classNames]);
    expect(found([1, 1], { classNames: ['-1', '1'] })[0]).toEqual([1, 1]);
  });

  test('takes whole numbers for what the file says they mean', () => {
    const meanings = ['plane', 'car'];
    expect(found([1n, 0n, -1n], { meanings })).toEqual([[1, 0, -1], meanings]);
    expect(found([1, 0], { meanings, classNames: ['car', 'plane'] })[0]).toEqual([0, 1]);
  });

  test('takes 65,536 classes and no more', async () => {
    const most = Array.from({ length: 65_536 }, (_, i) => `c${i}`);
    expect(classLabels(most, { name: 'x' }).classNames.length).toBe(65_536);
    const error = await faultOf(() => found([...most, 'one more']));
    expect(error.message).toContain('65537 different labels');
  });

  test.each<[ArrayLike<Cell>, object, string]>([
    [[1, 2.5], {}, "x, row 2: the label is 2.5; regression isn't supported"],
    [['0.5', '1', ''], {}, "x, row 1: the label is 0.5; regression isn't supported"],
    [['a', 'zebra'], { classNames: ['a', 'b'] }, 'x, row 2: the label "zebra" is none of the classes a, b'],
    [[0, 5], { meanings: ['a', 'b'] }, 'x, row 2: the label "5" is none of the classes a, b'],
    [[null, ''], {}, 'x: no row has a label'],
    [[[1, 2]], {}, 'x, row 1: the label is a list'],
  ])('refuses %j', async (values, options, message) => {
    const error = await faultOf(() => found(values, options));
    expect(error.code).toBe('bad-file');
    expect(error.message).toContain(message);
  });

  test('takes names that hold points', () => {
    expect(found(['v1.5', 'v2.0'])[1]).toEqual(['v1.5', 'v2.0']);
  });
});
