import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEngine,
  decodeSoftTargets,
  distill,
  type Engine,
  loadMnist,
  take,
  train,
  weightsSha256,
} from 'wasm-distill';
import type { Context } from '../../dist/cli/context.js';
import { collect } from '../../dist/cli/reproduce/collect.js';
import { resultMarkdown } from '../../dist/cli/reproduce/document.js';
import type { Comparison, Experiment } from '../../dist/cli/reproduce/experiment.js';
import { experiments } from '../../dist/cli/reproduce/experiments.js';
import { FULL, QUICK, type Scale } from '../../dist/cli/reproduce/recipes.js';
import type { Result } from '../../dist/cli/reproduce/result.js';
import { runExperiment, writeResult } from '../../dist/cli/reproduce/run.js';
import { split, type Task } from '../../dist/cli/reproduce/samples.js';
import { Store } from '../../dist/cli/reproduce/store.js';
import { cli, start, temporaryFolder } from './cli.js';

const RECIPE = { epochs: 2, rate: 0.05 } as const;
const JITTERED = { ...RECIPE, jitter: 1 } as const;
const LOSS = { temperature: 4, alpha: 0.1, form: 'two-term' } as const;

const TEACHER = { hidden: [40, 32], recipe: { epochs: 4, rate: 0.1, jitter: 1 } } as const;

/** Every experiment, in seconds. */
const TINY: Scale = {
  headlineSeeds: 2,
  seeds: 2,
  teacher: TEACHER,
  student: [24, 16],
  hard: RECIPE,
  soft: { recipe: RECIPE, loss: LOSS },
  ensemble: { recipe: JITTERED, loss: LOSS, teachers: 2 },
  temperature: {
    widths: [
      { width: 8, recipe: RECIPE, seeds: 2 },
      { width: 12, recipe: RECIPE, seeds: 1 },
    ],
    temperatures: [
      { temperature: 1, rate: 0.1 },
      { temperature: 4, rate: 0.05 },
    ],
  },
  only78: RECIPE,
  sweep: {
    teacher: TEACHER,
    student: [20, 12],
    hard: RECIPE,
    soft: { recipe: RECIPE, loss: LOSS },
    seeds: 2,
  },
  few: {
    share: 0.1,
    plain: { hard: RECIPE, soft: RECIPE },
    jittered: { all: JITTERED, hard: JITTERED, soft: JITTERED },
  },
  labelShares: [0, 0.5, 1],
  forms: { alphas: [0, 0.5], fusion: RECIPE, unscaled: RECIPE },
  logits: { recipe: { epochs: 2, rate: 0.002 }, temperatures: [20] },
  features: { hidden: [24, 6], recipe: RECIPE, correlations: [1, 0.9], weight: 0.02 },
  specialists: {
    hidden: [32],
    recipe: { epochs: 4, rate: 0.1 },
    pairs: { training: 3000, validation: 1000, test: 300 },
    heldOut: 400,
    clusters: 3,
    clusterTemperature: 4,
    early: { epochs: 2, rate: 0.01, patience: 1 },
    soft: { epochs: 2, rate: 0.01, temperature: 4 },
  },
};

let folder: string;
let engine: Engine;
let task: Task;
/** What was said on standard error. */
let said: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  engine = await createEngine({ threads: 2 });
  const { train, test } = await loadMnist();
  task = { train: take(train, 1000), test: take(test, 300) };
});
afterAll(() => engine.close());

/** Says what it is told into `said`; `onNote` sees each epoch. */
function context(onNote = (_title: string, _text: string, _context: Context): void => {}): Context {
  said = [];
  const made: Context = {
    controller: new AbortController(),
    progress: {
      start: (title) => ({
        update: () => {},
        note: (text) => onNote(title, text, made),
        done: (text) => void said.push(`${title}: ${text}`),
      }),
      say: (line) => void said.push(line),
      close: () => {},
    },
  };
  return made;
}

function named(name: string, scale = TINY): Experiment {
  return experiments(scale).find((experiment) => experiment.name === name)!;
}

async function reproduce(
  name: string,
  out: string,
  { on = context(), scale = TINY, of = task } = {},
): Promise<Result> {
  const store = await Store.open(engine, of, on, join(folder, out));
  return runExperiment(store, named(name, scale), 'tiny', `reproduce ${name}`);
}

/** A result without times. */
function lasting({ rows }: Result) {
  return rows.map(({ trainingSeconds: _, ...row }) => row);
}

describe('every experiment', () => {
  it.each(experiments(TINY).map(({ name }) => name))('%s runs and says what it found', async (name) => {
    const result = await reproduce(name, 'all');
    expect(result).toMatchObject({ name, config: { trainingImages: 1000, testImages: 300, scale: 'tiny' } });
    expect(result.seconds).toBeGreaterThan(0);
    expect(result.rows.length).toBeGreaterThan(0);
    for (const { what, paper, ours, each, deviation, seeds, weightsSha256, unit } of result.rows) {
      expect(what).toMatch(/\w/);
      expect(paper === null || paper > 0).toBe(true);
      expect(each.length === seeds.length || each.length === 1).toBe(true);
      expect(ours).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / each.length, 9);
      expect(deviation).toBeGreaterThanOrEqual(0);
      // The share of a gap can be anything in so small an experiment.
      if (!what.includes('share of the gap'))
        for (const value of each) expect(value >= 0 && value <= (unit === '%' ? 100 : 300)).toBe(true);
      expect(weightsSha256).toHaveLength(seeds.length);
      for (const hash of weightsSha256) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(weightsSha256).size).toBe(seeds.length);
    }
    await writeResult(join(folder, 'all'), result);
    expect(JSON.parse(await readFile(join(folder, 'all', `${name}.json`), 'utf8'))).toEqual(result);
    const markdown = await readFile(join(folder, 'all', `${name}.md`), 'utf8');
    for (const hash of result.rows.flatMap((row) => row.weightsSha256)) expect(markdown).toContain(hash);
    expect(existsSync(join(folder, 'all', `${name}.svg`))).toBe(result.plot !== undefined);
  });

  it('measures how much of the gap is recovered against students of the same way of training', async () => {
    const { rows } = await reproduce('mnist-3-percent', 'all');
    const each = (what: string) => rows.find((row) => row.what === what)!.each;
    for (const [all, few] of [
      ['all, hard labels', '10 %'],
      ['all, jittered, hard labels', '10 %, jittered'],
    ]) {
      const [start, reached, end] = [`${few}, hard labels`, `${few}, soft targets`, all].map((what) =>
        each(`${what}: test accuracy`),
      );
      const shares = reached!.map((value, i) => (100 * (value - start![i]!)) / (end![i]! - start![i]!));
      expect(each(`${few}: share of the gap that soft targets recover`)).toEqual(shares);
    }
  });

  it('is there at both scales', () => {
    const names = (scale: Scale) => experiments(scale).map(({ name }) => name);
    expect(names(QUICK)).toEqual(names(FULL));
  });
});

describe('the store', () => {
  it('gives the same rows again without training anything', async () => {
    const first = await reproduce('mnist-soft', 'again');
    expect(said.filter((line) => /epochs/.test(line))).toHaveLength(6);
    const second = await reproduce('mnist-soft', 'again');
    expect(said).toEqual([]);
    expect(lasting(second)).toEqual(lasting(first));
  });

  it('lets experiments share teachers and soft targets', async () => {
    await reproduce('mnist-soft', 'shared');
    await reproduce('mnist-without-3', 'shared');
    expect(said.some((line) => line.startsWith('no 3, seed 1'))).toBe(true);
    expect(said.some((line) => line.startsWith('teacher'))).toBe(false);
    await reproduce('mnist-unlabeled', 'shared');
    expect(said.some((line) => /^(teacher|soft targets, T)/.test(line))).toBe(false);
  });

  it('makes soft targets of jittered images once, for all seeds, and they teach what teachers in the step would', async () => {
    const result = await reproduce('mnist-ensemble', 'jittered');
    expect(said.filter((line) => line.startsWith('soft targets, T'))).toEqual([
      'soft targets, T = 4: 1,000 samples in 9 shifts of teacher',
    ]);
    const [file, ...others] = await readdir(join(folder, 'jittered', 'soft-targets'));
    expect(others).toEqual([]);
    const soft = decodeSoftTargets(await readFile(join(folder, 'jittered', 'soft-targets', file!)), file!);
    expect([soft.jitter, soft.probabilities.length]).toEqual([1, 1000 * 9 * 10]);
    const store = await Store.open(engine, task, context(), join(folder, 'jittered'));
    const [student, ensemble] = (named('mnist-ensemble') as Comparison).rows;
    const teachers = await Promise.all(
      ensemble!.seeds.map(async (seed) => (await store.load({ model: ensemble!.model, seed })).model),
    );
    const relabeled = await distill(engine, {
      architecture: { kind: 'mlp', layers: [784, ...TINY.student, 10] },
      data: task.train,
      seed: student!.seeds[1]!,
      ...TINY.ensemble.recipe,
      teachers,
      ...LOSS,
    });
    expect(result.rows[0]!.weightsSha256[1]).toBe(await weightsSha256(relabeled));
  });

  it('has a bar over all that is done, soft targets too, which never goes back and ends full', async () => {
    const overall: { total: number; done: number[] } = { total: 0, done: [] };
    const on = context();
    const { start } = on.progress;
    on.progress.start = (title, total, ...rest) => {
      const bar = start(title, total, ...rest);
      if (!title.startsWith('all ')) return bar;
      overall.total = total;
      return { ...bar, update: (done) => void overall.done.push(done) };
    };
    await reproduce('mnist-ensemble', 'bar', { on });
    const weights = (layers: number[]) =>
      layers.slice(1).reduce((sum, n, i) => sum + (layers[i]! + 1) * n, 0);
    const [teacher, student] = [weights([784, 40, 32, 10]), weights([784, 24, 16, 10])];
    // Teachers: 2 for 4 epochs, then 9 forward passes each. Students: 2 for 2 epochs.
    const flops = 1000 * (6 * 2 * 4 * teacher + 2 * 9 * 2 * teacher + 6 * 2 * 2 * student);
    expect(overall.total).toBeCloseTo(flops / 1e9, 9);
    expect(overall.done).toEqual([...overall.done].sort((a, b) => a - b));
    expect(overall.done.at(-1)).toBe(overall.total);
  });

  it('goes on from another model of the same seed as train() does', async () => {
    const from = { ...TEACHER, title: 'first cycle' };
    const recipe = { epochs: 2, rate: 0.02 };
    const scale = { ...TINY, teacher: { ...TEACHER, recipe, from } };
    const result = await reproduce('mnist-teacher', 'cycles', { scale });
    expect(said.flatMap((line) => /.*, seed \d(?=:)/.exec(line) ?? []).sort()).toEqual([
      'first cycle, seed 1',
      'first cycle, seed 2',
      'teacher, seed 1',
      'teacher, seed 2',
    ]);
    const store = await Store.open(engine, task, context(), join(folder, 'cycles'));
    const { model: initial } = await store.load({ model: from, seed: 2 });
    const { architecture } = initial;
    const again = await train(engine, { architecture, data: task.train, seed: 2, ...recipe, initial });
    expect(result.rows[0]!.weightsSha256[1]).toBe(await weightsSha256(again));
  });

  it('trains again what another teacher taught', async () => {
    await reproduce('mnist-soft', 'taught');
    const teacher = { ...TINY.teacher, recipe: { ...TINY.teacher.recipe, epochs: 3 } };
    await reproduce('mnist-soft', 'taught', { scale: { ...TINY, teacher } });
    expect(said.filter((line) => /^(teacher|soft targets), seed/.test(line))).toHaveLength(4);
    expect(said.filter((line) => line.startsWith('hard labels'))).toEqual([]);
  });

  it('counts errors anew on other test images', async () => {
    const first = await reproduce('mnist-hard', 'tests');
    const few = { ...task, test: take(task.test, 20) };
    const other = await reproduce('mnist-hard', 'tests', { of: few });
    expect(other.rows[0]!.weightsSha256).toEqual(first.rows[0]!.weightsSha256);
    expect(other.rows[0]!.each.every((errors) => errors <= 20)).toBe(true);
    expect(first.rows[0]!.each.some((errors) => errors > 20)).toBe(true);
  });

  it('goes on where it was stopped, to the same bits', async () => {
    const whole = await reproduce('mnist-ensemble', 'whole');
    for (const moment of ['teacher, seed 1', 'ensemble student, seed 2']) {
      const stopping = context((title, _, { controller }) => {
        if (title === moment) controller.abort();
      });
      await expect(reproduce('mnist-ensemble', 'stopped', { on: stopping })).rejects.toMatchObject({
        code: 'aborted',
      });
      const files = await readdir(join(folder, 'stopped', 'models'));
      expect(files.some((file) => file.endsWith('.checkpoint.safetensors'))).toBe(true);
    }
    expect(lasting(await reproduce('mnist-ensemble', 'stopped'))).toEqual(lasting(whole));
    const files = await readdir(join(folder, 'stopped', 'models'));
    expect(files.sort()).toEqual((await readdir(join(folder, 'whole', 'models'))).sort());
  });

  it('refuses a model under another one’s name', async () => {
    await reproduce('mnist-hard', 'swapped');
    const models = join(folder, 'swapped', 'models');
    const [one, two] = await readdir(models);
    await writeFile(join(models, one!), await readFile(join(models, two!)));
    await expect(reproduce('mnist-hard', 'swapped')).rejects.toMatchObject({ code: 'bad-file' });
  });
});

describe('what a result says', () => {
  it('is plain about what is worse than in the paper', async () => {
    const result = await reproduce('mnist-soft', 'words');
    const full = { ...result, config: { ...result.config, scale: 'full' } };
    full.rows = [
      { ...full.rows[0]!, ours: 80.5 },
      { ...full.rows[1]!, ours: 140 },
    ];
    const text = resultMarkdown(full, '.');
    expect(text).toContain('student, soft targets: **worse** than the paper by 6.50 errors');
    expect(text).toContain('student, hard labels: better than the paper by 6 errors');
  });

  it('is joined into one document, which names what is missing', async () => {
    const out = join(folder, 'joined');
    const result = await reproduce('mnist-unlabeled', 'joined');
    await writeResult(out, result);
    const docs = join(folder, 'docs');
    expect(await collect(out, docs, ['mnist-unlabeled', 'mnist-soft'])).toEqual(['mnist-soft']);
    expect(JSON.parse(await readFile(join(docs, 'results.json'), 'utf8'))).toEqual([result]);
    expect(await readFile(join(docs, 'results.md'), 'utf8')).toContain('(results/mnist-unlabeled.svg)');
    expect(await readFile(join(docs, 'results/mnist-unlabeled.svg'), 'utf8')).toMatch(/^<svg/);
  });
});

it('--split takes its test images from the training images', async () => {
  const { train } = await loadMnist();
  const parts = split(train);
  expect([parts.train.size, parts.test.size]).toEqual([50_000, 10_000]);
  const pixels = 28 * 28;
  expect(Buffer.compare(parts.test.images, train.images.subarray(50_000 * pixels))).toBe(0);
  expect(Buffer.compare(parts.train.images, train.images.subarray(0, 50_000 * pixels))).toBe(0);
});

describe('the command', () => {
  it('lists the experiments', async () => {
    const { code, stdout } = await cli('reproduce');
    expect(code).toBe(0);
    for (const { name } of experiments(FULL))
      expect(stdout).toMatch(new RegExp(`^${name} +\\d+ (min|h) +\\w`, 'm'));
    const listed = JSON.parse((await cli('reproduce', '--json')).stdout) as { name: string }[];
    expect(listed.map(({ name }) => name)).toEqual(experiments(FULL).map(({ name }) => name));
  });

  it('suggests a name for one that it does not know', async () => {
    const { code, stderr } = await cli('reproduce', 'mnist-sotf');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'wasm-distill: there is no experiment "mnist-sotf", but there is mnist-soft; see wasm-distill reproduce --help\n',
    );
  });

  it('stops on Ctrl-C, goes on by itself, and prints JSON alone', async () => {
    const args = ['reproduce', 'mnist-hard', '--quick', '--json', '--out', join(folder, 'command')];
    const running = start(...args);
    await running.said('seed 1: epoch 2/');
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(/\nstopped; the same command continues\n$/);
    const ended = await cli(...args);
    expect(ended.code).toBe(0);
    const result = JSON.parse(ended.stdout) as Result;
    expect(Object.keys(result)).toEqual(expect.arrayContaining(['name', 'rows', 'config', 'seconds']));
    expect(result.rows[0]).toMatchObject({ paper: 146, seeds: [1, 2] });
    expect(existsSync(join(folder, 'command', 'quick', 'mnist-hard.json'))).toBe(true);
  }, 180_000);
});
