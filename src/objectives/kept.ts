import { checkArray, shown } from '../checks.js';
import type { Augmentation } from '../data/augment/index.js';
import { DistillError, demand } from '../errors.js';

/** Refuses augmented samples for what teachers said of them as they are. @throws DistillError 'mismatch' */
export function checkPlain(augment: readonly Augmentation[], what: string, otherwise = ''): void {
  demand(
    augment.length === 0,
    () =>
      `${what} are of the samples as they are, not as the student sees them: leave out augment${otherwise}`,
    'mismatch',
  );
}

/** @throws DistillError 'bad-argument' */
export function checkFinite(values: unknown, what: string): asserts values is Float32Array {
  checkArray(values, what, 'Float32Array');
  const numbers = values as Float32Array;
  const bad = numbers.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw new DistillError(
      'bad-argument',
      `${what} must be finite numbers: number ${bad} is ${shown(numbers[bad])}`,
    );
}
