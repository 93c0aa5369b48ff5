import { decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';
import { readIfThere, remove, writeAtomic } from '../files/run-files.ts';

const FORMAT = 'wasm-distill unfinished outputs';

/** Milliseconds between two writings. */
const EVERY = 3000;

/** Rows that are done of a file still to be made, beside it. What was made for another key isn't read, and replaced. */
export class Unfinished {
  readonly path: string;
  #kept = performance.now();
  /** What the file doesn't hold yet. */
  #waiting: { rows: Float32Array; columns: number } | undefined;

  constructor(
    file: string,
    private readonly key: string,
  ) {
    this.path = `${file}.unfinished`;
  }

  /** Puts the rows that are there into `all`. Answers how many; of a file that can't be read there are none. */
  async read(all: Float32Array, columns: number): Promise<number> {
    const bytes = await readIfThere(this.path);
    if (!bytes) return 0;
    try {
      const { tensors, metadata } = decodeSafetensors(bytes, this.path);
      const found = tensors.get('rows')!;
      const rows = found.shape[0]!;
      const fits = found.dtype === 'F32' && found.shape[1] === columns && rows * columns < all.length;
      if (metadata.format !== FORMAT || metadata.key !== this.key || !fits) return 0;
      new Uint8Array(all.buffer).set(found.bytes);
      return rows;
    } catch {
      return 0;
    }
  }

  /** Keeps these rows, the first ones, if some time has passed. */
  async keep(rows: Float32Array, columns: number): Promise<void> {
    this.#waiting = { rows, columns };
    if (performance.now() - this.#kept >= EVERY) await this.flush();
  }

  /** Keeps what waits. */
  async flush(): Promise<void> {
    if (!this.#waiting) return;
    const { rows, columns } = this.#waiting;
    const { buffer, byteOffset, byteLength } = rows;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const tensor = { name: 'rows', dtype: 'F32', shape: [rows.length / columns, columns], bytes } as const;
    await writeAtomic(
      this.path,
      encodeSafetensors([{ ...tensor, shape: [...tensor.shape] }], { format: FORMAT, key: this.key }),
    );
    this.#waiting = undefined;
    this.#kept = performance.now();
  }

  remove(): Promise<void> {
    return remove(this.path);
  }
}
