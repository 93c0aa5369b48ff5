/** Samples `from` to before `to` of a shard. */
export interface Piece {
  readonly shard: number;
  readonly from: number;
  readonly to: number;
}

/** How an epoch's batches are divided among windows. */
export interface Windows {
  readonly count: number;
  /** Batches of the greatest window. */
  readonly most: number;
  /** The first batch of a window; of the one after the last, the number of all batches. */
  startOf(window: number): number;
  /** The window in which a batch is. */
  of(batch: number): number;
}

/**
 * As few windows as `most` batches in each allow, and these as equal as possible: window w of n begins with batch
 * ⌊w·batches/n⌋. Were all but the last one full, that might be a single sample, which would be all that the epoch's last
 * batch could be padded with.
 */
export function windowsOf(batches: number, most: number): Windows {
  const count = Math.ceil(batches / most);
  const startOf = (window: number) => Math.floor((window * batches) / count);
  return {
    count,
    most: Math.ceil(batches / count),
    startOf,
    of: (batch) => {
      let window = Math.floor((batch * count) / batches);
      while (startOf(window + 1) <= batch) window++;
      return window;
    },
  };
}

/** Samples `from` to before `to` of the shards one after the other, in this order. */
export function piecesOf(
  shards: readonly number[],
  order: ArrayLike<number>,
  from: number,
  to: number,
): Piece[] {
  const pieces: Piece[] = [];
  let begin = 0;
  for (let i = 0; i < order.length && begin < to; i++) {
    const shard = order[i]!;
    const end = begin + shards[shard]!;
    if (end > from)
      pieces.push({ shard, from: Math.max(from, begin) - begin, to: Math.min(to, end) - begin });
    begin = end;
  }
  return pieces;
}
