import { checkNumber } from '../checks.js';
import { demand } from '../errors.js';

/** Weights of an objective's terms, by the names of the options that give them; all at 0 it has no loss. @throws DistillError 'bad-argument' */
export function checkWeights(weights: Readonly<Record<string, unknown>>, of: string): void {
  for (const [name, weight] of Object.entries(weights))
    checkNumber(weight, `${name} of ${of}`, 'a number of at least 0', (w) => w >= 0 && w < Infinity);
  demand(
    Object.values(weights).some((weight) => weight !== 0),
    () =>
      `${Object.keys(weights).join(' and ')} of ${of} are 0, so that it teaches nothing: give one of them a number above 0`,
  );
}
