import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate, startFrom, train, weightsSha256 } from 'wasm-distill';
import { architectureOf } from '../../../experiments/compile.ts';
import type { Comparison, Experiment, Row } from '../../../experiments/experiment.ts';
import { collectedFolder } from '../../../experiments/places.ts';
import type { Result } from '../../../experiments/result.ts';
import { choose, testOf } from '../../../experiments/samples.ts';
import { experiments } from '../../../experiments/survey/experiments.ts';
import { survey } from '../../../experiments/survey/paper.ts';
import { expectComplete } from '../complete.ts';
import { conduct, open, setting } from '../setting.ts';
import { TINY } from './tiny.ts';

const ALL = experiments(TINY);
const transfer = ALL[0] as Experiment & Comparison;

function row(what: string): Row {
  return transfer.rows.find((one) => one.what === what)!;
}

type Size = 'full' | 'quick';

/** The results that are kept in the repository. */
async function keptAt(scale: Size): Promise<Result[]> {
  const folder = collectedFolder(true, survey, { quick: scale === 'quick', split: false });
  return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Result[];
}

/** The means of their rows. */
async function oursOf(scale: Size): Promise<Record<string, number>> {
  const kept = await keptAt(scale);
  return Object.fromEntries(
    kept.flatMap(({ name, rows }) => rows.map(({ what, ours }) => [`${name}: ${what}`, ours])),
  );
}

describe('every experiment', () => {
  it.each(ALL.map((experiment) => [experiment.name, experiment] as const))(
    '%s runs and says what it found',
    async (_, experiment) => expectComplete(await conduct(experiment, 'survey'), 'survey'),
  );

  it('is there at both scales', () => {
    const names = ALL.map(({ name }) => name);
    expect(survey.full.experiments.map(({ name }) => name)).toEqual(names);
    expect(survey.quick.experiments.map(({ name }) => name)).toEqual(names);
  });

  it.each(['full', 'quick'] as const)(
    'the %s tables that are kept are of the experiments as they are',
    async (scale) => {
      const kept = await keptAt(scale);
      expect(kept).not.toEqual([]);
      expect(kept.map(({ config }) => config.scale)).toEqual(kept.map(() => scale));
      // What JSON keeps of them.
      const now = JSON.parse(JSON.stringify(survey[scale].experiments)) as { name: string }[];
      const run = now.filter(({ name }) => kept.some((result) => result.name === name));
      expect(kept.map(({ config }) => config.experiment)).toEqual(run);
    },
  );

  it.each(['full', 'quick'] as const)(
    'the %s table shows that start and teacher both save images',
    async (scale) => {
      const ours = await oursOf(scale);
      const few = (start: string, how: string) =>
        ours[`transfer-by-prior: 10 images a class, ${start}, ${how}`]!;
      expect(few('from 0 to 4', 'distilled')).toBeLessThan(few('from 0 to 4', 'labels'));
      expect(few('from 0 to 4', 'distilled')).toBeLessThan(few('from scratch', 'distilled'));
      expect(few('from scratch', 'distilled')).toBeLessThan(few('from scratch', 'labels'));
    },
  );

  it.each(['full', 'quick'] as const)(
    'the %s table shows that two terms teach more than the sum',
    async (scale) => {
      const ours = await oursOf(scale);
      const way = (what: string) => ours[`survey-recipe: convolutional: ${what}`]!;
      const terms = way('two terms with T², T = 20, teachers at 1');
      for (const other of ['labels', 'sum, T = 20, teachers at 20', 'sum, T = 20, teachers at 1'])
        expect(terms).toBeLessThan(way(other));
    },
  );
});

describe('transfer by a prior', () => {
  it('learns few images of the other digits, the same in all four rows of a seed, and is tested on these digits', async () => {
    const laboratory = await open('survey');
    const starts = ['from scratch', 'from 0 to 4'].flatMap((start) => [
      `${start}, labels`,
      `${start}, distilled`,
    ]);
    for (const [i, seed] of [1, 2].entries()) {
      const jobs = await Promise.all(
        starts.map(
          async (start) => (await laboratory.jobs(row(`2 images a class, ${start}`).model, [1, 2]))[i]!,
        ),
      );
      expect(new Set(jobs.map((job) => job.data.sha256)).size).toBe(1);
      expect(jobs.every((job) => job.seed === seed)).toBe(true);
    }
    const [one, two] = await laboratory.jobs(row('2 images a class, from scratch, labels').model, [1, 2]);
    expect(one!.data.sha256).not.toBe(two!.data.sha256);
    expect(one!.test.sha256).toBe(two!.test.sha256);
  });

  it('takes all layers of the prior but the last, as train() does from startFrom()', async () => {
    const result = await conduct(transfer, 'survey');
    const what = '5 images a class, from 0 to 4, labels';
    const laboratory = await open('survey');
    const { student, next, few } = TINY.transfer;
    const architecture = architectureOf(`${student.network} dense5`, [28, 28, 1]);
    const [prior] = await laboratory.jobs(row(what).model.from!, [2]);
    const { model } = await laboratory.trained(prior!);
    expect(model.classNames).toEqual(['0', '1', '2', '3', '4']);
    const samples = { classes: next, alone: true, each: 5 };
    const data = choose(setting.task.train, samples, 2);
    const start = startFrom(model, architecture, { classNames: data.classNames });
    expect(start.fresh).toHaveLength(1);
    const again = await train(setting.engine, {
      ...{ architecture, data, seed: 2, initial: start },
      ...few[1]!.training,
    });
    const measured = result.rows.find((one) => one.what === what)!;
    expect(measured.weightsSha256[1]).toBe(await weightsSha256(again));
    const test = testOf(setting.task.test, samples);
    const { errors } = await evaluate(setting.engine, again, test);
    expect(measured.each[1]).toBe((100 * errors) / test.size);
  });
});

describe("the survey's recipe", () => {
  it('is a plain sum whose teachers learned at T = 20, and nothing has a recipe of its own', async () => {
    const laboratory = await open('survey');
    const { rows } = ALL[1] as Comparison;
    const sum = rows.find(({ what }) => what === 'perceptron: sum, T = 20, teachers at 20')!;
    const [job] = await laboratory.jobs(sum.model, [1]);
    expect(job!.recipe).toBeUndefined();
    expect(job!.lesson).toMatchObject({ kind: 'distillation', temperature: 20, form: 'sum' });
    const hot = { kind: 'train', lesson: { kind: 'labels', temperature: 20 } };
    expect(job!.lesson).toMatchObject({
      teachers: [
        { ...hot, seed: 1 },
        { ...hot, seed: 2 },
      ],
    });
  });
});
