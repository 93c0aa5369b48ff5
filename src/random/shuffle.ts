import { philoxWords } from './philox.js';
import type { Stream } from './streams.js';

/** The numbers 0…n−1 in the random order of (seed, stream, step): the same as the kernels' permutation has. */
export function shuffled(seed: number, stream: Stream, step: number, n: number): Int32Array {
  const words = philoxWords(seed, stream, step, n);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    // word·(i + 1) / 2³² is exact in float64: 32 + 21 bits at most.
    const j = Math.floor((words[n - 1 - i]! * (i + 1)) / 2 ** 32);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
