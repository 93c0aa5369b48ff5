import type { Session } from '../backends/backend.js';
import { demand } from '../errors.js';
import { size } from '../graph/shape.js';
import { type Effect, variable } from '../graph/tensor.js';
import { assign } from '../ops/effects.js';
import { take } from '../ops/gather.js';
import { permutation } from '../ops/permutation.js';
import { atStep } from '../ops/step-read.js';
import { shuffled } from '../random/shuffle.js';
import type { Augmentation } from './augment/index.js';
import { type Column, checkLength } from './column.js';
import type { Feed } from './feed.js';
import { keptSamples, writeIfUsed } from './kept-samples.js';
import { inputsLike, type SampleStream } from './stream.js';
import { WindowNumbers } from './window-numbers.js';
import { WindowReader } from './window-reader.js';
import { piecesOf, windowsOf } from './windows.js';

/** Bytes of samples in a window unless its size is given: shuffled in parts of so many, and twice in memory. */
const WINDOW_BYTES = 2 ** 27;

export interface StreamFeedOptions {
  data: SampleStream;
  batch: number;
  seed: number;
  epochs: number;
  /** The most samples of a window (default: 128 MiB of them). */
  window?: number | undefined;
  /** Whether samples come in a random order (default), or in that of the shards. */
  shuffle?: boolean;
  augment?: readonly Augmentation[];
  columns?: Readonly<Record<string, Column>>;
  /** The labels to learn from (default: the stream's). */
  labels?: Int32Array;
}

/**
 * A feed with a window of a stream in the session's memory. The order of an epoch, which depends on the seed, the epoch,
 * the shards' sizes, the batch and the window alone:
 *
 * 1. The shards are shuffled: `shuffled` with the stream { kind: 'shards', index: 0 } and the epoch as its step.
 * 2. Their samples, one shard after the other, are cut into windows of whole batches: as few as the window's size allows,
 *    as equal as possible (windowsOf). A shard may go on in the next window.
 * 3. A window's samples are shuffled: `permutation` with the stream { kind: 'order', index: 0 }, where step
 *    epoch·windows + window is.
 *
 * So a sample is seen exactly once an epoch. Rows that pad the last batch show its window's first samples again. A stream
 * of a single window has another order than the same data in memory, and thus other bits.
 */
export function streamFeed(options: StreamFeedOptions): Feed {
  const { data, seed, epochs, shuffle = true, augment = [], columns = {}, labels = data.labels } = options;
  const batchSize = Math.min(options.batch, data.size);
  const steps = Math.ceil(data.size / batchSize);
  const windows = windowsOf(steps, mostBatches(options, batchSize));
  const capacity = windows.most * batchSize;
  const padded = steps * batchSize > data.size;
  for (const [name, column] of Object.entries(columns)) checkLength(name, column, data.size, augment);
  const kept = keptSamples({ count: capacity, inputs: inputsLike(data), columns, augment });
  const rows = {
    /** Row s mod its length is what step s takes: −1 in the rows that pad the last batch. */
    order: variable('order', [windows.most, batchSize], 'i32'),
    /** Other samples in those rows. */
    shown: variable('shown', [windows.most, batchSize], 'i32'),
    shuffled: variable('shuffled', [capacity], 'i32'),
  };
  const index = atStep(rows.order);

  const firstOf = (window: number) => Math.min(data.size, windows.startOf(window) * batchSize);
  const countOf = (window: number) => firstOf(window + 1) - firstOf(window);
  const orderOf = shardOrders(data.shards.length, seed, shuffle);
  const pieces = (number: number) => {
    const window = number % windows.count;
    const order = orderOf(Math.floor(number / windows.count));
    return piecesOf(data.shards, order, firstOf(window), firstOf(window + 1));
  };
  const reader = new WindowReader(data, capacity, pieces);
  const numbers = new WindowNumbers(data.shards, kept, { labels, columns, augment, capacity });
  const sizes = new Set(Array.from({ length: windows.count }, (_, window) => countOf(window)));
  const orders = async (session: Session, number: number) => {
    const count = countOf(number % windows.count);
    if (!shuffle) return Int32Array.from({ length: capacity }, (_, i) => (i < count ? i : -1));
    await session.run(planOf(count), { from: number, seed });
    return session.read(rows.shuffled);
  };

  return {
    batch: {
      ...kept.batch(index, padded ? atStep(rows.shown) : index),
      samples: take(numbers.samples, index),
    },
    batchSize,
    size: data.size,
    samples: data.size,
    stepsPerEpoch: steps,
    windowSteps: windows.most,
    plans: shuffle ? plansOf(sizes, rows.shuffled, capacity) : {},
    counted: (loss) => (padded ? kept.counted(loss, index) : loss),
    load: async () => {},
    begin: async (session, epoch, { from = 0, signal } = {}) => {
      const window = windows.of(from);
      const number = epoch * windows.count + window;
      const values = await unlessAborted(reader.take(number), signal);
      if (!values) return from;
      await writeIfUsed(session, kept.inputs, values);
      if (number + 1 < epochs * windows.count) reader.begin(number + 1);
      else reader.close();
      await numbers.write(session, pieces(number));
      const order = await orders(session, number);
      const first = (epoch * steps + windows.startOf(window)) % windows.most;
      await writeIfUsed(session, rows.order, rotated(order, first * batchSize));
      const count = countOf(window);
      const seen = order.map((sample, row) => (sample < 0 ? order[row % count]! : sample));
      await writeIfUsed(session, rows.shown, rotated(seen, first * batchSize));
      return windows.startOf(window + 1);
    },
    close: () => reader.close(),
  };
}

function mostBatches({ data, window }: StreamFeedOptions, batchSize: number): number {
  const each = size(data.shape) * (data.values === 'bytes' ? 1 : 4);
  const samples = window ?? Math.max(batchSize, Math.floor(WINDOW_BYTES / each));
  demand(
    samples >= batchSize,
    () =>
      `a window of ${samples} samples holds no batch of ${batchSize}: give a larger window or a smaller batch`,
  );
  return Math.floor(samples / batchSize);
}

const planOf = (count: number) => `shuffle ${count}`;

/** A plan for each size of a window; there are three at most. */
function plansOf(
  sizes: ReadonlySet<number>,
  target: ReturnType<typeof variable<'i32'>>,
  capacity: number,
): Record<string, Effect[]> {
  const stream = { kind: 'order', index: 0 } as const;
  return Object.fromEntries(
    [...sizes].map((count) => [planOf(count), [assign(target, permutation(count, { capacity, stream }))]]),
  );
}

/** The order of the shards in an epoch; the latest is remembered. */
function shardOrders(count: number, seed: number, shuffle: boolean): (epoch: number) => Int32Array {
  let latest: { epoch: number; order: Int32Array } | undefined;
  return (epoch) => {
    if (latest?.epoch !== epoch) {
      const order = shuffle
        ? shuffled(seed, { kind: 'shards', index: 0 }, epoch, count)
        : Int32Array.from({ length: count }, (_, shard) => shard);
      latest = { epoch, order };
    }
    return latest.order;
  };
}

/** The numbers moved to the right by so many places, those at the end to the front. */
function rotated(numbers: Int32Array, by: number): Int32Array {
  const result = new Int32Array(numbers.length);
  result.set(numbers.subarray(0, numbers.length - by), by);
  result.set(numbers.subarray(numbers.length - by));
  return result;
}

/** The result of the work; undefined once the signal has come, whatever the work does then. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (!signal) return work;
  if (signal.aborted) return undefined;
  let stop = () => {};
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
  });
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
