import { DistillError } from '../errors.js';
import { size } from '../graph/shape.js';
import { readShard, type SampleStream } from './stream.js';
import type { Piece } from './windows.js';

type Values = Uint8Array | Float32Array;

interface Reading {
  readonly window: number;
  readonly values: Promise<Values>;
  /** Once set, it writes nothing any more. */
  stopped: boolean;
}

/**
 * Reads windows of a stream, the next one while the current one is trained on. It holds one window, and of shards the one
 * being read and what the next window takes of the last.
 */
export class WindowReader {
  readonly #values: Values;
  #reading: Reading | undefined;
  /** A shard that goes on in the next window. */
  #begun: { readonly shard: number; readonly values: Values } | undefined;

  constructor(
    private readonly stream: SampleStream,
    /** Samples of the greatest window. */
    capacity: number,
    private readonly piecesOf: (window: number) => readonly Piece[],
  ) {
    const length = capacity * size(stream.shape);
    try {
      this.#values = stream.values === 'bytes' ? new Uint8Array(length) : new Float32Array(length);
    } catch (cause) {
      const sentence = `this machine refused memory for a window of ${capacity} samples: give a smaller window`;
      throw new DistillError('memory', sentence, { cause });
    }
  }

  /** A window's samples, and behind them whatever was there: valid until the next one is begun. */
  take(window: number): Promise<Values> {
    this.begin(window);
    return this.#reading!.values;
  }

  /** Begins to read a window, unless it is being read. */
  begin(window: number): void {
    if (this.#reading?.window === window) return;
    this.close();
    const reading: Reading = {
      window,
      stopped: false,
      values: Promise.resolve().then(() => this.#fill(reading)),
    };
    // It fails when it is taken.
    reading.values.catch(() => {});
    this.#reading = reading;
  }

  /** Ends reading, after the shard that is being read. */
  close(): void {
    if (this.#reading) this.#reading.stopped = true;
    this.#reading = undefined;
  }

  async #fill(reading: Reading): Promise<Values> {
    const each = size(this.stream.shape);
    let at = 0;
    for (const { shard, from, to } of this.piecesOf(reading.window)) {
      if (reading.stopped) break;
      const values = this.#begun?.shard === shard ? this.#begun.values : await readShard(this.stream, shard);
      if (reading.stopped) break;
      this.#values.set(values.subarray(from * each, to * each), at);
      at += (to - from) * each;
      this.#begun = to < this.stream.shards[shard]! ? { shard, values } : undefined;
    }
    return this.#values;
  }
}
