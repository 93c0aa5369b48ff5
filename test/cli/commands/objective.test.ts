import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { objectiveCatalog } from 'wasm-distill/objectives';
import type { Report } from '../../../cli/report/report.ts';
import { cli, killAt, start, writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
let shared: string[];

const SIZES = ['--teacher', 'conv4k5s2v conv6k5v dense10', '--student', 'conv3k5s2v conv4k5v dense10'];

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeSmallMnist(folder, 400, 100);
  const short = ['--teacher-epochs', '2', '--epochs', '3', '--batch', '40', '--threads', '2'];
  shared = ['distill', '--data', folder, ...short];
});

async function distilled(name: string, ...more: string[]): Promise<{ report: Report; stderr: string }> {
  const { code, stdout, stderr } = await cli(...shared, ...more, '--out', join(folder, name), '--json');
  expect(stderr).not.toContain('wasm-distill:');
  expect(code).toBe(0);
  return { report: JSON.parse(stdout) as Report, stderr };
}

describe('--objective', () => {
  it('names rows, learns a sum with one teacher, and says which layers it has chosen', async () => {
    const { report, stderr } = await distilled(
      'kd-at',
      ...SIZES,
      '--objective',
      'kd+at:power=4,form=common,sp',
      '--weight',
      'at=10',
    );
    expect(stderr).toContain(
      'the student learns 1 · kd + 10 · attention (layers teacher:student 2:2, 5:5; power 4, form common) + 3000 · similarity\n',
    );
    expect(report.teachers).toHaveLength(1);
    const name = 'student, kd+attention+similarity';
    expect(report.student.distilled.name).toBe(name);
    expect(report.curves.map((curve) => curve.name)).toEqual(['teacher 1', 'student, hard labels', name]);
    expect(report.confusion.at(-1)!.name).toBe(name);
    expect(report.saw.at(-1)).toMatchObject({ name, by: 'kd+attention+similarity', epochs: 3 });
    expect(report.config).toMatchObject({
      objective: 'kd+at:power=4,form=common,sp',
      weight: 'at=10',
      temperature: 4,
      teachers: 1,
    });
    expect(report.seconds[name]).toBeGreaterThanOrEqual(0);
  });

  it('has options of each, and shows what is softened at kd’s temperature', async () => {
    const list = 'kd:temperature=8,form=two-term+dkd:temperature=2,beta=3';
    const few = ['--student', '12', '--teacher', '20', '--teachers', '1'];
    const { report, stderr } = await distilled('options', ...few, '--objective', list);
    expect(stderr).toMatch(/soft targets: 400 samples at T = 8/);
    expect(stderr).toContain('1 · kd (form two-term, temperature 8) + 1 · dkd (temperature 2, beta 3)\n');
    expect(report.config).toMatchObject({ objective: list, temperature: 8 });
  });

  it('asks before what needn’t run in the step, of several teachers and several kinds', async () => {
    const { stderr } = await distilled('kept', '--student', '12', '--teacher', '20', '--objective', 'kd+dkd');
    expect(stderr).toMatch(/soft targets: 400 samples at T = 4/);
    expect(stderr).toMatch(/logits: 400 samples/);
    expect(stderr).toContain('the student learns 1 · kd + 1 · dkd\n');
    const files = await readdir(join(folder, 'kept'));
    expect(files).toEqual(expect.arrayContaining(['soft-targets.safetensors', 'kept-logits.safetensors']));
    expect(files).toContain('teacher-3.safetensors');
  });

  it('needs no teacher where none of the list does', async () => {
    const { report, stderr } = await distilled(
      'alone',
      '--student',
      '16,12',
      '--objective',
      'self-distillation',
    );
    expect(stderr).toMatch(/self-distillation \(the student's layers 1\)/);
    expect(report.teachers).toEqual([]);
    expect(report.student.distilled.name).toBe('student, self-distillation');
  });

  it('leaves out of a preset what it doesn’t read', async () => {
    const { report, stderr } = await distilled(
      ...(['preset', '--preset', 'demo', '--transfer', 'all'] as const),
      ...[...SIZES, '--objective', 'at+sp'],
    );
    expect(stderr).toContain('3000 · similarity\n');
    expect(report.config).toMatchObject({ preset: 'demo', teachers: 1, loss: 'fusion', lr: 0.6 });
  });

  it('can leave labels out, of both stages too', async () => {
    const { stderr } = await distilled(
      ...(['unlabeled', ...SIZES, '--objective', 'fitnets'] as const),
      ...['--weight', 'labels=0', '--unlabeled', '1'],
    );
    expect(stderr).toContain('; then 4 to 0 · kd (temperature 3, alpha 0)\n');
  });

  it('takes layers that are named, teacher first', async () => {
    const networks = [...SIZES.slice(2), '--teacher', 'conv4k5s2v conv6k7s2v dense10'];
    const { stderr } = await distilled('taps', ...networks, '--objective', 'attention', '--taps', '2:2');
    expect(stderr).toContain('1 · labels + 1 · attention (layers teacher:student 2:2)\n');
  });
});

describe('two stages', () => {
  const fitnets = ['--objective', 'fitnets', '--epochs', '18'];
  let whole: Awaited<ReturnType<typeof distilled>>;
  beforeAll(async () => {
    whole = await distilled('whole', ...SIZES, ...fitnets);
  }, 60_000);

  const begin = (name: string) =>
    start(...shared, ...SIZES, ...fitnets, '--out', join(folder, name), '--resume');

  /** That what was begun under this name and ended in its second stage goes on to the same bits. */
  async function expectSame(name: string): Promise<void> {
    const { report, stderr } = await distilled(name, ...SIZES, ...fitnets, '--resume');
    expect(stderr).toContain('student, fitnets, first stage: trained before');
    expect(report.student.distilled.weightsSha256).toBe(whole.report.student.distilled.weightsSha256);
    expect(report.curves).toEqual(whole.report.curves);
    expect((await readdir(join(folder, name))).sort()).toEqual((await readdir(join(folder, 'whole'))).sort());
  }

  it('split the epochs', () => {
    expect(whole.stderr).toContain(
      "the student learns 1 · fitnets (layers teacher:student 2:2), up to the student's layer 2; then 1 · labels + 4 to 0 · kd (temperature 3, alpha 0)\n",
    );
    expect(whole.report.saw.slice(-2).map(({ name, epochs }) => [name, epochs])).toEqual([
      ['student, fitnets, first stage', 6],
      ['student, fitnets', 12],
    ]);
  });

  it('go on after Ctrl-C in each of them to the same bits', async () => {
    for (const moment of ['student, fitnets, first stage: epoch 1/6', 'student, fitnets: epoch 2/12']) {
      const running = begin('stopped');
      await running.said(moment);
      running.kill('SIGINT');
      expect((await running.ended).code).toBe(130);
    }
    await expectSame('stopped');
  }, 120_000);

  it('go on after a crash in each of them to the same bits', async () => {
    for (const stage of ['student-first', 'student']) {
      const checkpoint = `${stage}.checkpoint.safetensors`;
      await killAt(begin('killed'), join(folder, 'killed'), checkpoint);
      // A stage that ends removes it.
      expect(await readdir(join(folder, 'killed'))).toContain(checkpoint);
    }
    await expectSame('killed');
  }, 120_000);

  it('can be joined, and have epochs and a second list of their own', async () => {
    const joined = await distilled('joined', ...SIZES, '--objective', 'fitnets+kd', '--hint-epochs', '0');
    expect(joined.stderr).toContain('the student learns 1 · fitnets (layers teacher:student 2:2) + 1 · kd\n');
    expect(joined.report.curves).toHaveLength(3);
    const told = ['--objective', 'fsp+kd', '--hint-epochs', '2'];
    const same = ['--student', 'conv4s2 conv6s2 dense10', '--teacher', 'conv4s2 conv6s2 dense10'];
    const { report, stderr } = await distilled('fsp', ...same, ...told);
    expect(stderr).toContain('1 · fsp (layers teacher:student 2:2, 5:5); then 1 · kd\n');
    expect(report.saw.slice(-2).map(({ epochs }) => epochs)).toEqual([2, 1]);
  }, 60_000);
});

describe('one sentence before anything trains', () => {
  const sentences: [string, string[], RegExp][] = [
    [
      'an unknown name',
      ['--objective', 'telepathy'],
      /no objective "telepathy": there are labels .*wasm-distill objectives/,
    ],
    ['a name twice', ['--objective', 'at+attention'], /--objective has attention twice/],
    [
      'two teachers of what takes one',
      ['--objective', 'sp', '--teachers', '2'],
      /similarity learns from one teacher, but there are 2/,
    ],
    [
      'a teacher of what takes none',
      ['--objective', 'dml', '--teacher', '20'],
      /none of mutual learns from a teacher: leave --teacher out/,
    ],
    [
      'networks without maps',
      ['--objective', 'at', '--teacher', '20', '--student', '12'],
      /one of them has none.*choose networks with convolutions/,
    ],
    [
      'a wrong tap',
      [...SIZES, '--objective', 'at', '--taps', 'top:2'],
      /--taps: the teacher: there is no layer "top" to tap: there are 0, 1/,
    ],
    [
      'a tap twice',
      [...SIZES, '--objective', 'at', '--taps', '2:2,2:2'],
      /--taps: the list has the student's layer 2 beside the teacher's 2 twice: name each pair once/,
    ],
    [
      'taps in another order',
      [...SIZES, '--objective', 'fsp', '--taps', '5:5,2:2'],
      /FSP goes from layer to layer in the order of the network, but the student's layer 2 isn't computed from its 5/,
    ],
    [
      'no pair',
      [...SIZES, '--objective', 'at', '--taps', '2'],
      /--taps must be pairs of layers, teacher:student/,
    ],
    [
      'two pairs of what has one',
      [...SIZES, '--objective', 'fitnets', '--taps', '2:2,5:5'],
      /fitnets has one pair of layers, but there are 2/,
    ],
    [
      'other channels',
      ['--teacher', 'conv4s2 conv6s2 dense10', '--student', 'conv3s2 conv6s2 dense10', '--objective', 'fsp'],
      /FSP needs layers with the same numbers of channels/,
    ],
    [
      'labels that are all hidden',
      ['--student', '12', '--teacher', '20', '--objective', 'dkd', '--unlabeled', '1'],
      /learns from labels, but no sample has one/,
    ],
    [
      'batches of one',
      ['--student', '12', '--teacher', '20', '--objective', 'sp', '--batch', '1'],
      /batches of at least 2/,
    ],
    ['batch norm', [...SIZES, '--objective', 'gradient-attention'], /batch norm/],
    [
      'one number for two',
      ['--objective', 'at+sp', '--weight', '3'],
      /--weight 3 is of one objective, but there are attention, similarity/,
    ],
    [
      'a weight of another',
      ['--objective', 'at', '--weight', 'sp=3'],
      /--weight names "sp", but --objective has attention/,
    ],
    ['no number', ['--objective', 'at', '--weight', 'at=much'], /--weight must be a number of at least 0/],
    ['a weight alone', ['--weight', '3'], /--weight is of --objective: give one/],
    [
      'stages that there aren’t',
      ['--objective', 'at', '--hint-epochs', '1'],
      /none of attention has two stages: leave --hint-epochs out/,
    ],
    [
      'no epoch left',
      ['--objective', 'fsp', '--hint-epochs', '3'],
      /--hint-epochs 3 leaves none of --epochs 3/,
    ],
    ['layers that there aren’t', ['--objective', 'kd', '--taps', '1:1'], /none of kd has layers to name/],
    [
      'alpha of others',
      ['--objective', 'at', '--alpha', '0.5'],
      /none of attention has labels fused with soft targets/,
    ],
    [
      'terms of weight 0',
      [...SIZES, '--objective', 'rkd:distance=0,angle=0', '--weight', 'labels=0'],
      /distance and angle of relational are 0, so that it teaches nothing/,
    ],
    [
      'a stage of weight 0',
      [...SIZES, '--objective', 'fitnets', '--weight', 'fitnets=0'],
      /--weight fitnets=0 leaves the first stage nothing to learn/,
    ],
    [
      'a temperature of none',
      ['--objective', 'sp', '--temperature', '2'],
      /none of similarity has a temperature/,
    ],
  ];

  it.each(sentences)('%s', async (name, more, sentence) => {
    const { code, stdout, stderr } = await cli(...shared, ...more, '--out', join(folder, name));
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/epoch \d/);
    expect([1, 2]).toContain(code);
    expect(stdout).toBe('');
  });
});

describe('wasm-distill objectives', () => {
  it('lists the catalog', async () => {
    const { code, stdout } = await cli('objectives');
    expect(code).toBe(0);
    for (const [name, { line, source }] of Object.entries(objectiveCatalog))
      expect(stdout).toContain(
        `${name}: ${line} (${source.paper}, ${source.venue} ${source.year})\n`.trimEnd(),
      );
    expect(stdout).toMatch(/^fsp.* one teacher of this library, images, equal channels, 2 stages +1 +1$/m);
  });

  it('tells one of them, with its options', async () => {
    const { code, stdout } = await cli('objectives', 'rkd');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^relational, rkd: has the distances and angles/);
    expect(stdout).toMatch(/^source +Relational Knowledge Distillation, CVPR 2019$/m);
    expect(stdout).toMatch(/^needs +one teacher, batches of 2$/m);
    expect(stdout).toMatch(/^angle +50 +a number of at least 0$/m);
    const told = JSON.parse((await cli('objectives', 'fitnets', '--json')).stdout);
    expect(told).toMatchObject({
      ...{ name: 'fitnets', second: [{ objective: 'kd', weight: { from: 4, to: 0 } }] },
      options: { form: { default: 'paper', takes: 'paper or common' } },
    });
    const unknown = await cli('objectives', 'atention');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(
      /^wasm-distill: there is no objective "atention" \(did you mean attention\?\)/,
    );
  });

  it('as JSON too', async () => {
    const { objectives } = JSON.parse((await cli('objectives', '--json')).stdout);
    expect(objectives.map(({ name }: { name: string }) => name)).toEqual(Object.keys(objectiveCatalog));
    expect(objectives.find(({ name }: { name: string }) => name === 'kd')).toMatchObject({
      ...{ aliases: ['distillation', 'soft-targets'], needs: { teacher: 'soft targets' } },
      options: { temperature: 4, alpha: null },
    });
  });
});
