import { beforeAll, describe, expect, it } from 'vitest';
import { pairs } from 'wasm-distill/data';
import { experiments, manyClasses } from '../../../experiments/many-classes/paper.ts';
import { conduct, setting } from '../setting.ts';
import { expectAllRun } from '../suite.ts';

const ALL = experiments({
  ...{ seeds: 2, digits: [2, 3], each: 5, steps: 4 },
  teacher: { network: 'conv4k5s2v dense16', training: { epochs: 1 } },
  student: 'conv2k5s2v',
});

beforeAll(() => {
  const { train, test } = setting.task;
  setting.task = {
    train: pairs(train, { seed: 1, count: 1000 }),
    test: pairs(test, { seed: 2, count: 300 }),
  };
});

describe('every experiment', () => expectAllRun(manyClasses, ALL));

it('has the classes that pairs of so many digits have', async () => {
  const { rows } = await conduct(ALL[0]!, 'many-classes');
  expect(rows.map(({ at }) => at?.x)).toEqual([4, 4, 4, undefined, 9, 9, 9, undefined]);
});
