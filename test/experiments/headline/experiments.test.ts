import { describe } from 'vitest';
import { experiments, headline } from '../../../experiments/headline/paper.ts';
import { expectAllRun } from '../suite.ts';

const ALL = experiments({
  seeds: { labels: 1, one: 1, several: 2 },
  ...{ teachers: 2, student: '16,12,10', epochs: 1 },
  teacher: { title: 'teacher', network: 'conv4k5s2v pool dense16 dense10', training: { epochs: 1 } },
});

describe('every experiment', () => expectAllRun(headline, ALL));
