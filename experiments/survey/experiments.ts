import type { Experiment } from '../experiment.ts';
import type { Scale } from './recipes.ts';
import { transfer } from './transfer.ts';
import { ways } from './ways.ts';

/** Every experiment at a scale. */
export function experiments(scale: Scale): Experiment[] {
  return [transfer(scale), ...ways(scale)];
}
