import type { Dataset } from '../data/dataset.js';
import { DistillError } from '../errors.js';
import { philoxWords } from '../random/philox.js';

/** Which samples belong to a special subset of the classes, and which are the rest. Unlabeled ones are in neither. */
export interface Parts {
  special: Int32Array;
  rest: Int32Array;
}

/** @throws DistillError 'bad-argument' if either has no samples. */
export function partsOf({ labels }: Dataset, classes: readonly number[]): Parts {
  const isSpecial = (i: number) => classes.includes(labels[i]!);
  const indices = Int32Array.from(labels, (_, i) => i);
  const parts = {
    special: indices.filter(isSpecial),
    rest: indices.filter((i) => labels[i]! >= 0 && !isSpecial(i)),
  };
  if (parts.special.length === 0 || parts.rest.length === 0)
    throw new DistillError(
      'bad-argument',
      `of ${labels.length} samples ${parts.special.length} are of the classes [${classes}]: a specialist needs some, and some that aren't`,
    );
  return parts;
}

/**
 * A specialist's order of samples (Hinton, Vinyals, Dean 2015, section 5.2): every batch of an even size is half
 * special, half sampled at random from the rest. An epoch has each special sample once and the same number of the rest,
 * different ones in every epoch.
 */
export function halfSpecial({ special, rest }: Parts, seed: number): (epoch: number) => Int32Array {
  return (epoch) => {
    const first = drawn(special, special.length, seed, 'special', epoch);
    const second = drawn(rest, special.length, seed, 'rest', epoch);
    return Int32Array.from({ length: 2 * special.length }, (_, i) => (i % 2 === 0 ? first : second)[i >> 1]!);
  };
}

/** `count` from the pool in random order, none repeated before all have been drawn. */
function drawn(
  pool: Int32Array,
  count: number,
  seed: number,
  stream: 'special' | 'rest',
  epoch: number,
): Int32Array {
  const order = pool.slice();
  const words = philoxWords(seed, { kind: stream, index: 0 }, epoch, Math.min(count, order.length));
  words.forEach((word, i) => {
    // word·(n − i) / 2³² is exact in float64: 32 + 21 bits at most.
    const j = i + Math.floor((word * (order.length - i)) / 2 ** 32);
    [order[i], order[j]] = [order[j]!, order[i]!];
  });
  return Int32Array.from({ length: count }, (_, i) => order[i % order.length]!);
}
