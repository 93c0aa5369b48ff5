import { describe } from 'vitest';

import { compactDnn, experiments } from '../../../experiments/compact-dnn/paper.ts';
import { expectAllRun } from '../suite.ts';
import { TINY_BLOCKS } from '../tiny-blocks.ts';

describe('every experiment', () => expectAllRun(compactDnn, experiments(TINY_BLOCKS)));
