import { checkNumber } from '../checks.js';

/** Weights of terms, by the names of the options that give them. @throws DistillError 'bad-argument' */
export function checkWeights(weights: Readonly<Record<string, unknown>>, of: string): void {
  for (const [name, weight] of Object.entries(weights))
    checkNumber(weight, `${name} of ${of}`, 'a number of at least 0', (w) => w >= 0 && w < Infinity);
}
