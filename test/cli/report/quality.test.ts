import { describe, expect, it } from 'vitest';
import { type Dataset, makeDataset } from 'wasm-distill';
import { leastKnown, qualityOf } from '../../../cli/report/quality.ts';
import { comparisonTable, resultsTable } from '../../../cli/report/table.ts';

const test: Dataset = makeDataset({
  inputs: { shape: [2], values: Float32Array.from({ length: 14 }, (_, i) => i) },
  labels: [0, 0, 1, 1, 2, 2, -1],
  classNames: ['ant', 'bee', 'cat'],
});

/** Probabilities of one who decides so, surer of later samples. */
function deciding(...decisions: number[]): Float32Array {
  return Float32Array.from(
    decisions.flatMap((decision, i) =>
      [0, 1, 2].map((label) => (label === decision ? 0.5 + i / 20 : 0.25 - i / 40)),
    ),
  );
}

const quality = qualityOf(
  {
    ensemble: deciding(0, 1, 1, 2, 2, 2, 0),
    hard: deciding(1, 1, 1, 0, 2, 0, 0),
    distilled: deciding(0, 1, 1, 2, 0, 0, 1),
  },
  test,
);

describe('what teachers and students know', () => {
  it('has the recall of each class by its name', () => {
    expect(quality.recall).toEqual([
      { label: 0, class: 'ant', samples: 2, ensemble: 0.5, hard: 0, distilled: 0.5 },
      { label: 1, class: 'bee', samples: 2, ensemble: 0.5, hard: 0.5, distilled: 0.5 },
      { label: 2, class: 'cat', samples: 2, ensemble: 1, hard: 0.5, distilled: 0 },
    ]);
    expect(leastKnown(quality.recall).map(({ label }) => label)).toEqual([2, 0, 1]);
  });

  it('has the most frequent confusions of either student, before and after distillation', () => {
    expect(quality.confusions).toEqual([
      { label: 0, predicted: 1, ensemble: 1, hard: 2, distilled: 1 },
      { label: 2, predicted: 0, ensemble: 0, hard: 1, distilled: 2 },
      { label: 1, predicted: 0, ensemble: 0, hard: 1, distilled: 0 },
      { label: 1, predicted: 2, ensemble: 1, hard: 0, distilled: 1 },
    ]);
  });

  it('says which samples both get wrong, and which only one; the unlabeled one nobody can', () => {
    const { both, teachersAlone, studentAlone } = quality.wrong;
    expect([both.count, teachersAlone.count, studentAlone.count]).toEqual([2, 0, 2]);
    // The surest first.
    expect(both.samples).toEqual([
      { index: 3, label: 1, ensemble: 2, distilled: 2, row: [6, 7] },
      { index: 1, label: 0, ensemble: 1, distilled: 1, row: [2, 3] },
    ]);
    expect(studentAlone.samples.map(({ index }) => index)).toEqual([5, 4]);
    expect(teachersAlone.samples).toEqual([]);
  });

  it('lists no more than there is room for', () => {
    const classes = 1100;
    const labels = Int32Array.from({ length: classes }, (_, i) => i);
    const many = makeDataset({ inputs: { shape: [1], values: new Uint8Array(classes) }, labels, classes });
    const rotated = new Float32Array(classes * classes);
    for (let i = 0; i < classes; i++) rotated[i * classes + (i < 30 ? i + 1 : i)] = 1;
    const found = qualityOf({ ensemble: rotated, hard: rotated, distilled: rotated }, many);
    expect(found.recall).toHaveLength(20);
    expect(found.recall.every(({ distilled }) => distilled === 0)).toBe(true);
    expect(found.confusions).toHaveLength(10);
    expect([found.wrong.both.count, found.wrong.both.samples.length]).toEqual([30, 12]);
  });
});

describe('tables', () => {
  it('have a dash where something is not known', () => {
    const teacher = { name: 'elsewhere', role: 'teacher', testErrors: 3, accuracy: 0.9 } as const;
    const own = { bytes: 51_234, milliseconds: { one: 0.0123 } };
    const lines = comparisonTable([teacher, { ...teacher, ...own, name: 'own' }]).split('\n');
    expect(lines.slice(1)).toEqual([
      'elsewhere       90.00%       –         –           –',
      'own             90.00%  51,234    0.0123           –',
    ]);
  });

  it('mark what has collapsed, and whose layers are silent', () => {
    const silent = { layer: '4', share: 0.861, epoch: 1 };
    const result = { name: 'student', parameters: 10, testErrors: 5, silent };
    const shown = resultsTable([result, { ...result, collapsed: true }], 10);
    expect(shown).toContain('\nstudent (layer 4 86% silent) ');
    expect(shown).toContain('\nstudent (collapsed, layer 4 86% silent) ');
  });
});
