import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { experiments } from '../../../experiments/hinton-2015/experiments.ts';
import { FULL, QUICK, type Scale } from '../../../experiments/hinton-2015/recipes.ts';
import { writeResult } from '../../../experiments/run.ts';
import { reproduce, setting } from '../setting.ts';
import { TINY } from './tiny.ts';

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
    await writeResult(join(setting.folder, 'all'), result);
    expect(JSON.parse(await readFile(join(setting.folder, 'all', `${name}.json`), 'utf8'))).toEqual(result);
    const markdown = await readFile(join(setting.folder, 'all', `${name}.md`), 'utf8');
    for (const hash of result.rows.flatMap((row) => row.weightsSha256)) expect(markdown).toContain(hash);
    expect(existsSync(join(setting.folder, 'all', `${name}.svg`))).toBe(result.plot !== undefined);
  });

  it('measures how much of the gap is recovered against students of the same way of training', async () => {
    const { rows } = await reproduce('mnist-3-percent', 'all');
    const each = (what: string) => rows.find((row) => row.what === what)!.each;
    for (const [all, few] of [
      ['all, hard labels', '10%'],
      ['all, jittered, hard labels', '10%, jittered'],
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
