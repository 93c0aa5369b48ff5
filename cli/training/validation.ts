import type { DataPair } from './data.ts';

/** How many samples there were before one part of them became validation data. */
export function given({ train, validation }: DataPair): number {
  return train.size + (validation?.size ?? 0);
}
