import { describe, expect, it } from 'vitest';
import { darkrank2018, experiments } from '../../../experiments/darkrank-2018/paper.ts';
import { conduct } from '../setting.ts';
import { expectAllRun } from '../suite.ts';

const training = { epochs: 1, batch: 25 };
const ALL = experiments({
  seeds: 2,
  samples: { classes: [0, 1, 2], alone: true, each: 20 },
  retrieved: [5, 6],
  teacher: { network: 'conv4k5s2v pool dense16', training },
  student: { network: 'conv2k5s2v pool dense8', training },
});

describe('every experiment', () => expectAllRun(darkrank2018, ALL));

it('finds images of two classes that nobody has learned about as well as chance, or better', async () => {
  const { rows } = await conduct(ALL[0]!, 'darkrank-2018');
  const recall = rows.filter(({ what }) => what.endsWith('recall at 1'));
  expect(recall).toHaveLength(5);
  for (const { ours } of recall) expect(ours).toBeGreaterThan(40);
});
