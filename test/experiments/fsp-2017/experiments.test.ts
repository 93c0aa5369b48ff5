import { describe } from 'vitest';
import { experiments, fsp2017 } from '../../../experiments/fsp-2017/paper.ts';
import { expectAllRun } from '../suite.ts';
import { TINY_RESIDUAL } from '../tiny-residual.ts';

describe('every experiment', () => expectAllRun(fsp2017, experiments(TINY_RESIDUAL)));
