import { checkNames, checkWhole } from '../checks.js';
import { demand } from '../errors.js';

/**
 * Goes through a run's epochs (trainEpochs) until `patience` of them have passed without improving on the validation
 * errors, and returns the best; the first in a tie. The samples that `errorsOf` counts on must be neither training
 * samples nor those that the result is reported on.
 */
export async function earlyStopped<Epoch extends { epoch: number; model: unknown }>(
  epochs: AsyncIterable<Epoch>,
  options: { errorsOf: (model: Epoch['model']) => Promise<number>; patience: number },
): Promise<Epoch & { errors: number }> {
  checkNames(options, 'earlyStopped', ['errorsOf', 'patience']);
  const { errorsOf, patience } = options;
  checkWhole(patience, 'patience', 1, Infinity);
  let best: (Epoch & { errors: number }) | undefined;
  for await (const epoch of epochs) {
    const errors = await errorsOf(epoch.model);
    if (!best || errors < best.errors) best = { ...epoch, errors };
    if (epoch.epoch - best.epoch >= patience) break;
  }
  demand(best !== undefined, 'there was no epoch to choose from');
  return best;
}
