import { checkNames, checkWhole, checkWord } from '../checks.js';

/**
 * What a random number is for. Each use has its own numbers, identified by kind and index: two words of Philox's
 * counter, so that no two kinds can ever collide. A kind's number is part of the promise of equal bits: append, never
 * renumber.
 */
export const STREAM_KINDS = {
  /** For graphs that users write. */
  user: 0,
  /** Initial weights; the index is the parameter's place in the network. */
  weights: 1,
  /** The order of an epoch's samples. */
  order: 2,
  /** Shifts and other views of the samples; the index is the augmentation's place in its list. */
  augmentation: 3,
  /** Dropped units; the index is the layer's place. */
  dropout: 4,
  /** Pairs of images (src/data/pairs.ts). */
  pairs: 5,
  /** Samples of a specialist's own classes, and the rest. */
  special: 6,
  rest: 7,
  /** Initial weights of helpers, networks that learn beside the student. */
  helpers: 8,
  /** Which samples of a class go to which part (src/data/split.ts). */
  split: 9,
  /** The order of a stream's shards in an epoch (src/data/stream-feed.ts). */
  shards: 10,
  /** Which sample a number is taken from in permutation importance; the index is the number's place in a sample. */
  importance: 11,
} as const;

export type StreamKind = keyof typeof STREAM_KINDS;

/** Incremented when the same (seed, kind, index, step) gives different numbers than before: part of every job's key. */
export const STREAMS_VERSION = 2;

/** One source of random numbers in a run. */
export interface Stream {
  kind: StreamKind;
  /** From 0 to 2³² − 1. */
  index: number;
}

/** @throws DistillError 'bad-argument' for what is no stream: it would draw another one's numbers. */
export function checkStream(stream: Stream): void {
  checkNames(stream, 'a random stream', ['kind', 'index']);
  checkWord(stream.kind, "a random stream's kind", Object.keys(STREAM_KINDS) as StreamKind[]);
  checkWhole(stream.index, "a random stream's index", 0, 2 ** 32 - 1);
}
