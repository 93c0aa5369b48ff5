import { expect, it } from 'vitest';
import { type Dataset, loadMnist } from 'wasm-distill';
import { split } from '../../experiments/samples.ts';

it('--split takes its test images from the training images', async () => {
  const { train } = await loadMnist();
  const parts = split(train);
  expect([parts.train.size, parts.test.size]).toEqual([50_000, 10_000]);
  const pixels = 28 * 28;
  expect(Buffer.compare(bytes(parts.test), bytes(train).subarray(50_000 * pixels))).toBe(0);
  expect(Buffer.compare(bytes(parts.train), bytes(train).subarray(0, 50_000 * pixels))).toBe(0);
});

function bytes({ inputs: { values } }: Dataset): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
