import type { Dataset } from 'wasm-distill';
import type { Parts, Reading } from './reader.ts';

/** The training rows as the data have them, before parts were split off: what outputs made elsewhere are bound to. */
export interface TrainingRows {
  /** All of them. */
  whole: Dataset;
  /** What they became, the training data first, and which of the rows each part has. */
  parts: readonly { data: Dataset; rows: readonly number[] }[];
  /** What tells rows apart, where that was asked for. */
  ids?: readonly string[];
}

export function rowsOf(
  { train: whole, names, ids = names }: Reading,
  { train, val, test, indices }: Parts,
): TrainingRows {
  const first = Array.from({ length: train.size }, (_, row) => row);
  return {
    whole,
    parts: [
      { data: train, rows: indices?.train ?? first },
      ...(indices?.val ? [{ data: val!, rows: indices.val }] : []),
      ...(indices?.test ? [{ data: test!, rows: indices.test }] : []),
    ],
    ...(ids && { ids }),
  };
}
