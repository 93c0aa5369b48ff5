import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeModel, encodeModel } from 'wasm-distill';
import { decodeSoftTargets } from 'wasm-distill/formats';
import type { Report } from '../../../cli/report/report.ts';
import { cli, writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
let data: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  data = join(folder, 'data');
  await mkdir(data);
  await writeSmallMnist(data, 600, 200);
});

const SHORT = [
  '--student',
  '16',
  '--teacher-epochs',
  '2',
  '--epochs',
  '2',
  '--batch',
  '20',
  '--threads',
  '2',
];

async function distilled(name: string, ...more: string[]): Promise<{ report: Report; stderr: string }> {
  const out = ['--out', join(folder, name), '--json'];
  const { code, stdout, stderr } = await cli('distill', '--data', data, ...SHORT, ...more, ...out);
  expect(stderr).not.toContain('wasm-distill:');
  expect(code).toBe(0);
  return { report: JSON.parse(stdout) as Report, stderr };
}

describe('distill', () => {
  it('has the plain sum, and teachers at a temperature of their own', async () => {
    const recipe = ['--teacher', '24', '--teachers', '1', '--temperature', '4', '--teacher-temperature', '4'];
    const { report } = await distilled('sum', ...recipe, '--loss', 'sum');
    expect(report.config).toMatchObject({ loss: 'sum', teacherTemperature: 4 });
    expect(report.config).not.toHaveProperty('alpha');
    const ordinary = await distilled(
      'two-term',
      ...recipe.slice(0, 6),
      '--loss',
      'two-term',
      '--alpha',
      '0.5',
    );
    expect(ordinary.report.config).toMatchObject({ alpha: 0.5 });
    const [hot, cold] = [report, ordinary.report];
    expect(hot.teachers[0]!.weightsSha256).not.toBe(cold.teachers[0]!.weightsSha256);
    expect(hot.student.hard.weightsSha256).toBe(cold.student.hard.weightsSha256);
    expect(hot.student.distilled.weightsSha256).not.toBe(cold.student.distilled.weightsSha256);
  });

  it('mixes teachers of several designs and files, and compares their decisions', async () => {
    const { report: before } = await distilled('one', '--teacher', '24', '--teachers', '1');
    const file = before.teachers[0]!.file;
    const teachers = ['--teacher', file, '--teacher', '20', '--teacher', 'conv4k5s2v gap'];
    const { report } = await distilled('mixed', ...teachers);
    expect(report.config).toMatchObject({ teachers: 1, teacher: [file, '20', 'conv4k5s2v gap'] });
    expect(report.teachers.map(({ name, layers }) => [name, layers])).toEqual([
      ['teacher 1', [784, 24, 10]],
      ['teacher 2', [784, 20, 10]],
      ['teacher 3', '28x28x1 conv4k5s2v gap dense10'],
    ]);
    expect(report.teachers[0]).toMatchObject({
      ...{ file, testErrors: before.teachers[0]!.testErrors },
      weightsSha256: before.teachers[0]!.weightsSha256,
    });
    expect(report.curves.map(({ name }) => name).slice(0, 2)).toEqual(['teacher 2', 'teacher 3']);
    const soft = decodeSoftTargets(await readFile(join(folder, 'mixed', 'soft-targets.safetensors')), 'soft');
    expect(soft.teachers).toEqual(report.teachers.map(({ weightsSha256 }) => weightsSha256));
    expect(report.saw[0]).toMatchObject({ name: 'teacher 2, teacher 3', samples: 600 });
    const { agreement, ensemble } = report;
    expect(agreement!.errors).toEqual(report.teachers.map(({ testErrors }) => testErrors));
    expect(agreement!.errorsTogether).toBe(ensemble!.testErrors);
    expect(agreement!.unanimous + agreement!.disputed).toBe(200);
    const again = await distilled('mixed', ...teachers, '--resume');
    expect(again.stderr).toContain('student, distilled: trained before');
    expect(again.report.student).toEqual(report.student);
  });

  it('repeats networks alone, and gives each its own seed', async () => {
    const file = join(folder, 'copy.safetensors');
    await copyFile(join(folder, 'one', 'teacher-1.safetensors'), file);
    const { report } = await distilled('times', '--teacher', file, '--teacher', '12', '--teachers', '2');
    expect(report.teachers.map(({ layers }) => layers[1])).toEqual([24, 12, 12]);
    expect(report.teachers[1]!.weightsSha256).not.toBe(report.teachers[2]!.weightsSha256);
  });

  it('refuses teachers that it cannot ask', async () => {
    const run = async (teacher: string) =>
      (await cli('distill', '--data', data, '--teacher', teacher, '--out', join(folder, 'no'))).stderr;
    expect(await run('big.onnx')).toMatch(/there is no file big\.onnx/);
    expect(await run('absent.safetensors')).toMatch(/there is no file absent\.safetensors/);
    const { model } = decodeModel(await readFile(join(folder, 'one', 'teacher-1.safetensors')), 'teacher');
    const other = join(folder, 'other.safetensors');
    const { layers } = model.architecture;
    const cut = { ...model.architecture, layers: [...layers.slice(0, -1), { ...layers.at(-1), dense: 9 }] };
    const weights = new Map(
      [...model.weights].map(([name, values]) => [
        name,
        values.length === 240 ? values.subarray(24) : values,
      ]),
    );
    const bias = [...weights].find(([, values]) => values.length === 10)![0];
    weights.set(bias, weights.get(bias)!.subarray(1));
    await writeFile(other, encodeModel({ architecture: cut as typeof model.architecture, weights }));
    expect(await run(other)).toMatch(/other\.safetensors: the model has 9 classes, but the data have 10/);
  });

  it('shows students a part of what their teachers saw, or more, and says so', async () => {
    const teacher = ['--teacher', '24', '--teachers', '1'];
    const part = (await distilled('part', ...teacher, '--transfer', '10%', '--unlabeled', '0.5')).report;
    expect(part.saw).toEqual([
      { name: 'teachers', samples: 600, labeled: 600, epochs: 2, soft: false },
      { name: 'student, hard labels', samples: 60, labeled: 30, epochs: 2, soft: false },
      { name: 'student, distilled', samples: 60, labeled: 30, epochs: 2, soft: true },
    ]);
    const further = join(folder, 'further');
    await mkdir(further);
    await writeSmallMnist(further, 900, 100);
    const more = (await distilled('more', ...teacher, '--transfer', further)).report;
    expect(more.saw.map(({ samples, labeled, epochs }) => [samples, labeled, epochs])).toEqual([
      [600, 600, 2],
      [600, 600, 5],
      [1500, 600, 2],
    ]);
    expect(more.teachers[0]!.weightsSha256).toBe(part.teachers[0]!.weightsSha256);
    const soft = decodeSoftTargets(await readFile(join(folder, 'more', 'soft-targets.safetensors')), 'soft');
    expect(soft.probabilities).toHaveLength(1500 * 10);
  });

  it('goes by a validation part, and can keep its best epoch', async () => {
    const recipe = ['--teacher', '24', '--teachers', '1', '--val', '0.2', '--keep', 'best', '--lr', '0.9'];
    const { report } = await distilled('validated', ...recipe);
    expect(report).toMatchObject({ validationSize: 120, testSize: 200, config: { limit: 600 } });
    expect(report.saw[0]!.samples).toBe(480);
    for (const { points } of report.curves)
      expect(points.map((point) => Object.keys(point).sort())).toEqual([
        ['epoch', 'loss', 'validationErrors'],
        ['epoch', 'loss', 'testErrors', 'validationErrors'],
      ]);
  });

  it('tells poor teachers before it distills, and poor students and dead ones at the end', async () => {
    const teacher = ['--teacher', '24', '--teachers', '1', '--teacher-epochs', '1', '--teacher-lr', '1e-6'];
    const { report, stderr } = await distilled('poor', ...teacher, '--epochs', '8');
    expect(report.teachers[0]!.collapsed).toBe(true);
    expect(report.student.hard).not.toHaveProperty('collapsed');
    const at = (text: string) => stderr.indexOf(text);
    expect(at('no fewer than the student on labels')).toBeGreaterThan(0);
    expect(at('no fewer than the student on labels')).toBeLessThan(at('soft targets:'));
    expect(at('warning: teacher 1 has collapsed')).toBeGreaterThan(at('evaluation:'));
    expect(at('warning: the distilled student makes')).toBeGreaterThan(at('evaluation:'));
    expect(report.warnings.every((sentence) => stderr.includes(`warning: ${sentence}\n`))).toBe(true);
    const out = ['--resume', '--out', join(folder, 'poor')];
    const { code, stdout } = await cli(
      'distill',
      '--data',
      data,
      ...SHORT,
      ...teacher,
      '--epochs',
      '8',
      ...out,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^teacher 1 \(collapsed\) +19,090/m);
    expect(stdout).toContain('student, distilled: 600 samples with soft targets, all labeled, 8 epochs\n');
  });

  it('gives teachers of few samples more epochs, unless told', async () => {
    const args = ['--teacher', '12', '--teachers', '1', '--student', '8', '--epochs', '1', '--threads', '2'];
    const run = (...more: string[]) =>
      cli('distill', '--data', data, '--limit', '100', ...args, '--batch', '5', '--json', ...more);
    const { stdout, stderr } = await run('--out', join(folder, 'steps'));
    expect(stderr).toContain('teachers train for 75 epochs in place of 5, as 100 samples make few steps');
    expect((JSON.parse(stdout) as Report).config.teacherEpochs).toBe(75);
    const told = await run('--teacher-epochs', '5', '--out', join(folder, 'told'));
    expect(told.stderr).not.toContain('in place of');
  });

  it('has presets whose options yield to those given', async () => {
    const preset = ['--preset', 'demo', '--data', data, '--transfer', '50%', '--epochs', '1'];
    const { report } = await distilled('demo', ...preset, '--student', '8', '--teacher', '12');
    expect(report.config).toMatchObject({
      ...{ preset: 'demo', teachers: 2, teacher: [12], student: [8], jitter: 2, temperature: 4 },
      ...{ loss: 'two-term', transfer: '50%', epochs: 1, teacherEpochs: 2, data },
    });
  });

  it('repeats itself with several seeds', async () => {
    const args = ['--teacher', '12', '--teachers', '1', '--seed', '3', '--seeds', '2'];
    const { report } = await distilled('seeds', ...args);
    const { runs, summary } = report as unknown as { runs: Report[]; summary: Record<string, unknown> };
    expect(runs.map(({ config }) => config.seed)).toEqual([3, 4]);
    const [a, b] = runs.map(({ student }) => student.distilled.testErrors) as [number, number];
    expect(summary).toMatchObject({ seeds: [3, 4], testSize: 200 });
    const { student } = summary as { student: { distilled: { mean: number; deviation: number } } };
    expect(student.distilled.mean).toBe((a + b) / 2);
    expect(student.distilled.deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2);
    const alone = (await distilled('seed-4', ...args.slice(0, 4), '--seed', '4')).report;
    expect(alone.student.distilled.weightsSha256).toBe(runs[1]!.student.distilled.weightsSha256);
    const again = await cli('distill', '--data', data, ...SHORT, ...args, '--out', join(folder, 'seeds'));
    expect(again.stderr).toMatch(/seeds holds results of an earlier run \(report\.json\): give --force/);
  });
});

describe('--from', () => {
  it('starts from the layers that fit, and says which', async () => {
    const model = join(folder, 'one', 'teacher-1.safetensors');
    const train = async (name: string, ...more: string[]) => {
      const out = ['--out', join(folder, name), '--json', '--epochs', '1', '--threads', '2'];
      const { code, stdout, stderr } = await cli('train', '--data', data, '--from', model, ...more, ...out);
      expect(code).toBe(0);
      return { ...JSON.parse(stdout), stderr };
    };
    const same = await train('same');
    expect(same.model.layers).toEqual([784, 24, 10]);
    expect(same.stderr).toMatch(/from .*teacher-1\.safetensors: what goes on is the layers [^,]+, [^,]+\n/);
    const other = await train('deeper', '--hidden', '24,9');
    expect(other.stderr).toMatch(
      /what goes on is the layer [^,]+, what begins anew the layers [^,]+, [^,]+\n/,
    );
    const student = await distilled('started', '--from', model, '--student', '24', '--teacher', '12');
    expect(student.stderr).toContain('what goes on is');
    expect(student.report.config.from).toBe(model);
  });
});
