import { expect, it } from 'vitest';
import type { Experiment } from '../../experiments/experiment.ts';
import type { Paper } from '../../experiments/paper.ts';
import { expectComplete } from './complete.ts';
import { conduct } from './setting.ts';

/** That a paper's experiments run at a tiny scale, say what they found, and are there at both of their own scales. */
export function expectAllRun(paper: Paper, tiny: readonly Experiment[]): void {
  it.each(tiny.map((experiment) => [experiment.name, experiment] as const))(
    '%s runs and says what it found',
    async (_, experiment) => expectComplete(await conduct(experiment, paper.name), paper.name),
    120_000,
  );

  it('is there at both scales', () => {
    const names = tiny.map(({ name }) => name);
    for (const { experiments } of [paper.full, paper.quick])
      expect(experiments.map(({ name }) => name)).toEqual(names);
  });
}
