import { split } from 'wasm-distill/data';
import type { Settings } from '../options/options.ts';
import type { DataPair } from './data.ts';

/** Splits a validation part off the training data, unless there is one. */
export function withValidation(data: DataPair, { val, seed }: Settings<'val' | 'seed'>): DataPair {
  if (val === undefined || data.validation) return data;
  const { part, rest } = split(data.train, val, seed);
  return { ...data, train: rest, validation: part };
}

/** How many samples there were before one part of them became validation data. */
export function given({ train, validation }: DataPair): number {
  return train.size + (validation?.size ?? 0);
}
