import { checkNames, checkNumber, checkSeed, checkWhole } from '../checks.js';
import type { RunOptions } from './backend.js';

/** Steps are counted in 32 bits. */
const MOST_STEPS = 2 ** 31 - 1;

/** @throws DistillError 'bad-argument' */
export function checkRun(options: RunOptions): void {
  checkNames(options, 'run', ['from', 'steps', 'seed', 'signal', 'patience', 'onStep']);
  const { from = 0, steps = 1, seed = 0, patience = 60 } = options;
  checkWhole(from, 'from', 0, MOST_STEPS);
  checkWhole(steps, 'steps', 0, MOST_STEPS - from);
  checkSeed(seed);
  checkNumber(patience, 'patience', 'a positive number of seconds', (p) => p > 0);
}
