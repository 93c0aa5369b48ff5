import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { type Convolution, checkConvolutions, odd } from '../support/convolutions.ts';

/** Layers as networks have them, in batches that end in the middle of a chunk. */
const layers: readonly Convolution[] = [
  { images: [5, 28, 28, 32], filters: [3, 3, 32], options: { padding: 'same' } },
  { images: [33, 8, 8, 128], filters: [3, 3, 128], options: { padding: 'same' } },
  { images: [7, 28, 28, 16], filters: [3, 3, 32], options: { stride: 2, padding: 'same' } },
  { images: [6, 28, 28, 1], filters: [5, 5, 16] },
  { images: [9, 28, 28, 1], filters: [3, 3, 32], options: { padding: 'same' } },
  { images: [4, 32, 32, 3], filters: [3, 3, 16], options: { padding: 'same' } },
  { images: [3, 12, 12, 4], filters: [5, 5, 12] },
  { images: [150, 4, 4, 24], filters: [3, 3, 20], options: { padding: 'same' } },
  { images: [1, 60, 80, 3], filters: [7, 7, 10], options: { stride: 2, padding: 3 } },
  { images: [1, 3, 2500, 2], filters: [3, 3, 6], options: { padding: 'same' } },
  { images: [2, 14, 14, 64], filters: [1, 1, 96] },
];

let engines: Engine[];
beforeAll(async () => {
  engines = await Promise.all([1, 2, 3, 5].map((threads) => createEngine({ threads })));
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

describe('conv2d and the gradient of its input: float64, fused as separate, the same bits by any number of threads', () => {
  test.each([...odd, ...layers].map((one) => [`[${one.images}] by [${one.filters}]`, one] as const))(
    '%s',
    async (_, one) => {
      const [first, ...others] = await Promise.all(engines.map((engine) => checkConvolutions(engine, [one])));
      expect(first!.failures).toEqual([]);
      for (const other of others)
        for (const [i, values] of other.bits.entries())
          expect(Buffer.compare(bytes(values), bytes(first!.bits[i]!))).toBe(0);
    },
  );
});

const bytes = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
