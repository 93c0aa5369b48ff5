import { describe, expect, test } from 'vitest';
import { custom, distillation, labels, makeDataset, type SoftTargets, weightedSum } from 'wasm-distill';
import type { Bounds } from '#library/objectives/bounds.js';

/** Four samples of three classes, the last one without a label. */
const data = makeDataset({
  inputs: { shape: [1], values: new Float32Array(4) },
  labels: [0, 1, 0, -1],
  classes: 3,
});
const rows = [
  [0.5, 0.25, 0.25],
  [0, 1, 0],
  [0.75, 0.125, 0.125],
  [0.25, 0.25, 0.5],
];
const soft: SoftTargets = {
  temperature: 4,
  classes: 3,
  augment: [],
  probabilities: Float32Array.from(rows.flat()),
  transferSet: '',
  teachers: [],
};
const hard = [
  [1, 0, 0],
  [0, 1, 0],
  [1, 0, 0],
  [0, 0, 0],
];

/** Mean over the samples of −Σ t·ln q, where q answers each sample by itself, or all alike. */
function crossEntropy(targets: readonly number[][], answer: (row: number) => readonly number[]): number {
  const losses = targets.map((t, r) =>
    t.reduce((sum, v, c) => (v ? sum - v * Math.log(answer(r)[c]!) : sum), 0),
  );
  return losses.reduce((a, b) => a + b) / losses.length;
}

function normalized(t: readonly number[]): number[] {
  const sum = t.reduce((a, b) => a + b);
  return t.map((v) => v / sum);
}

const leastOf = (targets: readonly number[][]) => crossEntropy(targets, (r) => normalized(targets[r]!));
const constantOf = (targets: readonly number[][]) => {
  const mean = normalized(targets[0]!.map((_, c) => targets.reduce((sum, t) => sum + t[c]!, 0)));
  return crossEntropy(targets, () => mean);
};

function expectBounds(found: Bounds | undefined, expected: Bounds): void {
  for (const name of ['least', 'constant', 'hard'] as const)
    expect(found![name], name).toBeCloseTo(expected[name], 12);
}

describe('bounds of the loss', () => {
  test('on labels: 0, and the entropy of the classes', () => {
    const expected = { least: 0, constant: constantOf(hard), hard: 1 };
    expectBounds(labels().bounds!(data), expected);
    expectBounds(labels({ temperature: 4 }).bounds!(data), { ...expected, constant: 16 * expected.constant });
  });

  test('by fusion: entropies of the fused targets, times T²', () => {
    const fused = rows.map((t, r) => t.map((v, c) => 0.8 * v + 0.2 * hard[r]![c]!));
    expectBounds(distillation({ soft, temperature: 4, alpha: 0.2 }).bounds!(data), {
      least: 16 * leastOf(fused),
      constant: 16 * constantOf(fused),
      hard: 0.2,
    });
  });

  test.each([
    ['two-term', { form: 'two-term', alpha: 0.2 }, 0.8 * 16, 0.2],
    ['two-term with a soft weight', { form: 'two-term', alpha: 0.2, softWeight: 3 }, 3, 0.2],
    ['sum', { form: 'sum' }, 1, 1],
  ] as const)('of both terms: %s', (_, options, softWeight, hardWeight) => {
    const [least, constant] = [softWeight * leastOf(rows), softWeight * constantOf(rows)];
    const byLabels = hardWeight * constantOf(hard);
    expectBounds(distillation({ soft, temperature: 4, ...options }).bounds!(data), {
      least,
      constant: constant + byLabels,
      hard: byLabels / (constant + byLabels - least),
    });
  });

  test('over all views of a sample', () => {
    const views = {
      ...soft,
      augment: [{ mirror: true as const }],
      probabilities: Float32Array.from([rows, rows].flat(2)),
    };
    const two = { ...data, size: 4, labels: Int32Array.from([-1, -1, -1, -1]) };
    // Views of sample i are rows 2i and 2i + 1: without labels only the mean of all of them counts.
    const objective = distillation({ soft: views, temperature: 4, alpha: 0 });
    expectBounds(objective.bounds!(two), {
      least: 16 * leastOf(rows),
      constant: 16 * constantOf(rows),
      hard: 0,
    });
  });

  test('of a weighted sum: those of its terms, where all have some', () => {
    const sum = weightedSum([2, labels()], [0.5, labels({ temperature: 2 })]);
    expectBounds(sum.bounds!(data), { least: 0, constant: 4 * constantOf(hard), hard: 1 });
    const own = custom(({ student }) => student.logits);
    expect(own.bounds).toBeUndefined();
    expect(weightedSum([1, labels()], [1, own]).bounds!(data)).toBeUndefined();
    expect(weightedSum([1, labels()], [-1, labels()]).bounds!(data)).toBeUndefined();
  });

  test('where there is nothing to learn', () => {
    const one = makeDataset({
      inputs: { shape: [1], values: new Float32Array(2) },
      labels: [1, 1],
      classes: 2,
    });
    expectBounds(labels().bounds!(one), { least: 0, constant: 0, hard: 0 });
    expectBounds(weightedSum([1, labels()]).bounds!(one), { least: 0, constant: 0, hard: 0 });
  });
});
