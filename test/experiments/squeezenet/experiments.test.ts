import { describe } from 'vitest';

import { experiments, squeezenet } from '../../../experiments/squeezenet/paper.ts';
import { expectAllRun } from '../suite.ts';
import { TINY_BLOCKS } from '../tiny-blocks.ts';

describe('every experiment', () => expectAllRun(squeezenet, experiments(TINY_BLOCKS)));
