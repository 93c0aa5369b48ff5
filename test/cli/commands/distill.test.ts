import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeModel, weightsSha256 } from 'wasm-distill';
import { decodeSoftTargets } from 'wasm-distill/formats';
import type { Report } from '../../../cli/report/report.ts';
import { cli, type Ended } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

const SMALL = ['--limit', '500', '--teachers', '2', '--teacher', '32', '--student', '16', '--threads', '2'];
const SHORT = ['--teacher-epochs', '1', '--epochs', '2', '--lr', '0.05'];

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const model = v.strictObject({
  name: v.string(),
  layers: v.array(count),
  parameters: count,
  testErrors: v.pipe(count, v.maxValue(10000)),
  weightsSha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  relativeCost: share,
  file: v.string(),
  collapsed: v.optional(v.literal(true)),
});
const image = v.strictObject({
  height: v.literal(28),
  width: v.literal(28),
  base64: v.pipe(v.string(), v.base64()),
});
const opinions = (of: v.GenericSchema<number>) => ({ ensemble: of, hard: of, distilled: of });
const positive = v.pipe(v.number(), v.gtValue(0));
const wrong = v.strictObject({
  count,
  samples: v.array(v.strictObject({ index: count, label: count, ensemble: count, distilled: count, image })),
});
const comparison = v.strictObject({
  models: v.array(
    v.strictObject({
      name: v.string(),
      role: v.picklist(['teacher', 'ensemble', 'hard', 'distilled']),
      bits: v.optional(v.literal(8)),
      ...{ testErrors: count, accuracy: share, parameters: count, bytes: positive },
      milliseconds: v.strictObject({ one: positive, batch: positive }),
    }),
  ),
  recall: v.array(v.strictObject({ label: count, class: v.string(), samples: count, ...opinions(share) })),
  confusions: v.array(v.strictObject({ label: count, predicted: count, ...opinions(count) })),
  wrong: v.strictObject({ both: wrong, teachersAlone: wrong, studentAlone: wrong }),
});
const reportSchema = v.strictObject({
  config: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.array(v.number())])),
  data: v.looseObject({
    kind: v.string(),
    classes: count,
    samples: v.strictObject({ train: count, test: count }),
  }),
  environment: v.strictObject({
    backend: v.literal('wasm'),
    threads: count,
    simd: v.boolean(),
    node: v.string(),
    platform: v.string(),
    version: v.string(),
  }),
  teachers: v.array(model),
  ensemble: v.strictObject({ testErrors: count, parameters: count }),
  student: v.strictObject({ hard: model, distilled: model }),
  comparison,
  saw: v.array(
    v.strictObject({
      ...{ name: v.string(), samples: count, labeled: count, epochs: count, soft: v.boolean() },
    }),
  ),
  warnings: v.array(v.string()),
  seconds: v.record(v.string(), v.pipe(v.number(), v.minValue(0))),
  testSize: v.literal(10000),
  curves: v.array(
    v.strictObject({
      name: v.string(),
      points: v.array(v.strictObject({ epoch: count, loss: v.number(), testErrors: count })),
    }),
  ),
  confusion: v.array(v.strictObject({ name: v.string(), matrix: v.array(v.array(count)) })),
  agreement: v.strictObject({
    ...{ unanimous: count, unanimousErrors: count, noneRight: count, errorsTogether: count, disputed: count },
    alike: v.array(v.array(count)),
    errors: v.array(count),
    disputes: v.array(
      v.strictObject({ index: count, label: count, together: count, decisions: v.array(count) }),
    ),
  }),
  examples: v.array(
    v.strictObject({
      index: count,
      label: count,
      image,
      atOne: v.array(share),
      atTemperature: v.array(share),
    }),
  ),
  misclassified: v.array(
    v.strictObject({ index: count, label: count, predicted: count, confidence: share, image }),
  ),
});

describe('distill --json', () => {
  let folder: string;
  let ended: Ended;
  let report: Report;

  beforeAll(async () => {
    folder = join(await temporaryFolder(), 'made', 'with', 'parents');
    ended = await cli('distill', ...SMALL, ...SHORT, '--temperature', '4', '--out', folder, '--json');
    report = JSON.parse(ended.stdout) as Report;
  });

  it('prints the report alone, and progress on standard error', () => {
    expect(ended.code).toBe(0);
    expect(v.safeParse(reportSchema, report).issues).toBeUndefined();
    for (const text of [
      'teacher 1: 1 epoch, ',
      'student, distilled: epoch 1/2, ',
      'soft targets: 500 samples',
    ]) {
      expect(ended.stderr).toContain(text);
    }
    expect(ended.stderr).toMatch(/samples\/s {2}\d+:\d\d left/);
  });

  it('records every option, defaults included', () => {
    expect(report.config).toMatchObject({
      teachers: 2,
      teacher: [32],
      temperature: 4,
      alpha: 0.1,
      loss: 'fusion',
      lr: 0.05,
      jitter: 1,
    });
    expect(report.environment).toMatchObject({ threads: 2, simd: true, node: process.version });
  });

  it('compares all models', () => {
    const { teachers, ensemble, student } = report;
    expect(teachers.map(({ layers }) => layers)).toEqual([
      [784, 32, 10],
      [784, 32, 10],
    ]);
    expect(teachers[0]!.weightsSha256).not.toBe(teachers[1]!.weightsSha256);
    expect(student.hard.weightsSha256).not.toBe(student.distilled.weightsSha256);
    expect(ensemble!.parameters).toBe(2 * (785 * 32 + 33 * 10));
    expect(student.distilled.parameters).toBe(785 * 16 + 17 * 10);
    expect(student.distilled.relativeCost).toBeCloseTo((784 * 16 + 160) / (2 * (784 * 32 + 320)));
    for (const { testErrors } of [...teachers, ensemble!, student.hard, student.distilled]) {
      expect(testErrors).toBeLessThan(9000);
    }
  });

  it('has a curve, confusions and pictures that agree with the errors', () => {
    expect(report.curves.map(({ name, points }) => [name, points.length])).toEqual([
      ['teacher 1', 1],
      ['teacher 2', 1],
      ['student, hard labels', 2],
      ['student, distilled', 2],
    ]);
    expect(report.curves.at(-1)!.points.at(-1)!.testErrors).toBe(report.student.distilled.testErrors);
    const errors = report.confusion.map(
      ({ matrix }) =>
        matrix.flat().reduce((sum, n) => sum + n, 0) - matrix.reduce((sum, row, i) => sum + row[i]!, 0),
    );
    expect(errors).toEqual([
      report.ensemble!.testErrors,
      report.student.hard.testErrors,
      report.student.distilled.testErrors,
    ]);
    expect(report.examples.map(({ label }) => label).slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { atOne, atTemperature } of report.examples) {
      expect(Math.max(...atTemperature)).toBeLessThan(Math.max(...atOne));
    }
    expect(report.misclassified).toHaveLength(100);
  });

  it('has teachers and students side by side, 8 bits included', async () => {
    const { comparison, student, testSize } = report;
    const ensemble = report.ensemble!;
    const { models, recall, confusions, wrong } = comparison as Required<NonNullable<typeof comparison>>;
    expect(models.map(({ name }) => name)).toEqual([
      ...['teacher 1', 'teacher 2', 'ensemble of 2'],
      ...['student, hard labels', 'student, distilled', 'student, distilled, 8 bits'],
    ]);
    for (const { testErrors, accuracy } of models) expect(accuracy).toBeCloseTo(1 - testErrors / testSize);
    const [first, second, together, , distilled, small] = models;
    expect(together).toMatchObject({ testErrors: ensemble.testErrors, parameters: ensemble.parameters });
    expect(together!.bytes).toBe(first!.bytes! + second!.bytes!);
    const file = student.distilled.file;
    expect(distilled!.bytes).toBe((await readFile(file)).length);
    const int8 = join(folder, '..', 'small.safetensors');
    const quantized = JSON.parse((await cli('quantize', file, '--out', int8, '--json')).stdout);
    const { bytes, testErrors } = quantized.after;
    expect(small).toMatchObject({ bits: 8, bytes, testErrors });
    const { matrix } = report.confusion[2]!;
    for (const { label, samples, distilled: known } of recall)
      expect([samples, known]).toEqual([
        matrix[label]!.reduce((sum, n) => sum + n, 0),
        matrix[label]![label]! / samples,
      ]);
    for (const { label, predicted, distilled: images } of confusions)
      expect(matrix[label]![predicted]).toBe(images);
    expect(wrong.both.count + wrong.studentAlone.count).toBe(student.distilled.testErrors);
    expect(wrong.both.count + wrong.teachersAlone.count).toBe(ensemble.testErrors);
  });

  it('leaves complete files and nothing else', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'report.html',
      'report.json',
      'soft-targets.safetensors',
      'student-hard.safetensors',
      'student.safetensors',
      'teacher-1.safetensors',
      'teacher-2.safetensors',
    ]);
    expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe(ended.stdout);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toMatch(
      /^<!doctype html>[\s\S]*student, distilled/i,
    );
    for (const { file, weightsSha256: sha } of [
      ...report.teachers,
      report.student.hard,
      report.student.distilled,
    ]) {
      expect(await weightsSha256(decodeModel(await readFile(file), file).model)).toBe(sha);
    }
    const soft = decodeSoftTargets(await readFile(join(folder, 'soft-targets.safetensors')), 'soft targets');
    expect(soft.temperature).toBe(4);
    expect(soft.probabilities).toHaveLength(5000);
    expect(soft.teachers).toEqual(report.teachers.map((teacher) => teacher.weightsSha256));
  });
});

describe('distill', () => {
  it('prints a table and where the files are', async () => {
    const folder = join(await temporaryFolder(), 'run');
    const regularized = ['--dropout', '0.2', '--max-norm', '3', '--unlabeled', '0.5', '--loss', 'two-term'];
    const { code, stdout } = await cli('distill', ...SMALL, ...SHORT, ...regularized, '--out', folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^model +parameters +test errors +error +forward cost\n/);
    for (const name of [
      'teacher 1',
      'teacher 2',
      'ensemble of 2',
      'student, hard labels',
      'student, distilled',
    ]) {
      expect(stdout).toMatch(
        new RegExp(`^${name}(?: \\(collapsed\\))? +[\\d,]+ +[\\d,]+ +\\d+\\.\\d\\d% +\\d+%$`, 'm'),
      );
    }
    expect(stdout).toMatch(/\n\nside by side +accuracy +bytes +ms for 1 +ms for 128\n/);
    expect(stdout).toMatch(/^student, distilled, 8 bits +\d+\.\d\d% +[\d,]+ +[\d.,]+ +[\d.,]+$/m);
    expect(stdout).toContain(join(folder, 'student.safetensors'));
    expect(stdout).toContain(join(folder, 'report.html'));
  });

  it('gives the same weights with other threads', async () => {
    const folder = await temporaryFolder();
    const hashes = [];
    for (const threads of ['1', '3']) {
      const out = join(folder, threads);
      const { stdout } = await cli(
        'distill',
        ...SMALL,
        ...SHORT,
        '--threads',
        threads,
        '--out',
        out,
        '--json',
      );
      hashes.push((JSON.parse(stdout) as Report).student.distilled.weightsSha256);
    }
    expect(hashes[0]).toBe(hashes[1]);
  });
});
