import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeSoftTargets, distill, take, train, weightsSha256 } from 'wasm-distill';
import type { Comparison } from '../../experiments/experiment.ts';
import type { Result } from '../../experiments/result.ts';
import { Store } from '../../experiments/store.ts';
import { TEACHER, TINY } from './hinton-2015/tiny.ts';
import { context, laboratory, named, reproduce } from './laboratory.ts';

/** A result without times. */
function lasting({ rows }: Result) {
  return rows.map(({ trainingSeconds: _, ...row }) => row);
}

describe('the store', () => {
  it('gives the same rows again without training anything', async () => {
    const first = await reproduce('mnist-soft', 'again');
    expect(laboratory.said.filter((line) => /epochs/.test(line))).toHaveLength(6);
    const second = await reproduce('mnist-soft', 'again');
    expect(laboratory.said).toEqual([]);
    expect(lasting(second)).toEqual(lasting(first));
  });

  it('lets experiments share teachers and soft targets', async () => {
    await reproduce('mnist-soft', 'shared');
    await reproduce('mnist-without-3', 'shared');
    expect(laboratory.said.some((line) => line.startsWith('no 3, seed 1'))).toBe(true);
    expect(laboratory.said.some((line) => line.startsWith('teacher'))).toBe(false);
    await reproduce('mnist-unlabeled', 'shared');
    expect(laboratory.said.some((line) => /^(teacher|soft targets, T)/.test(line))).toBe(false);
  });

  it('makes soft targets of jittered images once, for all seeds, and they teach what teachers in the step would', async () => {
    const result = await reproduce('mnist-ensemble', 'jittered');
    expect(laboratory.said.filter((line) => line.startsWith('soft targets, T'))).toEqual([
      'soft targets, T = 4: 1,000 samples in 9 shifts of teacher',
    ]);
    const [file, ...others] = await readdir(join(laboratory.folder, 'jittered', 'soft-targets'));
    expect(others).toEqual([]);
    const soft = decodeSoftTargets(
      await readFile(join(laboratory.folder, 'jittered', 'soft-targets', file!)),
      file!,
    );
    expect([soft.jitter, soft.probabilities.length]).toEqual([1, 1000 * 9 * 10]);
    const store = await Store.open(
      laboratory.engine,
      laboratory.task,
      context(),
      join(laboratory.folder, 'jittered'),
    );
    const [student, ensemble] = (named('mnist-ensemble') as Comparison).rows;
    const teachers = await Promise.all(
      ensemble!.seeds.map(async (seed) => (await store.load({ model: ensemble!.model, seed })).model),
    );
    const relabeled = await distill(laboratory.engine, {
      architecture: { kind: 'mlp', layers: [784, ...TINY.student, 10] },
      data: laboratory.task.train,
      seed: student!.seeds[1]!,
      ...TINY.ensemble.recipe,
      teachers,
      ...TINY.ensemble.loss,
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
    expect(laboratory.said.flatMap((line) => /.*, seed \d(?=:)/.exec(line) ?? []).sort()).toEqual([
      'first cycle, seed 1',
      'first cycle, seed 2',
      'teacher, seed 1',
      'teacher, seed 2',
    ]);
    const store = await Store.open(
      laboratory.engine,
      laboratory.task,
      context(),
      join(laboratory.folder, 'cycles'),
    );
    const { model: initial } = await store.load({ model: from, seed: 2 });
    const { architecture } = initial;
    const again = await train(laboratory.engine, {
      architecture,
      data: laboratory.task.train,
      seed: 2,
      ...recipe,
      initial,
    });
    expect(result.rows[0]!.weightsSha256[1]).toBe(await weightsSha256(again));
  });

  it('trains again what another teacher taught', async () => {
    await reproduce('mnist-soft', 'taught');
    const teacher = { ...TINY.teacher, recipe: { ...TINY.teacher.recipe, epochs: 3 } };
    await reproduce('mnist-soft', 'taught', { scale: { ...TINY, teacher } });
    expect(laboratory.said.filter((line) => /^(teacher|soft targets), seed/.test(line))).toHaveLength(4);
    expect(laboratory.said.filter((line) => line.startsWith('hard labels'))).toEqual([]);
  });

  it('counts errors anew on other test images', async () => {
    const first = await reproduce('mnist-hard', 'tests');
    const few = { ...laboratory.task, test: take(laboratory.task.test, 20) };
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
      const files = await readdir(join(laboratory.folder, 'stopped', 'models'));
      expect(files.some((file) => file.endsWith('.checkpoint.safetensors'))).toBe(true);
    }
    expect(lasting(await reproduce('mnist-ensemble', 'stopped'))).toEqual(lasting(whole));
    const files = await readdir(join(laboratory.folder, 'stopped', 'models'));
    expect(files.sort()).toEqual((await readdir(join(laboratory.folder, 'whole', 'models'))).sort());
  });

  it('refuses a model under another one’s name', async () => {
    await reproduce('mnist-hard', 'swapped');
    const models = join(laboratory.folder, 'swapped', 'models');
    const [one, two] = await readdir(models);
    await writeFile(join(models, one!), await readFile(join(models, two!)));
    await expect(reproduce('mnist-hard', 'swapped')).rejects.toMatchObject({ code: 'bad-file' });
  });
});
