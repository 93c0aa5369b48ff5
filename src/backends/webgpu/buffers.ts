import type { CompiledNode } from '../../compiler/node.js';

/** A range of one of a program's buffers, in bytes. */
export interface Place {
  readonly buffer: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Ranges of a buffer may be bound from multiples of this (the default limit of WebGPU). */
export const ALIGNMENT = 256;

/** Bytes of a range, in whole vectors of four numbers. */
export const inVectors = (bytes: number): number => Math.ceil(bytes / 16) * 16;

export const alignedTo = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** The buffers of a program: how large each is, and what is in it from the start. */
export class Buffers {
  readonly sizes: number[] = [];
  readonly initial: { readonly place: Place; readonly words: Int32Array }[] = [];

  add(bytes: number): Place {
    const size = inVectors(bytes);
    this.sizes.push(size);
    return { buffer: this.sizes.length - 1, offset: 0, bytes: size };
  }
}

/** From when to when a plan needs memory, by the numbers of its dispatches. */
export interface Life {
  readonly node: CompiledNode;
  readonly bytes: number;
  readonly first: number;
  last: number;
}

/**
 * Buffers for what a plan computes: two share one only if no dispatch needs both at once. The largest come first, so
 * that each finds one that is large enough. Plans run one after another and share all of theirs.
 */
export class Slots {
  readonly #slots: Place[] = [];

  constructor(private readonly buffers: Buffers) {}

  place(lives: readonly Life[]): Map<CompiledNode, Place> {
    const taken = this.#slots.map((): Life[] => []);
    const places = new Map<CompiledNode, Place>();
    for (const life of [...lives].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
      let slot = taken.findIndex(
        (others, i) =>
          this.#slots[i]!.bytes >= life.bytes &&
          others.every(({ first, last }) => last < life.first || life.last < first),
      );
      if (slot < 0) {
        slot = this.#slots.push(this.buffers.add(life.bytes)) - 1;
        taken.push([]);
      }
      taken[slot]!.push(life);
      places.set(life.node, { ...this.#slots[slot]!, bytes: inVectors(life.bytes) });
    }
    return places;
  }
}
