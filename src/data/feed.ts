import type { Session, Values } from '../backends/backend.js';
import { brandOf, checkBoolean, checkNames, shown } from '../checks.js';
import { demand } from '../errors.js';
import { type Shape, size } from '../graph/shape.js';
import { type Effect, fill, type Plans, type Tensor, type Variable, variable } from '../graph/tensor.js';
import { mask } from '../ops/binary.js';
import { assign } from '../ops/effects.js';
import { take } from '../ops/gather.js';
import { takeImages, takeOfViews } from '../ops/gather-images.js';
import { permutation } from '../ops/permutation.js';
import { reshape } from '../ops/reshape.js';
import { atStep } from '../ops/step-read.js';
import { type Augmentation, viewCount, viewOptions } from './augment/index.js';
import type { Dataset, Samples } from './dataset.js';
import { checkedOrder, filledOrder, type Order } from './order.js';

/** Numbers that belong to the samples: soft targets, logits, features, weights. */
export interface Column {
  /** [size, …shape], or with `views` [size, views, …shape]: one for every view of a sample. */
  readonly values: Float32Array;
  /** Of one sample. */
  readonly shape: Shape;
  /** Whether there are numbers for each of the feed's views (default: the same for all). */
  readonly views?: boolean;
}

/** @throws DistillError 'bad-argument' */
export function checkColumn(column: Column, name: string): void {
  checkNames(column, name, ['values', 'shape', 'views']);
  const { values, shape, views = false } = column;
  demand(
    brandOf(values) === 'Float32Array',
    () => `the values of ${name} must be a Float32Array, not ${shown(values)}`,
  );
  demand(
    Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 1),
    () =>
      `the shape of ${name} must be that of one sample, such as [10], or [] for one number, not ${shown(shape)}`,
  );
  checkBoolean(views, `views of ${name}`);
}

/** One step's samples. */
export interface FeedBatch {
  /**
   * [batch, …shape] f32, in the data set's own units, each sample in the view drawn for it. Rows that only pad an
   * epoch's last batch have its first samples again: batch norm's statistics are of all rows, and with rows of zeros
   * the last step of every epoch would spoil them.
   */
  readonly inputs: Tensor;
  /** [batch] i32; −1 where there is no label, and in rows that only pad an epoch's last batch. */
  readonly labels: Tensor;
  /** The columns' numbers, [batch, …shape], by their names. */
  readonly columns: Readonly<Record<string, Tensor>>;
}

/** Brings samples to the steps of a plan: all of them resident in memory, or windows of a stream. */
export interface Feed {
  readonly batch: FeedBatch;
  readonly batchSize: number;
  /** Samples in an epoch. */
  readonly samples: number;
  readonly stepsPerEpoch: number;
  /** The feed's own plans, which begin() runs: they are loaded with the others. */
  readonly plans: Plans;
  /** A loss per sample [batch], set to zero in the rows that only pad an epoch's last batch. */
  counted(loss: Tensor): Tensor;
  /** Writes what stays the same across epochs. */
  load(session: Session): Promise<void>;
  /** Writes what epoch 0, 1, … takes, before its steps run. */
  begin(session: Session, epoch: number): Promise<void>;
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
export function residentFeed(options: FeedOptions): Feed {
  const { data, seed, augment = [], order, columns = {}, labels = data.labels } = options;
  const samples = order ? checkedOrder(order, 0).length : data.size;
  demand(samples > 0, 'the order of epoch 1 has no samples');
  const batchSize = Math.min(options.batch, samples);
  const steps = Math.ceil(samples / batchSize);
  const capacity = steps * batchSize;
  const padded = capacity > samples;
  const kept = {
    inputs: variable('inputs', [data.size, ...keptShape(data)], dtypeOf(data)),
    labels: variable('labels', [data.size], 'i32'),
    /** −1 in the rows that pad the last batch. */
    order: variable('order', [steps, batchSize], 'i32'),
    /** The order's first samples in those rows. */
    shown: variable('shown', [steps, batchSize], 'i32'),
    /** Where in the order the samples shown are. */
    places: variable('places', [capacity], 'i32'),
  };
  const index = atStep(kept.order);
  const tables = Object.entries(columns).map(([name, column]) =>
    keptColumn(name, column, data.size, augment),
  );
  const shuffled = permutation(samples, { capacity, stream: { kind: 'order', index: 0 } });
  const shuffle = [
    assign(kept.order, shuffled),
    ...(padded ? [assign(kept.shown, take(shuffled, kept.places))] : []),
  ];
  const plans: Record<string, Effect[]> = order ? {} : { [SHUFFLE]: shuffle };
  return {
    batch: {
      inputs: inputsAt(kept.inputs, padded ? atStep(kept.shown) : index, data, augment),
      labels: take(kept.labels, index),
      columns: Object.fromEntries(tables.map(({ name, rows }) => [name, rows(index)])),
    },
    batchSize,
    samples,
    stepsPerEpoch: steps,
    plans,
    counted: (loss) => (padded ? mask(loss, take(fill(1, [data.size]), index)) : loss),
    load: async (session) => {
      await writeIfUsed(session, kept.inputs, data.inputs.values);
      await writeIfUsed(session, kept.labels, labels);
      await writeIfUsed(session, kept.places, repeated(range(samples), capacity));
      for (const { table, values } of tables) await writeIfUsed(session, table, values);
    },
    show: (session, inputs) => session.write(kept.inputs, inputs.values),
    begin: async (session, epoch) => {
      if (!order) await session.run(SHUFFLE, { from: epoch, seed });
      else {
        const samplesOf = { epoch, samples, capacity, size: data.size };
        const filled = filledOrder(checkedOrder(order, epoch), samplesOf);
        await writeIfUsed(session, kept.order, filled);
        await writeIfUsed(session, kept.shown, repeated(filled.subarray(0, samples), capacity));
      }
    },
  };
}

/** A loss may read no labels, or no inputs if it uses only columns. */
async function writeIfUsed(session: Session, target: Variable, values: Values): Promise<void> {
  if (session.has(target)) await session.write(target, values);
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

function dtypeOf({ inputs: { values } }: Dataset): 'u8' | 'f32' {
  return values.BYTES_PER_ELEMENT === 1 ? 'u8' : 'f32';
}

/** Bytes are gathered as images: those of another shape count as images of one row. */
function keptShape(data: Dataset): Shape {
  const { shape } = data.inputs;
  return dtypeOf(data) === 'f32' || shape.length === 3 ? shape : [1, size(shape), 1];
}

/** Samples at an index as f32, in their own units. */
function inputsAt(inputs: Variable, index: Tensor, data: Dataset, augment: readonly Augmentation[]): Tensor {
  if (inputs.dtype === 'f32') return take(inputs, index);
  return reshape(takeImages(inputs, index, viewOptions(augment)), [index.shape[0]!, ...data.inputs.shape]);
}

function keptColumn(name: string, column: Column, samples: number, augment: readonly Augmentation[]) {
  const { values, shape, views = false } = column;
  const each = views ? viewCount(augment) : 1;
  const needed = samples * each * size(shape);
  demand(
    values.length === needed,
    () =>
      `column ${name} has ${values.length} numbers, but ${samples} samples${each > 1 ? ` in ${each} views` : ''} of shape [${shape}] need ${needed}`,
  );
  const bad = values.findIndex((v) => !Number.isFinite(v));
  demand(bad < 0, () => `number ${bad} of column ${name} is ${values[bad]}`);
  const table = variable(`column.${name}`, [samples * each, ...shape]);
  const rows = (index: Tensor) =>
    views ? takeOfViews(table, index, viewOptions(augment)) : take(table, index);
  return { name, table, values, rows };
}
