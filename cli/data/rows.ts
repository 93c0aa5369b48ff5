import type { Dataset } from 'wasm-distill';
import { UsageError } from '../terminal/usage.ts';
import type { Data, Parts, Reading } from './reader.ts';
import { isStream } from './stream.ts';

/** The training rows as the data have them, before parts were split off: what outputs made elsewhere are bound to. */
export interface TrainingRows {
  /** All of them. */
  whole: Data;
  /** What they became, the training data first, and which of the rows each part has. */
  parts: readonly { data: Dataset; rows: readonly number[] }[];
  /** What tells rows apart, where that was asked for. */
  ids?: readonly string[];
}

/** @throws UsageError for what isn't kept in memory. */
export function rowsOf(
  { train: whole, names, ids = names }: Reading,
  { train, val, test, indices }: Parts,
  where: string,
): TrainingRows {
  if (isStream(train))
    throw new UsageError(
      `--soft: ${where} is too large to be kept in memory, where outputs are bound to samples: give fewer (--limit), or a teacher with --teacher`,
    );
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
