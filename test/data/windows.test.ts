import fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf, windowsOf } from '#library/data/windows.js';

test('batches are divided among as few windows as they need, as equally as possible', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 600 }), (batches, most) => {
      const windows = windowsOf(batches, most);
      expect(windows.count).toBe(Math.ceil(batches / most));
      const sizes = Array.from(
        { length: windows.count },
        (_, w) => windows.startOf(w + 1) - windows.startOf(w),
      );
      expect(windows.startOf(0)).toBe(0);
      expect(windows.startOf(windows.count)).toBe(batches);
      expect(Math.max(...sizes)).toBe(windows.most);
      expect(windows.most).toBeLessThanOrEqual(most);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(windows.most - 1);
      for (const batch of [0, batches - 1, Math.floor(batches / 2), Math.floor(batches / 3)]) {
        const window = windows.of(batch);
        expect(batch).toBeGreaterThanOrEqual(windows.startOf(window));
        expect(batch).toBeLessThan(windows.startOf(window + 1));
      }
    }),
  );
});

test('the pieces of windows are all samples of all shards, each once, in order', () => {
  const shardsAndCuts = fc
    .array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 })
    .chain((shards) =>
      fc.tuple(
        fc.constant(shards),
        fc.shuffledSubarray([...shards.keys()], { minLength: shards.length }),
        fc.integer({ min: 1, max: 50 }),
      ),
    );
  fc.assert(
    fc.property(shardsAndCuts, ([shards, order, window]) => {
      const total = shards.reduce((a, b) => a + b, 0);
      const expected = order.flatMap((shard) =>
        Array.from({ length: shards[shard]! }, (_, i) => `${shard}:${i}`),
      );
      const found: string[] = [];
      for (let from = 0; from < total; from += window) {
        const pieces = piecesOf(shards, order, from, Math.min(total, from + window));
        const samples = pieces.flatMap(({ shard, from, to }) =>
          Array.from({ length: to - from }, (_, i) => `${shard}:${from + i}`),
        );
        expect(samples).toHaveLength(Math.min(window, total - from));
        found.push(...samples);
      }
      expect(found).toEqual(expected);
    }),
  );
});
