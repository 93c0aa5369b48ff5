import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distill, take, train, weightsSha256 } from 'wasm-distill';
import { decodeSoftTargets } from 'wasm-distill/formats';
import { architectureOf, partsOf } from '../../experiments/compile.ts';
import type { Comparison } from '../../experiments/experiment.ts';
import type { Result } from '../../experiments/result.ts';
import { TEACHER, TINY } from './hinton-2015/tiny.ts';
import { context, named, open, reproduce, setting } from './setting.ts';

const SHAPE = [28, 28, 1];

/** A result without times. */
function lasting({ rows }: Result) {
  return rows.map(({ trainingSeconds: _, ...row }) => row);
}

/** Titles of what was trained, or asked, since the last context was made. */
function made(): string[] {
  return setting.said.flatMap((line) => /^(.*): \d+,?\d* (?:epoch|sample)/.exec(line)?.[1] ?? []).sort();
}

describe('the laboratory', () => {
  it('gives the same rows again without training anything', async () => {
    const first = await reproduce('mnist-soft', 'again');
    // Two of each of four rows, and two convolutional teachers.
    expect(made().filter((title) => title.includes('seed'))).toHaveLength(10);
    const second = await reproduce('mnist-soft', 'again');
    expect(setting.said).toHaveLength(10);
    for (const line of setting.said) expect(line).toMatch(/, seed [12]: trained before, \d+ test errors?$/);
    expect(lasting(second)).toEqual(lasting(first));
  });

  it('counts confusions once', async () => {
    const first = await reproduce('mnist-without-3', 'confusions');
    const files = () => readdir(join(setting.folder, 'confusions', 'evaluations'));
    expect(await files()).toHaveLength(2);
    expect(lasting(await reproduce('mnist-without-3', 'confusions'))).toEqual(lasting(first));
    expect(await files()).toHaveLength(2);
  });

  it('lets experiments share teachers and soft targets', async () => {
    await reproduce('mnist-soft', 'shared');
    await reproduce('mnist-without-3', 'shared');
    expect(made()).toEqual(['no 3, seed 1', 'no 3, seed 2', 'soft targets', 'soft targets']);
    await reproduce('mnist-unlabeled', 'shared');
    expect(made().some((title) => /^(teacher|soft targets$)/.test(title))).toBe(false);
  });

  it('makes soft targets of jittered images once, for all seeds, and they teach what teachers in the step would', async () => {
    const result = await reproduce('mnist-ensemble', 'jittered');
    // Once of perceptrons, once of convolutional networks.
    const asked = 'soft targets: 9,000 samples at T = 4';
    expect(setting.said.filter((line) => line.startsWith('soft targets:'))).toEqual([asked, asked]);
    const outputs = join(setting.folder, 'jittered', 'outputs');
    const files = await readdir(outputs);
    expect(files).toHaveLength(2);
    for (const file of files) {
      const soft = decodeSoftTargets(await readFile(join(outputs, file)), file);
      expect([soft.augment, soft.probabilities.length]).toEqual([[{ shift: 1 }], 1000 * 9 * 10]);
    }
    const laboratory = await open('jittered');
    const [student, ensemble] = (named('mnist-ensemble') as Comparison).rows;
    const jobs = await laboratory.jobs(ensemble!.model, ensemble!.seeds);
    const teachers = await Promise.all(jobs.map(async (job) => (await laboratory.trained(job)).model));
    const relabeled = await distill(setting.engine, {
      architecture: architectureOf(TINY.student, SHAPE),
      data: setting.task.train,
      seed: student!.seeds[1]!,
      ...partsOf(TINY.ensemble.training),
      teachers,
      ...TINY.ensemble.loss,
    });
    expect(result.rows[0]!.weightsSha256[1]).toBe(await weightsSha256(relabeled));
  });

  it('goes on from another model of the same seed as train() does', async () => {
    const from = { ...TEACHER, title: 'first cycle' };
    const training = { epochs: 2, rate: 0.02 };
    const scale = { ...TINY, teacher: { ...TEACHER, training, from } };
    const result = await reproduce('mnist-teacher', 'cycles', { scale });
    expect(made()).toEqual([
      'first cycle, seed 1',
      'first cycle, seed 2',
      'teacher, seed 1',
      'teacher, seed 2',
    ]);
    const laboratory = await open('cycles');
    const [job] = await laboratory.jobs(from, [2]);
    const { model: initial } = await laboratory.trained(job!);
    const again = await train(setting.engine, {
      architecture: architectureOf(TEACHER.network, SHAPE),
      data: setting.task.train,
      seed: 2,
      ...partsOf(training),
      initial,
    });
    expect(result.rows[0]!.weightsSha256[1]).toBe(await weightsSha256(again));
  });

  it('trains again what another teacher taught', async () => {
    await reproduce('mnist-soft', 'taught');
    const teacher = { ...TINY.teacher, training: { ...TINY.teacher.training, epochs: 3 } };
    await reproduce('mnist-soft', 'taught', { scale: { ...TINY, teacher } });
    expect(made().filter((title) => /^(teacher|soft targets), seed/.test(title))).toHaveLength(4);
    expect(made().filter((title) => title.startsWith('hard labels'))).toEqual([]);
  });

  it('counts errors anew on other test images', async () => {
    const first = await reproduce('mnist-hard', 'tests');
    const few = { ...setting.task, test: take(setting.task.test, 20) };
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
      const files = await readdir(join(setting.folder, 'stopped', 'models'));
      expect(files.some((file) => file.endsWith('.checkpoint.safetensors'))).toBe(true);
    }
    expect(lasting(await reproduce('mnist-ensemble', 'stopped'))).toEqual(lasting(whole));
    const files = await readdir(join(setting.folder, 'stopped', 'models'));
    expect(files.sort()).toEqual((await readdir(join(setting.folder, 'whole', 'models'))).sort());
  });

  it('keeps specialists, those of a generalist’s bits', async () => {
    const first = await reproduce('specialists', 'kept');
    const models = () => readdir(join(setting.folder, 'kept', 'models'));
    const kept = await models();
    expect(lasting(await reproduce('specialists', 'kept'))).toEqual(lasting(first));
    expect(await models()).toEqual(kept);
    // A generalist and 3 specialists of each kind, for 2 seeds.
    expect(kept).toHaveLength(14);
  });

  it('refuses a model under another one’s name', async () => {
    await reproduce('mnist-hard', 'swapped');
    const models = join(setting.folder, 'swapped', 'models');
    const [one, two] = await readdir(models);
    await writeFile(join(models, one!), await readFile(join(models, two!)));
    await expect(reproduce('mnist-hard', 'swapped')).rejects.toMatchObject({ code: 'bad-file' });
  });
});
