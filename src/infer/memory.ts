import { roundUp } from './images.js';
import { type Kernels, reserve } from './kernels.js';

const CACHE_LINE = 64;

/** What a layer does to the first so many images in memory. */
export type Step = (images: number) => void;

/** Where things lie in the kernels' memory: first all are placed, then it is grown, then they are written. */
export class Memory {
  #end: number;
  #shared = 0;
  readonly #writes: ((buffer: ArrayBuffer) => void)[] = [];
  /** Room that all layers use in turn, of as many bytes as one has asked for. */
  scratch = 0;

  constructor(
    readonly kernels: Kernels,
    /** Most images computed together. */
    readonly images: number,
  ) {
    this.#end = kernels.BASE.value;
  }

  /** The address of so many bytes, all zero; `write` is called once they are there. */
  place(bytes: number, write?: (buffer: ArrayBuffer, at: number) => void): number {
    const at = roundUp(this.#end, CACHE_LINE);
    this.#end = at + bytes;
    if (write) this.#writes.push((buffer) => write(buffer, at));
    return at;
  }

  /** The address of these floats, with zeros up to `room` of them, and enough for the vector that holds the last. */
  floats(values: Float32Array, room = values.length): number {
    return this.place(room * 4 + 12, (buffer, at) => new Float32Array(buffer, at, values.length).set(values));
  }

  words(values: readonly number[]): number {
    return this.place(values.length * 4, (buffer, at) => new Int32Array(buffer, at).set(values));
  }

  /** Makes sure that the scratch has so many bytes. */
  share(bytes: number): void {
    this.#shared = Math.max(this.#shared, bytes);
  }

  /** @throws DistillError 'memory' */
  grow(): void {
    this.scratch = this.place(this.#shared);
    reserve(this.kernels.memory, this.#end);
    for (const write of this.#writes.splice(0)) write(this.kernels.memory.buffer);
  }
}
