import { checkArray, shown } from '../checks.js';
import { demand } from '../errors.js';

/**
 * The samples of epoch 0, 1, … in the order in which batches take them, the same number every epoch. A sample may
 * appear more than once or not at all.
 */
export type Order = (epoch: number) => Int32Array;

/** What an order answers for an epoch. @throws DistillError 'bad-argument' for what is no array of indices. */
export function checkedOrder(order: Order, epoch: number): Int32Array {
  const samples = order(epoch);
  checkArray(samples, `the order of epoch ${epoch + 1}`, 'Int32Array');
  return samples;
}

export interface FilledOrderOptions {
  epoch: number;
  /** Samples in an epoch. */
  samples: number;
  /** Rows in an epoch's batches, padding included. */
  capacity: number;
  /** Samples in the data set. */
  size: number;
}

/** An epoch's order, with −1 in the rows that pad its last batch. @throws DistillError 'bad-argument' */
export function filledOrder(
  order: Int32Array,
  { epoch, samples, capacity, size }: FilledOrderOptions,
): Int32Array {
  const unknown = order.find((i) => !(i >= 0 && i < size));
  demand(
    order.length === samples && unknown === undefined,
    () =>
      `the order of epoch ${epoch + 1} has ${order.length} samples${unknown === undefined ? '' : `, ${shown(unknown)} among them`}: give ${samples}, from 0 to ${size - 1}`,
  );
  const filled = new Int32Array(capacity).fill(-1);
  filled.set(order);
  return filled;
}
