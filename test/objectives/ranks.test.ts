import { afterAll, describe, expect, test } from 'vitest';
import { createEngine, mlp, train, weightsSha256 } from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import { darkRank, darkRankLoss, labels, type RankingOptions, weightedSum } from 'wasm-distill/objectives';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';
import { evaluate } from '../support/golden-values.ts';

const data = syntheticData(130);
const engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
afterAll(() => Promise.all(engines.map((engine) => engine.close())));
const one = engines[0]!;

const units = 24;
const features = Float32Array.from({ length: 130 * units }, (_, i) => ((i * 48271) % 2147483647) / 2 ** 31);
const kept = { features, units };
const learned = (options: RankingOptions, { engine = one, batch = 20 } = {}) =>
  train(engine, {
    architecture: mlp([144, 12, 10], { input: byteInput }),
    data,
    epochs: 2,
    seed: 2,
    batch,
    objective: weightedSum([1, labels()], [0.1, darkRank({ ...kept, normalize: true, ...options })]),
  });

const on = [
  ['in float64', undefined],
  ['in wasm', one],
] as const;

describe.each(on)('%s', (_, engine) => {
  test('of two samples at one distance the earlier is ranked first', async () => {
    const student = variable('student', [4, 1]);
    const teacher = variable('teacher', [4, 1]);
    const inputs = [
      { variable: student, values: Float32Array.of(0, 1, 0.5, 0.25) },
      { variable: teacher, values: Float32Array.of(0, 1, -1, 2) },
    ];
    const loss = darkRankLoss(student, teacher, { length: 2, alpha: 1, beta: 2 });
    const [losses] = await evaluate(engine, inputs, [loss]);
    // The first one's neighbors are 1 and −1, at scores −1 and −1/4; the second one's 0 and 2: −1 and −9/16.
    expect(losses![0]).toBeCloseTo(Math.log(Math.exp(-1) + Math.exp(-1 / 4)) + 1, 6);
    expect(losses![1]).toBeCloseTo(Math.log(Math.exp(-1) + Math.exp(-9 / 16)) + 1, 6);
  });

  test.each([
    { ranking: 'hard' },
    { ranking: 'soft' },
    { ranking: 'hard', form: 'common' },
    { ranking: 'soft', form: 'common' },
  ] as const)('%o of equal samples is that of even chances, and nothing moves', async (options) => {
    const [student, teacher] = ['student', 'teacher'].map((name) => variable(name, [6, 3])) as [
      Tensor & { op: 'variable' },
      Tensor & { op: 'variable' },
    ];
    const loss = darkRankLoss(student, teacher, options);
    const slopes = gradients(ops.mean(loss), [student]);
    for (const value of [0, 0.7]) {
      const inputs = [student, teacher].map((v) => ({
        variable: v as never,
        values: new Float32Array(18).fill(value),
      }));
      const [mean, slope] = await evaluate(engine, inputs, [ops.mean(loss), ...slopes]);
      const orders = options.ranking === 'hard' && 'form' in options ? 120 : 24;
      expect(mean![0]).toBeCloseTo(Math.log(orders), 5);
      for (const s of Array.from(slope!)) expect(Math.abs(s)).toBeLessThan(1e-6);
    }
  });

  test('in the common form the first half are queries, and the mean is over these', async () => {
    const student = variable('student', [7, 2]);
    const teacher = variable('teacher', [7, 2]);
    const numbers = (seed: number) => Float32Array.from({ length: 14 }, (_, i) => Math.sin(seed * (i + 1)));
    const inputs = [
      { variable: student, values: numbers(1) },
      { variable: teacher, values: numbers(2) },
    ];
    const options = { ranking: 'soft', alpha: 12.25, beta: 4, normalize: true } as const;
    const [common, paper] = await evaluate(engine, inputs, [
      darkRankLoss(student, teacher, { ...options, form: 'common' }),
      darkRankLoss(student, teacher, options),
    ]);
    expect(Array.from(common!).slice(3)).toEqual([0, 0, 0, 0]);
    for (let i = 0; i < 3; i++) expect(common![i]! / paper![i]!).toBeCloseTo(7 / 3, 5);
  });
});

test.each([
  { ranking: 'soft' },
  { ranking: 'soft', length: 6 },
  { form: 'common' },
  { ranking: 'soft', form: 'common' },
] as const)('%o gives the same bits whatever the number of threads', async (options) => {
  const hashes = [];
  for (const engine of engines) hashes.push(await weightsSha256(await learned(options, { engine })));
  expect(hashes[1]).toBe(hashes[0]);
  expect(hashes[2]).toBe(hashes[0]);
});

test('says what is wrong before anything trains', async () => {
  await expect(learned({}, { batch: 4 })).rejects.toThrow(
    /ranks 4 samples .* batches of at least 5, not 4: .* a shorter list/,
  );
  await expect(learned({ form: 'common' }, { batch: 2 })).rejects.toThrow(/at least 3, not 2/);
  expect(() => darkRank({ ...kept, form: 'common', length: 4 })).toThrow(/leave out length/);
  for (const wrong of [{ length: 1 }, { length: 7 }, { beta: 0 }, { beta: 1.5 }, { alpha: 0 }])
    expect(() => darkRank({ ...kept, ...wrong })).toThrow(Object.keys(wrong)[0]);
  expect(() => darkRank({ ...kept, ranking: 'any' as 'hard' })).toThrow(/ranking/);
});

test('the spec says what is ranked and how', () => {
  const spec = { kind: 'darkrank', ranking: 'hard', alpha: 3, beta: 3, form: 'paper', normalize: false };
  expect(darkRank(kept).spec).toEqual({ ...spec, length: 4 });
  const common = { ...spec, alpha: 12.25, beta: 4, form: 'common', normalize: true };
  expect(darkRank({ ...kept, form: 'common' }).spec).toEqual(common);
});
