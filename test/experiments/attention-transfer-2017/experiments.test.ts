import { describe } from 'vitest';
import { attentionTransfer2017, experiments } from '../../../experiments/attention-transfer-2017/paper.ts';
import { expectAllRun } from '../suite.ts';
import { TINY_RESIDUAL } from '../tiny-residual.ts';

const plain = { network: 'nobn conv2k5s2v pool dense10', training: { epochs: 1 } };
const ALL = experiments({
  maps: TINY_RESIDUAL,
  gradients: { ...TINY_RESIDUAL, teacher: plain, student: plain },
});

describe('every experiment', () => expectAllRun(attentionTransfer2017, ALL));
