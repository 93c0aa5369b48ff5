import { describe, expect, it } from 'vitest';
import { countParameters, parseShorthand } from 'wasm-distill';
import { nameOf } from '../../robustness/cell.ts';
import { dataSets, HELD_OUT } from '../../robustness/data-sets.ts';
import { GRID, QUICK } from '../../robustness/grid.ts';
import { sizeOf } from '../../robustness/plan.ts';
import { teachers } from '../../robustness/teachers.ts';

describe('the grid', () => {
  it('has at most 150 cells, and a dozen quick ones, each once', () => {
    for (const cells of [GRID, QUICK]) expect(new Set(cells.map(nameOf)).size).toBe(cells.length);
    expect(GRID.length).toBeGreaterThan(120);
    expect(GRID.length).toBeLessThanOrEqual(150);
    expect(QUICK.length).toBe(12);
  });

  it('is plain data that fits together', () => {
    for (const cell of [...GRID, ...QUICK]) {
      expect(JSON.parse(JSON.stringify(cell))).toEqual(cell);
      const { shape, classes, training } = dataSets[cell.data];
      expect(teachers[cell.teacher].data).toBe(cell.data);
      expect(sizeOf(cell.data, cell.size)).toBeLessThanOrEqual(training);
      expect('alpha' in cell).toBe(cell.form !== 'sum');
      for (const network of [cell.student, teachers[cell.teacher].network])
        expect(
          countParameters(parseShorthand(network, { input: { shape }, classes }).architecture),
        ).toBeGreaterThan(0);
    }
  });

  it('has every temperature in every form, every weight, length and size for each data set that recipes may see', () => {
    for (const data of ['mnist', 'fashion', 'digits', 'cifar10'] as const) {
      const cells = GRID.filter((cell) => cell.data === data);
      const pairs = new Set(cells.map(({ T, form }) => `${T} ${form}`));
      for (const T of [1, 2, 4, 8, 20])
        for (const form of ['fusion', 'two-term', 'sum']) expect(pairs).toContain(`${T} ${form}`);
      const values = (name: keyof (typeof cells)[number]) => [...new Set(cells.map((cell) => cell[name]))];
      expect(values('alpha')).toEqual(expect.arrayContaining([0, 0.1, 0.5]));
      expect(values('steps')).toEqual(expect.arrayContaining([400, 2000]));
      expect(values('size')).toEqual(
        expect.arrayContaining(data === 'digits' ? [600, 'all'] : [600, 1800, 5000, 'all']),
      );
      expect(values('seed')).toEqual([1, 2]);
    }
    for (const data of HELD_OUT) expect(GRID.filter((cell) => cell.data === data).length).toBeGreaterThan(5);
  });
});
