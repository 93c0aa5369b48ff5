import { describe, expect, it } from 'vitest';
import { experiments } from '../../../experiments/hinton-2015/experiments.ts';
import { FULL, QUICK, type Scale } from '../../../experiments/hinton-2015/recipes.ts';
import { expectComplete } from '../complete.ts';
import { reproduce } from '../setting.ts';
import { TINY } from './tiny.ts';

describe('every experiment', () => {
  it.each(experiments(TINY).map(({ name }) => name))('%s runs and says what it found', async (name) => {
    await expectComplete(await reproduce(name, 'all'), 'all');
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
