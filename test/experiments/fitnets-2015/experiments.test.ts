import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../experiments/experiment.ts';
import { experiments, fitnets2015 } from '../../../experiments/fitnets-2015/paper.ts';
import { open } from '../setting.ts';
import { expectAllRun } from '../suite.ts';

const ALL = experiments({
  ...{ share: 0.1, seeds: 2, student: 'nobn conv3k5s2@low conv4k3s2@high dense10' },
  teacher: { network: 'conv4k5s2v@hint pool dense10', training: { epochs: 1 } },
  ...{ guided: ['low', 'high'], middle: 'low', epochs: { hints: 1, rest: 1 } },
});

describe('every experiment', () => expectAllRun(fitnets2015, ALL));

it('goes on from a stage that trains up to the guided layer', async () => {
  const laboratory = await open('fitnets-2015');
  const row = (ALL[0] as Comparison).rows.find(({ what }) => what.startsWith('hints at high'))!;
  const [job] = await laboratory.jobs(row.model, [1]);
  expect(job!.upTo).toBeUndefined();
  expect(job!.initial).toMatchObject({
    kind: 'train',
    upTo: 'high',
    lesson: { terms: [{ objective: 'fitnets' }] },
  });
});
