import type { Settings } from '../options/options.ts';
import { UsageError } from '../terminal/usage.ts';
import type { DataPair } from './data.ts';

/** How many samples there were before one part of them became validation data. */
export function given({
  train,
  validation,
}: {
  train: { size: number };
  validation?: { size: number };
}): number {
  return train.size + (validation?.size ?? 0);
}

/** @throws UsageError where the best epoch is to be kept, and nothing says which that is. */
export function checkKeep({ validation }: Pick<DataPair, 'validation'>, { keep }: Settings<'keep'>): void {
  if (keep === 'best' && !validation)
    throw new UsageError('--keep best goes by validation data: give --val 0.1 too');
}
