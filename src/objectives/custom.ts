import { checkNames, shown } from '../checks.js';
import { demand } from '../errors.js';
import type { Objective, ObjectiveSpec } from './objective.js';

export interface CustomOptions extends Omit<Objective, 'spec'> {
  /** Its name in messages and keys: two losses that teach differently need different names (default: 'custom'). */
  name?: string;
  /** Everything else that determines the loss, as plain JSON. */
  parameters?: Readonly<Record<string, unknown>>;
}

const NAMES = [
  ...(['name', 'parameters', 'columns', 'teachers', 'helpers', 'memory'] as const),
  ...(['rate', 'check', 'checkSamples', 'bounds', 'loss'] as const),
];

/**
 * Your own way of teaching: a function from a batch to a loss for each sample, written with operators, and what it
 * needs besides the student.
 */
export function custom(loss: Objective['loss'] | CustomOptions): Objective {
  if (typeof loss !== 'function') checkNames(loss, 'custom', NAMES);
  const { name = 'custom', parameters = {}, ...rest } = typeof loss === 'function' ? { loss } : loss;
  demand(
    typeof rest.loss === 'function',
    () => `custom needs a loss, a function of a step, not ${shown(rest.loss)}`,
  );
  const spec: ObjectiveSpec = { ...parameters, kind: name };
  return { ...rest, spec };
}
