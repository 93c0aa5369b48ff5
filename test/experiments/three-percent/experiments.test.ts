import { describe, expect, it } from 'vitest';
import { objectiveCatalog } from 'wasm-distill/objectives';
import { experiments } from '../../../experiments/three-percent/experiments.ts';
import { BY_GRADIENTS, BY_ITSELF, HINTS, OBJECTIVES } from '../../../experiments/three-percent/objectives.ts';
import { threePercent } from '../../../experiments/three-percent/paper.ts';
import type { Scale } from '../../../experiments/three-percent/recipes.ts';
import { conduct, open } from '../setting.ts';
import { expectAllRun } from '../suite.ts';

const teacher = { network: 'conv4k5s2v@one conv8k5v@two pool dense16', training: { epochs: 2 } };

/** Every experiment, in seconds. */
const TINY: Scale = {
  share: 0.2,
  seeds: 2,
  student: 'conv2k5s2v@one conv3k5v@two pool',
  training: { epochs: 2 },
  plain: {},
  teachers: { mnist: teacher, 'fashion-mnist': teacher, 'cifar-10': teacher },
};

const ALL = experiments(TINY);

describe('every experiment', () => {
  // They differ by their data alone, which are MNIST's here.
  expectAllRun({ ...threePercent, ...onlyFirst() }, ALL.slice(0, 1));

  it('is one a data set', () => {
    const names = ['three-percent-mnist', 'three-percent-fashion-mnist', 'three-percent-cifar-10'];
    for (const list of [ALL, threePercent.full.experiments, threePercent.quick.experiments])
      expect(list.map(({ name }) => name)).toEqual(names);
    expect(ALL.map(({ data }) => data)).toEqual([undefined, 'fashion-mnist', 'cifar-10']);
  });
});

function onlyFirst() {
  const [full, quick] = [threePercent.full, threePercent.quick].map(({ experiments }) => ({
    experiments: experiments.slice(0, 1),
  }));
  return { full: full!, quick: quick! };
}

describe('objectives', () => {
  it('are all that the catalog has, but rows of their own and those that the introduction leaves out', () => {
    const own = ['labels', 'smoothing', 'virtual-teacher', 'kd'];
    const elsewhere = ['fsp', 'verification', 'triplet'];
    const rows = [...OBJECTIVES, ...BY_ITSELF, ...BY_GRADIENTS].map(({ term }) => term);
    const taught = [...rows, HINTS].map(({ objective }) => objective);
    const missing = Object.keys(objectiveCatalog).filter(
      (name) => ![...own, ...elsewhere, ...taught].includes(name),
    );
    expect(missing).toEqual([]);
  });
});

describe('steps', () => {
  it('are counted until a row has no more errors than labels end with', async () => {
    const result = await conduct(ALL[0]!, 'three-percent');
    const labels = result.rows.find(({ what }) => what === 'labels')!;
    const laboratory = await open('three-percent');
    const experiment = ALL[0]!;
    if (experiment.kind !== 'comparison') throw new Error('it is a comparison');
    for (const [i, { model, seeds }] of experiment.rows.entries()) {
      const row = result.rows[i]!;
      const jobs = await laboratory.jobs(model, seeds);
      const steps: number[] = [];
      for (const job of jobs) {
        const { history } = await laboratory.trained(job);
        const size = laboratory.samplesOf(job.data).size;
        const epoch = history.find(({ testErrors }) => testErrors! <= labels.ours)?.epoch;
        const before = job.initial?.kind === 'train' ? job.initial.epochs : 0;
        if (epoch !== undefined) steps.push(((before + epoch) * size) / 100);
      }
      const mean = steps.reduce((sum, n) => sum + n, 0) / steps.length;
      expect(row.stepsTo).toBe(steps.length < jobs.length ? null : mean);
    }
  });
});
