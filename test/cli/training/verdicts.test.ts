import { describe, expect, it } from 'vitest';
import { learnedBy } from '../../../cli/options/objective.ts';
import { spreadOf } from '../../../cli/report/spread.ts';
import { onCollapse, onKnown, onStudent, onTeachers } from '../../../cli/training/verdicts.ts';

describe('what is told', () => {
  it('teachers in files that know hardly more than which class is frequent', () => {
    const known = { file: 'big.st', part: 'test', samples: 1000, constantErrors: 900 } as const;
    expect(onKnown({ ...known, errors: 809 })).toBeUndefined();
    expect(onKnown({ ...known, errors: 810 })).toMatch(
      /^the teacher big\.st makes 810 errors on 1,000 test samples, hardly fewer than .* \(900\): /,
    );
    expect(onKnown({ ...known, errors: 0, constantErrors: 0 })).toBeUndefined();
  });

  it('teachers that know no more than the student on labels', () => {
    const of = '10,000 test samples';
    expect(onTeachers({ teachers: 2, ensemble: 519, hard: 520, of })).toBeUndefined();
    expect(onTeachers({ teachers: 2, ensemble: 520, hard: 520, of })).toMatch(
      /^the 2 teachers together make 520 errors on 10,000 test samples, no fewer than .* \(520\).*--teacher-epochs/,
    );
    expect(onTeachers({ teachers: 1, ensemble: 9, hard: 8, of })).toMatch(/^the teacher makes 9 errors/);
  });

  it('students worse than on labels, and whether that may be chance', () => {
    const soft = learnedBy({ objective: undefined });
    expect(onStudent(100, 100, soft)).toBeUndefined();
    expect(onStudent(100, 120, soft)).toMatch(/120 errors, more than the 100 .*may be chance.*--temperature/);
    expect(onStudent(100, 200, soft)).not.toMatch(/chance/);
  });

  it('of such students only what their objectives have', () => {
    const helps = (objective?: string) => onStudent(100, 200, learnedBy({ objective }))!.split(': ')[1];
    expect(helps()).toBe(
      'better teachers, more epochs (--epochs) or another temperature (--temperature 2 to 8) help most',
    );
    expect(helps('darkrank')).toBe(
      'better teachers, more epochs (--epochs) or other weights (--weight) help most',
    );
    expect(helps('kd+at')).toMatch(/\(--weight\) or another temperature/);
    expect(helps('symmetric-attention')).toBe('more epochs (--epochs) or other weights (--weight) help most');
  });

  it('networks that have collapsed', () => {
    expect(onCollapse({ name: 'teacher 1' })).toBeUndefined();
    expect(onCollapse({ name: 'teacher 1', collapsed: true })).toMatch(
      /^teacher 1 has collapsed, .*: train it/,
    );
  });
});

describe('spreadOf', () => {
  it('has the deviation of a sample', () => {
    expect(spreadOf([2, 4, 6])).toEqual({ mean: 4, deviation: 2 });
    expect(spreadOf([7])).toEqual({ mean: 7, deviation: 0 });
  });
});
