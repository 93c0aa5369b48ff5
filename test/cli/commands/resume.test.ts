import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../cli/report/report.ts';
import { cli, killAt, type Running, start, writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
let recipe: string[];
let whole: Report;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeSmallMnist(folder, 1000, 200);
  const sizes = ['--teachers', '3', '--teacher', '48', '--student', '32', '--threads', '2', '--batch', '20'];
  const regularized = ['--dropout', '0.2', '--max-norm', '3'];
  recipe = [
    'distill',
    '--data',
    folder,
    ...sizes,
    ...regularized,
    '--teacher-epochs',
    '25',
    '--epochs',
    '40',
    '--json',
  ];
  whole = await run('whole');
});

/** Runs to the end. */
async function run(name: string, ...more: string[]): Promise<Report> {
  const { code, stdout, stderr } = await cli(...recipe, '--out', join(folder, name), ...more);
  expect(stderr).not.toContain('wasm-distill:');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Report;
}

function begin(name: string, ...more: string[]): Running {
  return start(...recipe, '--out', join(folder, name), ...more);
}

/** The results, without what may differ: times, paths and the option itself. */
function results({ teachers, ensemble, student, curves, confusion, examples, misclassified }: Report) {
  const models = [...teachers, student.hard, student.distilled].map(({ file: _, ...model }) => model);
  return { models, ensemble, curves, confusion, examples, misclassified };
}

function expectSame(resumed: Report): void {
  expect(resumed.student.distilled.weightsSha256).toBe(whole.student.distilled.weightsSha256);
  expect(results(resumed)).toEqual(results(whole));
}

describe('a stop with Ctrl-C', () => {
  it.each([
    ['SIGINT', 130, 'teacher 1: epoch 3/25'],
    ['SIGHUP', 129, 'student, distilled: epoch 5/40'],
    ['SIGTERM', 143, 'teacher 3: epoch 2/25'],
  ] as const)(
    'by %s, code %i, after "%s" is continued to the same bits',
    async (signal, exitCode, moment) => {
      const name = `${signal} ${moment.replace(/\W/g, '-')}`;
      const running = begin(name);
      await running.said(moment);
      running.kill(signal);
      const { code, stdout, stderr } = await running.ended;
      expect(code).toBe(exitCode);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/\nstopped; continue with the same command and --resume\n$/);
      const files = await readdir(join(folder, name));
      expect(files.some((file) => file.endsWith('.checkpoint.safetensors'))).toBe(true);

      expectSame(await run(name, '--resume'));
      expect((await readdir(join(folder, name))).sort()).toEqual(
        (await readdir(join(folder, 'whole'))).sort(),
      );
    },
  );

  it('can be repeated, and go on with other threads', async () => {
    for (const moment of [
      'teacher 1: epoch 4/25',
      'teacher 3: epoch 6/25',
      'student, distilled: epoch 7/40',
    ]) {
      const running = begin('repeated', '--resume');
      await running.said(moment);
      running.kill('SIGINT');
      expect((await running.ended).code).toBe(130);
    }
    expectSame(await run('repeated', '--resume', '--threads', '1'));
  });
});

describe('a crash', () => {
  it('in the middle of writing a checkpoint or a model loses nothing', async () => {
    const out = join(folder, 'writing');
    for (const name of ['teacher-1', 'teacher-3', 'student-hard']) {
      const file = `${name}.checkpoint.safetensors`;
      await killAt(begin('writing', '--resume'), out, file, `${file}.tmp`);
    }
    await killAt(begin('writing', '--resume'), out, 'student.safetensors.tmp');
    expectSame(await run('writing', '--resume'));
    expect(await readdir(out)).not.toContainEqual(expect.stringMatching(/tmp|checkpoint/));
  });

  it('just after a checkpoint, before its test errors are counted', async () => {
    const out = join(folder, 'counting');
    await killAt(begin('counting'), out, 'teacher-2.checkpoint.safetensors');
    expectSame(await run('counting', '--resume'));
  });

  it('at any moment, again and again', async () => {
    let crashes = 0;
    // Longer each time, so that even a slow machine comes to the end.
    for (let wait = 450; ; wait *= 1.15, crashes++) {
      const running = begin('crashes', '--resume');
      const timer = setTimeout(() => running.kill('SIGKILL'), wait);
      const { code, stdout } = await running.ended;
      clearTimeout(timer);
      if (code === null) continue;
      expect(code).toBe(0);
      expectSame(JSON.parse(stdout) as Report);
      break;
    }
    expect(crashes).toBeGreaterThan(0);
  });

  it('that left half a file beside a checkpoint', async () => {
    const out = join(folder, 'half');
    const running = begin('half');
    await running.said('student, distilled: epoch 3/40');
    running.kill('SIGINT');
    await running.ended;
    for (const file of ['student.checkpoint.safetensors', 'student.safetensors', 'report.json']) {
      const checkpoint = await readFile(join(out, 'student.checkpoint.safetensors'));
      await writeFile(join(out, `${file}.tmp`), checkpoint.subarray(0, checkpoint.length / 2));
    }
    expectSame(await run('half', '--resume'));
    expect(await readdir(out)).not.toContainEqual(expect.stringMatching(/tmp|checkpoint/));
  });
});

describe('--resume', () => {
  it('starts afresh where there is nothing to resume, and says so', async () => {
    const out = join(folder, 'nothing');
    const { code, stdout, stderr } = await cli(...recipe, '--out', out, '--resume');
    expect(stderr).toContain(`nothing to resume in ${out}: starting afresh\n`);
    expect(code).toBe(0);
    expectSame(JSON.parse(stdout) as Report);
  });

  it('does not train again what is finished', async () => {
    const { code, stdout, stderr } = await cli(...recipe, '--out', join(folder, 'whole'), '--resume');
    expect(code).toBe(0);
    for (const title of [
      'teacher 1',
      'teacher 2',
      'teacher 3',
      'student, hard labels',
      'student, distilled',
    ]) {
      expect(stderr).toContain(`${title}: trained before, `);
    }
    expect(stderr).not.toContain('epoch');
    expectSame(JSON.parse(stdout) as Report);
  });

  it('distills the same teachers anew at another temperature', async () => {
    await cp(join(folder, 'whole'), join(folder, 'warmer'), { recursive: true });
    const report = await run('warmer', '--resume', '--temperature', '3', '--epochs', '40');
    expect(report.teachers.map(({ weightsSha256 }) => weightsSha256)).toEqual(
      whole.teachers.map(({ weightsSha256 }) => weightsSha256),
    );
    expect(report.student.hard.weightsSha256).toBe(whole.student.hard.weightsSha256);
    expect(report.student.distilled.weightsSha256).not.toBe(whole.student.distilled.weightsSha256);
  });

  it('refuses a run of other options or data, and leaves it as it is', async () => {
    const out = join(folder, 'other');
    const running = begin('other');
    await running.said('teacher 1: epoch 2/25');
    running.kill('SIGINT');
    await running.ended;
    const before = await contents(out);
    const smaller = recipe.map((word) => ({ 48: '40', 32: '30' })[word] ?? word);
    const others: [string[], RegExp][] = [
      [[...recipe, '--seed', '2'], /seed: \d+ before, \d+ now/],
      [[...recipe, '--teacher-lr', '0.05'], /recipe\.rate: 0\.1 before, 0\.05 now/],
      [smaller, /architecture\.layers: .* before, .* now/],
      [[...recipe, '--limit', '999'], /data: \w{8}… before, \w{8}… now/],
    ];
    for (const [other, why] of others) {
      const { code, stdout, stderr } = await cli(...other, '--out', out, '--resume');
      // The student on hard labels isn't begun, so nothing in the folder is of the run that is asked for.
      expect(stderr).toMatch(why);
      expect(`${stderr.trimEnd().split('\n').at(-1)}\n`.replace(/ \(.*\)/, '')).toBe(
        `wasm-distill: ${out} belongs to a run with other options or data: give the same ones, or start afresh without --resume\n`,
      );
      expect([code, stdout]).toEqual([1, '']);
    }
    expect(await contents(out)).toEqual(before);
  });

  it('refuses a checkpoint of another recipe for one of the models', async () => {
    const out = join(folder, 'recipe');
    const running = begin('recipe');
    await running.said('student, hard labels: epoch 2/40');
    running.kill('SIGINT');
    await running.ended;
    const { code, stderr } = await cli(...recipe, '--out', out, '--resume', '--lr', '0.01');
    expect(stderr).toMatch(
      /student-hard\.checkpoint\.safetensors belongs to a run with other options or data \(recipe: not given before/,
    );
    expect(code).toBe(1);
  });

  it('refuses a damaged checkpoint', async () => {
    const out = join(folder, 'damaged');
    const running = begin('damaged');
    await running.said('teacher 1: epoch 2/25');
    running.kill('SIGINT');
    await running.ended;
    const file = join(out, 'teacher-1.checkpoint.safetensors');
    await writeFile(file, (await readFile(file)).subarray(0, 2000));
    const { code, stderr } = await cli(...recipe, '--out', out, '--resume');
    expect(stderr).toContain(`wasm-distill: ${file}: `);
    expect(code).toBe(1);
  });

  it('without it, an unfinished run is dropped and said to be', async () => {
    const running = begin('dropped');
    await running.said('teacher 1: epoch 2/25');
    running.kill('SIGINT');
    await running.ended;
    const { code, stdout, stderr } = await cli(...recipe, '--out', join(folder, 'dropped'));
    expect(stderr).toContain('is dropped: --resume would have continued it');
    expect(code).toBe(0);
    expectSame(JSON.parse(stdout) as Report);
  });

  it('works for train as well', async () => {
    const train = ['train', '--data', folder, '--hidden', '32', '--epochs', '40', '--batch', '20', '--json'];
    const uninterrupted = await cli(...train, '--out', join(folder, 'train-whole'));
    const running = start(...train, '--out', join(folder, 'train-stopped'));
    await running.said('model: epoch 6/40');
    running.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    const resumed = await cli(...train, '--out', join(folder, 'train-stopped'), '--resume');
    const [a, b] = [uninterrupted, resumed].map(({ stdout }) => JSON.parse(stdout));
    expect(b.model.weightsSha256).toBe(a.model.weightsSha256);
    expect(b.curve).toEqual(a.curve);
  });
});

async function contents(out: string): Promise<Record<string, string>> {
  const names = await readdir(out);
  const texts = await Promise.all(names.map((name) => readFile(join(out, name), 'latin1')));
  return Object.fromEntries(names.map((name, i) => [name, texts[i]!]));
}
