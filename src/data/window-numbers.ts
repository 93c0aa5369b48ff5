import type { Session } from '../backends/backend.js';
import { size } from '../graph/shape.js';
import { type Variable, variable } from '../graph/tensor.js';
import { type Augmentation, viewCount } from './augment/index.js';
import type { Column } from './column.js';
import { type KeptSamples, writeIfUsed } from './kept-samples.js';
import type { Piece } from './windows.js';

export interface WindowNumbersOptions {
  /** Of all samples. */
  labels: Int32Array;
  columns: Readonly<Record<string, Column>>;
  augment: readonly Augmentation[];
  /** Samples of the greatest window. */
  capacity: number;
}

/** What is known of all samples, and written for those of a window: their numbers in the stream, labels and columns. */
export class WindowNumbers {
  readonly #first: readonly number[];
  readonly #samples: Int32Array;
  readonly #labels: Int32Array;
  readonly samples: Variable<'i32'>;

  constructor(
    shards: readonly number[],
    private readonly kept: KeptSamples,
    private readonly of: WindowNumbersOptions,
  ) {
    let sum = 0;
    this.#first = shards.map((count) => {
      sum += count;
      return sum - count;
    });
    this.samples = variable('samples', [of.capacity], 'i32');
    this.#samples = new Int32Array(of.capacity);
    this.#labels = new Int32Array(of.capacity);
  }

  async write(session: Session, pieces: readonly Piece[]): Promise<void> {
    const { labels, columns, augment, capacity } = this.of;
    this.#number(pieces);
    await writeIfUsed(session, this.samples, this.#samples);
    this.#copy(labels, this.#labels, 1, pieces);
    await writeIfUsed(session, this.kept.labels, this.#labels);
    for (const { name, table } of this.kept.columns) {
      const { values, shape, views = false } = columns[name]!;
      const each = size(shape) * (views ? viewCount(augment) : 1);
      const window = new Float32Array(capacity * each);
      this.#copy(values, window, each, pieces);
      await writeIfUsed(session, table, window);
    }
  }

  #number(pieces: readonly Piece[]): void {
    let at = 0;
    for (const { shard, from, to } of pieces)
      for (let i = from; i < to; i++) this.#samples[at++] = this.#first[shard]! + i;
  }

  #copy<A extends Int32Array | Float32Array>(all: A, to: A, each: number, pieces: readonly Piece[]): void {
    let at = 0;
    for (const { shard, from, to: end } of pieces) {
      const first = this.#first[shard]!;
      to.set(all.subarray((first + from) * each, (first + end) * each), at);
      at += (end - from) * each;
    }
  }
}
