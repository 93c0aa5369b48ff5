import { expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { ops, variable } from 'wasm-distill/graph';
import { Memories } from '#library/backends/wasm/memories.js';

test('a memory that was given back is the next one of its size, zeroed', () => {
  const memories = new Memories();
  const [one, two] = [memories.take(1), memories.take(2)];
  new Uint8Array(one.buffer).fill(7);
  memories.give(one);
  memories.give(two);
  expect(memories.take(3)).not.toBe(one);
  const again = memories.take(1);
  expect(again).toBe(one);
  expect(new Uint8Array(again.buffer).every((byte) => byte === 0)).toBe(true);
  expect(memories.take(1)).not.toBe(one);
});

test('large ones and too many are left to the collector', () => {
  const memories = new Memories();
  const large = memories.take(257);
  memories.give(large);
  expect(memories.take(257)).not.toBe(large);
  const many = Array.from({ length: 9 }, () => memories.take(1));
  for (const memory of many) memories.give(memory);
  const kept = new Set(Array.from({ length: 9 }, () => memories.take(1)));
  expect(many.map((memory) => kept.has(memory))).toEqual([false, ...many.slice(1).map(() => true)]);
});

test('a session of a memory that another one had starts with zeros, and the closed one has none any more', async () => {
  await using engine = await createEngine({ threads: 2 });
  const count = variable('count', [3]);
  const plans = { count: [ops.assign(count, ops.shift(count, 1))] };
  const first = await engine.load(plans);
  await first.write(count, Float32Array.of(5, 6, 7));
  await first.run('count');
  await first.close();
  const second = await engine.load(plans);
  await second.run('count');
  expect([...(await second.read(count))]).toEqual([1, 1, 1]);
  await expect(first.read(count)).rejects.toThrow('the session is closed');
  await expect(first.write(count, Float32Array.of(1, 1, 1))).rejects.toThrow('the session is closed');
  expect([...(await second.read(count))]).toEqual([1, 1, 1]);
});
