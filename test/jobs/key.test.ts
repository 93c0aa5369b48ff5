import { describe, expect, it } from 'vitest';
import { createEngine, mlp } from 'wasm-distill';
import {
  dataSha256,
  differences,
  type EvaluateJob,
  jsonSha256,
  keyOf,
  type OutputsJob,
  outputsOf,
  type TrainJob,
} from 'wasm-distill/jobs';
import { syntheticData } from '../support/golden.ts';
import { runnerOver, setting } from './jobs.ts';

/** Other data of the same shape: only their hash differs. */
const other = { name: 'other data', sha256: 'f'.repeat(64) };

describe('the key of a training', () => {
  it('is a hash, whatever runner and threads', async () => {
    const key = await runnerOver().key(setting.student);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    await using engine = await createEngine({ threads: 1 });
    expect(await runnerOver(undefined, { engine }).key(setting.student)).toBe(key);
  });

  it('does not depend on what only people read, nor on the order of names', async () => {
    const { student, teacher, data } = setting;
    const key = await runnerOver().key(student);
    const renamed: TrainJob = {
      ...student,
      title: 'another title',
      data: { ...data, name: 'another name' },
      lesson: { temperature: 4, teachers: [{ ...teacher, title: 'master' }], kind: 'distillation' },
    };
    const reversed = Object.fromEntries(Object.entries(renamed).reverse()) as unknown as TrainJob;
    expect(await runnerOver().key(reversed)).toBe(key);
  });

  it('depends on everything that decides bits, its test data included', async () => {
    const { student, teacher } = setting;
    const taught = { kind: 'distillation', teachers: [teacher], temperature: 4 } as const;
    const shifted = { ...student, augment: [{ shift: 1 }] };
    const variants: TrainJob[] = [
      student,
      { ...student, architecture: mlp([144, 14, 10]) },
      { ...student, architecture: mlp([144, 13, 10], { dropout: { hidden: 0.1 } }) },
      { ...student, data: other },
      { ...student, test: other },
      { ...student, epochs: 4 },
      { ...student, seed: 2 },
      { ...student, batch: 51 },
      { ...student, recipe: { rate: 0.05 } },
      { ...student, recipe: { rate: 0.05, clip: 1 } },
      shifted,
      { ...shifted, augment: [{ shift: 1 }, { mirror: true }] },
      { ...student, unlabeled: 0.5 },
      { ...student, initial: { ...student, seed: 3 } },
      { ...student, initial: { ...student, seed: 4 } },
      { ...student, initial: { kind: 'model', name: 'a', sha256: 'aa' } },
      { ...student, initial: { kind: 'model', name: 'a', sha256: 'bb' } },
      { ...student, validation: other },
      { ...student, validation: { ...other, sha256: 'aa' } },
      { ...student, validation: other, keep: 'best' },
      { ...student, lesson: { kind: 'labels', temperature: 4 } },
      { ...student, lesson: { ...taught, form: 'sum' } },
      { ...student, lesson: { kind: 'labels' } },
      { ...student, lesson: { kind: 'logits', teachers: [teacher] } },
      { ...student, lesson: { ...taught, temperature: 5 } },
      { ...student, lesson: { ...taught, alpha: 0.2 } },
      { ...student, lesson: { ...taught, form: 'two-term' } },
      { ...student, lesson: { ...taught, form: 'two-term', softWeight: 1 } },
      { ...student, lesson: { ...taught, teachers: [{ ...teacher, seed: 2 }] } },
      { ...student, lesson: { ...taught, teachers: [teacher, { ...teacher, seed: 2 }] } },
      ...[
        { selection: { count: 13, correlation: 0.9 }, selectedBy: 100, weight: 0.1 },
        { selection: { count: 13, correlation: 0.8 }, selectedBy: 100, weight: 0.1 },
        { selection: { count: 13, correlation: 0.9 }, selectedBy: 101, weight: 0.1 },
        { selection: { count: 13, correlation: 0.9 }, selectedBy: 100, weight: 0.2 },
      ].map(
        (lesson): TrainJob => ({ ...student, lesson: { kind: 'features', teachers: [teacher], ...lesson } }),
      ),
    ];
    const runner = runnerOver();
    const keys = await Promise.all(variants.map((variant) => runner.key(variant)));
    expect(new Set(keys).size).toBe(variants.length);
  });

  it('depends on the kernels, the random streams and the compiled step', async () => {
    const ingredients = await runnerOver().ingredients(setting.teacher);
    const { surroundings } = ingredients;
    expect(Object.keys(surroundings).sort()).toEqual(['backend', 'bits', 'kernels', 'plan', 'streams']);
    const changed = Object.keys(surroundings).map((name) =>
      keyOf({ ...ingredients, surroundings: { ...surroundings, [name]: 'another' } }),
    );
    expect(new Set(await Promise.all([keyOf(ingredients), ...changed])).size).toBe(6);
  });
});

describe('the keys of other jobs', () => {
  it('depend on teachers, their order, what they are asked, and data', async () => {
    const { student, teacher } = setting;
    const outputs = outputsOf(student)[0]!;
    const second = { ...teacher, seed: 2 };
    const variants: OutputsJob[] = [
      outputs,
      { ...outputs, data: other },
      { ...outputs, what: { kind: 'soft targets', temperature: 5, augment: [] } },
      { ...outputs, what: { kind: 'soft targets', temperature: 4, augment: [{ shift: 1 }] } },
      { ...outputs, what: { kind: 'logits' } },
      { ...outputs, teachers: [teacher, second] },
      { ...outputs, teachers: [second, teacher] },
    ];
    const runner = runnerOver();
    const keys = await Promise.all(variants.map((variant) => runner.key(variant)));
    expect(new Set(keys).size).toBe(variants.length);
    expect(await runner.key({ ...outputs, title: 'another' })).toBe(keys[0]);
  });

  it('depend on models and data, of an evaluation', async () => {
    const { student, teacher, tested } = setting;
    const job: EvaluateJob = { kind: 'evaluate', title: 'errors', models: [student], data: tested };
    const variants = [job, { ...job, models: [teacher] }, { ...job, models: [student, teacher] }];
    const runner = runnerOver();
    const keys = await Promise.all([...variants, { ...job, data: other }].map((one) => runner.key(one)));
    expect(new Set(keys).size).toBe(4);
    expect(await runner.key({ ...job, title: 'another' })).toBe(keys[0]);
  });
});

describe('hashes', () => {
  it('are the same whatever the order of names, at any depth, but not of a list', async () => {
    const hash = await jsonSha256({ a: 1, b: { c: [1, 2], d: undefined } });
    expect(await jsonSha256({ b: { c: [1, 2] }, a: 1 })).toBe(hash);
    expect(await jsonSha256({ b: { c: [2, 1] }, a: 1 })).not.toBe(hash);
  });

  it('tell data sets apart by samples, labels, shape and classes', async () => {
    const data = syntheticData(20);
    const { inputs } = data;
    const values = inputs.values.slice();
    values[7]! ^= 1;
    const variants = [
      data,
      { ...data, inputs: { ...inputs, values } },
      { ...data, inputs: { ...inputs, shape: [144] } },
      { ...data, labels: data.labels.map((label) => 9 - label) },
      { ...data, classes: 11 },
      { ...data, classNames: [...'abcdefghij'] },
    ];
    expect(new Set(await Promise.all(variants.map((one) => dataSha256(one)))).size).toBe(variants.length);
    expect(await dataSha256(syntheticData(20))).toBe(await dataSha256(data));
  });
});

describe('differences', () => {
  it('says what differs, as a person reads it', async () => {
    const runner = runnerOver();
    const before = await runner.ingredients(setting.student);
    const now = await runner.ingredients({
      ...setting.student,
      seed: 2,
      data: other,
      unlabeled: 0.5,
      lesson: { kind: 'distillation', teachers: [setting.teacher], temperature: 5 },
    });
    const hash = setting.data.sha256.slice(0, 8);
    expect(differences(before, now).sort()).toEqual([
      `data: ${hash}… before, ffffffff… now`,
      'lesson.temperature: 4 before, 5 now',
      'seed: 1 before, 2 now',
      'unlabeled: not given before, 0.5 now',
    ]);
    expect(differences(before, before)).toEqual([]);
  });

  it('says so where only what it needs differs', async () => {
    const runner = runnerOver();
    const [one, two] = await Promise.all(
      [3, 4].map((seed) => runner.ingredients({ ...setting.teacher, initial: { ...setting.teacher, seed } })),
    );
    expect(differences(one!, two!)).toEqual([
      'what it needs (teachers, soft targets or the model it goes on from) differs',
    ]);
  });
});
