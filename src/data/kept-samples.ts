import type { Session, Values } from '../backends/backend.js';
import { type Shape, size } from '../graph/shape.js';
import { fill, type Tensor, type Variable, variable } from '../graph/tensor.js';
import { mask } from '../ops/binary.js';
import { take } from '../ops/gather.js';
import { takeImages, takeOfViews } from '../ops/gather-images.js';
import { reshape } from '../ops/reshape.js';
import { type Augmentation, viewCount, viewOptions } from './augment/index.js';
import type { Column } from './column.js';
import type { Samples } from './dataset.js';

/** One step's samples. */
export interface FeedBatch {
  /**
   * [batch, …shape] f32, in the data set's own units, each sample in the view drawn for it. Rows that only pad an
   * epoch's last batch have other samples again: batch norm's statistics are of all rows, and with rows of zeros the last
   * step of every epoch would spoil them.
   */
  readonly inputs: Tensor;
  /** [batch] i32; −1 where there is no label, and in rows that only pad an epoch's last batch. */
  readonly labels: Tensor;
  /** [batch] i32: the samples' numbers in the data; −1 in rows that only pad an epoch's last batch. */
  readonly samples: Tensor;
  /** The columns' numbers, [batch, …shape], by their names: of the samples shown, as relations count all rows. */
  readonly columns: Readonly<Record<string, Tensor>>;
}

/** Memory for samples with their labels and columns, and what batches take of it. */
export interface KeptSamples {
  readonly inputs: Variable;
  readonly labels: Variable;
  readonly columns: readonly { readonly name: string; readonly table: Variable }[];
  /** The samples at an index, −1 in rows that pad a batch; `shown` is what inputs and columns are taken by. */
  batch(index: Tensor, shown: Tensor): Omit<FeedBatch, 'samples'>;
  /** A loss per sample, set to zero where the index is −1. */
  counted(loss: Tensor, index: Tensor): Tensor;
}

export interface KeptOptions {
  /** How many there is memory for. */
  count: number;
  /** What they are like. */
  inputs: Samples;
  columns: Readonly<Record<string, Column>>;
  augment: readonly Augmentation[];
}

export function keptSamples({ count, inputs: like, columns, augment }: KeptOptions): KeptSamples {
  const views = viewOptions(augment);
  const inputs = variable('inputs', [count, ...keptShape(like)], dtypeOf(like));
  const labels = variable('labels', [count], 'i32');
  const tables = Object.entries(columns).map(([name, { shape, views: byView = false }]) => {
    const table = variable(`column.${name}`, [count * (byView ? viewCount(augment) : 1), ...shape]);
    const rows = (index: Tensor) => (byView ? takeOfViews(table, index, views) : take(table, index));
    return { name, table, rows };
  });
  const inputsAt = (index: Tensor) =>
    inputs.dtype === 'f32'
      ? take(inputs, index)
      : reshape(takeImages(inputs, index, views), [index.shape[0]!, ...like.shape]);
  return {
    inputs,
    labels,
    columns: tables,
    batch: (index, shown) => ({
      inputs: inputsAt(shown),
      labels: take(labels, index),
      columns: Object.fromEntries(tables.map(({ name, rows }) => [name, rows(shown)])),
    }),
    counted: (loss, index) => mask(loss, take(fill(1, [count]), index)),
  };
}

/** A loss may read no labels, or no inputs if it uses only columns. */
export async function writeIfUsed(session: Session, target: Variable, values: Values): Promise<void> {
  if (session.has(target)) await session.write(target, values);
}

function dtypeOf({ values }: Samples): 'u8' | 'f32' {
  return values.BYTES_PER_ELEMENT === 1 ? 'u8' : 'f32';
}

/** Bytes are gathered as images: those of another shape count as images of one row. */
function keptShape(like: Samples): Shape {
  const { shape } = like;
  return dtypeOf(like) === 'f32' || shape.length === 3 ? shape : [1, size(shape), 1];
}
