import { describe, expect, it } from 'vitest';
import type { Cell } from '../../robustness/cell.ts';
import { documentOf, markdownOf } from '../../robustness/report.ts';
import { deviation, judge, type Measured, parts, summarize } from '../../robustness/statistics.ts';

const CELL: Cell = {
  ...{ data: 'mnist', size: 1800, teacher: 'mnist-conv', student: '100,100' },
  ...{ T: 4, form: 'fusion', alpha: 0.1, steps: 2000, seed: 1 },
};

/** A cell's errors among 10,000 samples, of which a constant answer gets 9,000 wrong. */
function measured(labels: number, distilled: number, cell: Partial<Cell> = {}): Measured {
  const count = (errors: number) => ({ errors, collapsed: false });
  return {
    ...{ cell: { ...CELL, ...cell }, of: 10_000, constant: 9000, teacher: count(70) },
    ...{ labels: count(labels), distilled: count(distilled) },
  };
}

describe('what is said of cells', () => {
  it('calls a student worse beyond two deviations of the difference', () => {
    // Of 400 among 10,000 the variance is 400 · 0.96 = 384, of 455 it is 434.3: 2 · √818.3 = 57.2.
    expect(deviation(400, 455, 10_000)).toBeCloseTo(28.606, 3);
    const verdicts = judge([measured(400, 455), measured(400, 458), measured(458, 400)]);
    expect(verdicts.map(({ worse }) => worse)).toEqual([false, true, false]);
  });

  it('calls dead what is more than half of the way from the best to a constant answer', () => {
    const verdicts = judge([
      measured(1000, 5000),
      measured(5001, 2000),
      measured(6000, 9000),
      measured(4000, 5500, { size: 600 }),
      measured(4000, 6600, { size: 600 }),
      measured(6600, 4000, { data: 'fashion', size: 600 }),
    ]);
    expect(verdicts.map(({ dead }) => dead)).toEqual([
      [],
      ['labels'],
      ['labels', 'distilled'],
      [],
      ['distilled'],
      ['labels'],
    ]);
  });

  it('takes no errors at all for half an error', () => {
    expect(judge([measured(10, 0), measured(0, 2), measured(0, 0)]).map(({ ratio }) => ratio)).toEqual([
      0.05, 4, 1,
    ]);
  });

  it('sums up, with the ratio of up to 5,000 samples alone', () => {
    const told = measured(400, 500, { size: 'all' });
    const judged = judge([
      measured(800, 400),
      measured(400, 800, { size: 5000 }),
      measured(400, 100, { size: 600 }),
      { ...told, labels: { ...told.labels, collapsed: true } },
    ]);
    const { ratio, ...rest } = summarize(judged);
    expect(rest).toEqual({ cells: 4, dead: 0, collapsed: 1, worse: 2, notWorse: 0.5, small: 3 });
    expect(ratio).toBeCloseTo((0.5 * 2 * 0.25) ** (1 / 3), 12);
    expect(summarize(judged.slice(3)).ratio).toBeNaN();
  });

  it('keeps data sets apart that recipes were not tuned on', () => {
    const judged = judge([measured(4, 3), measured(5, 5, { data: 'letters' }), measured(4, 4, { T: 1 })]);
    expect(parts(judged).map(([name, { length }]) => [name, length])).toEqual([
      ['all but held out', 2],
      ['held out', 1],
      ['mnist', 2],
      ['letters', 1],
    ]);
  });
});

describe('the document', () => {
  const judged = judge([measured(1000, 800), measured(1000, 8999, { T: 20, form: 'sum' })]);

  it('has a row for each cell, with what is wrong', () => {
    const text = markdownOf({ judged, of: 3 });
    expect(text).toMatch(/^2 of 3 cells measured\.\n/);
    expect(text).toContain('| 1,800 | `100,100` | 4 | fusion | 0.1 | 2,000 | 1 | 1,000 | 800 | 0.80 |  |');
    expect(text).toContain('| 1,000 | 8,999 | 9.00 | distilled dead, worse |');
    expect(text).toContain('| mnist | 2 | 1 | 0 | 1 | 50.0% | 2.683 (2) |');
  });

  it('keeps what was written above by hand', () => {
    const first = documentOf(undefined, { judged, of: 2 });
    expect(first).toMatch(/^# Robustness\n\n<!-- .* -->\n\n2 of 2 cells measured/);
    const edited = first.replace('# Robustness', '# Title\n\nBy hand.');
    const part = { judged: judged.slice(0, 1), of: 1 };
    expect(documentOf(edited, part)).toBe(documentOf('# Title\n\nBy hand.\n', part));
  });
});
