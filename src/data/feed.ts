import type { Session } from '../backends/backend.js';
import { demand } from '../errors.js';
import { type Effect, type Plans, type Tensor, variable } from '../graph/tensor.js';
import { assign } from '../ops/effects.js';
import { take } from '../ops/gather.js';
import { permutation } from '../ops/permutation.js';
import { atStep } from '../ops/step-read.js';
import type { Augmentation } from './augment/index.js';
import { type Column, checkLength } from './column.js';
import type { Dataset, Samples } from './dataset.js';
import { type FeedBatch, keptSamples, writeIfUsed } from './kept-samples.js';
import { checkedOrder, filledOrder, type Order } from './order.js';

/** Brings samples to the steps of a plan: all of them resident in memory, or windows of a stream. */
export interface Feed {
  readonly batch: FeedBatch;
  readonly batchSize: number;
  /** Samples in the data. */
  readonly size: number;
  /** Samples in an epoch. */
  readonly samples: number;
  readonly stepsPerEpoch: number;
  /** The most steps that begin() prepares at once. */
  readonly windowSteps: number;
  /** The feed's own plans, which begin() runs: they are loaded with the others. */
  readonly plans: Plans;
  /** A loss per sample [batch], set to zero in the rows that only pad an epoch's last batch. */
  counted(loss: Tensor): Tensor;
  /** Writes what stays the same across epochs. */
  load(session: Session): Promise<void>;
  /**
   * Writes what epoch 0, 1, … takes from one of its steps on, before that runs. Answers the step of the epoch before which
   * it has to be called again, its end at the latest; `from` itself if the signal came first.
   */
  begin(session: Session, epoch: number, at?: Place): Promise<number>;
  /** Ends what goes on beside the steps. */
  close(): void;
}

/** Where in an epoch steps are to run. */
export interface Place {
  /** The next step of the epoch (default 0). */
  from?: number;
  signal?: AbortSignal | undefined;
}

/** A feed whose samples can be exchanged. */
export interface ResidentFeed extends Feed {
  /** Replaces the data's samples with others of the same number, shape and type. */
  show(session: Session, inputs: Samples): Promise<void>;
}

export interface FeedOptions {
  data: Dataset;
  batch: number;
  seed: number;
  augment?: readonly Augmentation[];
  /** The samples of each epoch (default: each once, shuffled). */
  order?: Order | undefined;
  columns?: Readonly<Record<string, Column>>;
  /** The labels to learn from (default: the data set's). */
  labels?: Int32Array;
}

const SHUFFLE = 'shuffle';

/** A feed with all samples in the session's memory. */
export function residentFeed(options: FeedOptions): ResidentFeed {
  const { data, seed, augment = [], order, columns = {}, labels = data.labels } = options;
  const samples = order ? checkedOrder(order, 0).length : data.size;
  demand(samples > 0, 'the order of epoch 1 has no samples');
  const batchSize = Math.min(options.batch, samples);
  const steps = Math.ceil(samples / batchSize);
  const capacity = steps * batchSize;
  const padded = capacity > samples;
  for (const [name, column] of Object.entries(columns)) checkLength(name, column, data.size, augment);
  const kept = keptSamples({ count: data.size, inputs: data.inputs, columns, augment });
  const rows = {
    /** −1 in the rows that pad the last batch. */
    order: variable('order', [steps, batchSize], 'i32'),
    /** The order's first samples in those rows. */
    shown: variable('shown', [steps, batchSize], 'i32'),
    /** Where in the order the samples shown are. */
    places: variable('places', [capacity], 'i32'),
  };
  const index = atStep(rows.order);
  const shuffled = permutation(samples, { capacity, stream: { kind: 'order', index: 0 } });
  const shuffle = [
    assign(rows.order, shuffled),
    ...(padded ? [assign(rows.shown, take(shuffled, rows.places))] : []),
  ];
  const plans: Record<string, Effect[]> = order ? {} : { [SHUFFLE]: shuffle };
  return {
    batch: { ...kept.batch(index, padded ? atStep(rows.shown) : index), samples: index },
    batchSize,
    size: data.size,
    samples,
    stepsPerEpoch: steps,
    windowSteps: steps,
    plans,
    counted: (loss) => (padded ? kept.counted(loss, index) : loss),
    load: async (session) => {
      await writeIfUsed(session, kept.inputs, data.inputs.values);
      await writeIfUsed(session, kept.labels, labels);
      await writeIfUsed(session, rows.places, repeated(range(samples), capacity));
      for (const { name, table } of kept.columns) await writeIfUsed(session, table, columns[name]!.values);
    },
    show: (session, inputs) => session.write(kept.inputs, inputs.values),
    begin: async (session, epoch) => {
      if (!order) await session.run(SHUFFLE, { from: epoch, seed });
      else {
        const samplesOf = { epoch, samples, capacity, size: data.size };
        const filled = filledOrder(checkedOrder(order, epoch), samplesOf);
        await writeIfUsed(session, rows.order, filled);
        await writeIfUsed(session, rows.shown, repeated(filled.subarray(0, samples), capacity));
      }
      return steps;
    },
    close: () => {},
  };
}

function range(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

/** The numbers, then the first of them again up to `capacity`, which is less than twice as many. */
function repeated(numbers: Int32Array, capacity: number): Int32Array {
  const result = new Int32Array(capacity);
  result.set(numbers);
  result.set(numbers.subarray(0, capacity - numbers.length), numbers.length);
  return result;
}
