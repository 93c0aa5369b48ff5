import { expect, it } from 'vitest';
import { neededBy, outputsOf, type TrainJob } from 'wasm-distill/jobs';
import { setting } from './jobs.ts';

it('a training on labels needs nothing', () => {
  expect(outputsOf(setting.teacher)).toEqual([]);
  expect(neededBy(setting.teacher)).toEqual([]);
});

it('a student needs what its teachers say of its data in its views, and they need the teachers', () => {
  const { student, teacher, data } = setting;
  const shifted: TrainJob = { ...student, augment: [{ shift: 1 }] };
  const outputs = outputsOf(shifted)[0]!;
  expect(outputs).toMatchObject({
    kind: 'outputs',
    data,
    teachers: [teacher],
    what: { kind: 'soft targets', temperature: 4, augment: [{ shift: 1 }] },
  });
  expect(neededBy(shifted)).toEqual([outputs]);
  expect(neededBy(outputs)).toEqual([teacher]);
});

it('logits and features are asked of the samples as they are', () => {
  const { student, teacher } = setting;
  const selection = { count: 13, correlation: 0.9 };
  const logits: TrainJob = { ...student, lesson: { kind: 'logits', teachers: [teacher] } };
  expect(outputsOf(logits)[0]!.what).toEqual({ kind: 'logits' });
  const features: TrainJob = {
    ...student,
    lesson: { kind: 'features', teachers: [teacher], selection, selectedBy: 100, weight: 0.1 },
  };
  expect(outputsOf(features)[0]!.what).toEqual({ kind: 'features', selection, selectedBy: 100 });
});

it('what goes on from a model needs it, and an evaluation its models', () => {
  const { student, teacher, tested } = setting;
  expect(neededBy({ ...teacher, initial: student })).toEqual([student]);
  expect(neededBy({ ...student, initial: teacher })).toEqual([...outputsOf(student), teacher]);
  const models = [student, teacher];
  expect(neededBy({ kind: 'evaluate', title: 'errors', models, data: tested })).toEqual(models);
});

it('a model from elsewhere is no job', () => {
  const { teacher } = setting;
  const initial = { kind: 'model', name: 'a file', sha256: 'f00d' } as const;
  expect(neededBy({ ...teacher, initial })).toEqual([]);
  expect(() => neededBy({ ...teacher, initial: { ...initial, sha256: 7 as never } })).toThrow(
    /initial must be \{ kind: 'model', name, sha256 \}/,
  );
  expect(() => neededBy({ ...teacher, initial: { kind: 'evaluate' } as never })).toThrow(
    /initial must be a list of jobs/,
  );
  expect(() => neededBy({ ...teacher, validation: {} as never })).toThrow(
    /the validation data of a job must be/,
  );
});
