import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import {
  darkRankLoss,
  type NeighborForm,
  probabilisticLoss,
  type RankingOptions,
  type TripletForm,
  tripletLoss,
  verificationLoss,
} from 'wasm-distill/objectives';
import { evaluate, type Input, type Numbers, readGolden } from '../support/golden-values.ts';

/*
 * Losses between samples, one by one, against PyTorch in float64: scripts/make_golden_pairs.py makes the file. One of the
 * samples has no label.
 */

type Options = TripletForm & RankingOptions & NeighborForm;

interface Golden {
  inputs: Record<'student' | 'teacher' | 'labels', Numbers>;
  rows: Record<string, { options: Options; losses: Numbers; gradient: Numbers }>;
}

const golden = readGolden<Golden>('pairs.json');
const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

describe.each(Object.entries(golden.rows))('%s', (name, { options, losses, gradient }) => {
  test.each([
    ['in float64', undefined, 1e-9],
    ['in wasm', engine, 1e-5],
  ] as const)('%s is what PyTorch computes, and so is its gradient', async (_, on, tolerance) => {
    const { student, teacher, labels } = golden.inputs;
    const given = {
      student: variable('student', student.shape),
      teacher: variable('teacher', teacher.shape),
      labels: variable('labels', labels.shape, 'i32'),
    };
    const loss = lossOf(name, given, options);
    const [slopes] = gradients(ops.mean(loss), [given.student]);
    const inputs: Input[] = [
      { variable: given.student, values: Float32Array.from(student.data) },
      { variable: given.teacher, values: Float32Array.from(teacher.data) },
      { variable: given.labels, values: Int32Array.from(labels.data) },
    ];
    const got = await evaluate(on, inputs, [loss, slopes!]);
    for (const [i, expected] of [losses, gradient].entries()) expectAlike(got[i]!, expected.data, tolerance);
  });
});

function lossOf(
  name: string,
  { student, teacher, labels }: Record<'student' | 'teacher' | 'labels', Tensor>,
  options: Options,
): Tensor {
  const batch = { embeddings: student, labels, classes: 3 };
  if (name === 'probabilistic') return probabilisticLoss(student, teacher, options as NeighborForm);
  if (name.startsWith('verification')) return verificationLoss(batch, options);
  return name.startsWith('triplet') ? tripletLoss(batch, options) : darkRankLoss(student, teacher, options);
}

/** Up to the tolerance of the greatest number. */
function expectAlike(got: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(got.length).toBe(expected.length);
  const greatest = Math.max(1, ...expected.map(Math.abs));
  for (const [i, value] of expected.entries())
    expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(2 * tolerance * greatest);
}
