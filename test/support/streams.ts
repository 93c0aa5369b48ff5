import type { Dataset } from 'wasm-distill';
import type { SampleStream } from 'wasm-distill/data';

/** A data set as a stream of shards of these sizes, and which shards were read. */
export function streamOf(data: Dataset, shards: readonly number[]): SampleStream & { reads: number[] } {
  const { inputs, labels, size, classes } = data;
  const each = inputs.shape.reduce((a, b) => a * b, 1);
  const reads: number[] = [];
  return {
    shape: inputs.shape,
    values: inputs.values.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'floats',
    ...{ size, classes, labels, shards, reads },
    read: async (shard) => {
      reads.push(shard);
      const first = shards.slice(0, shard).reduce((a, b) => a + b, 0);
      return inputs.values.slice(first * each, (first + shards[shard]!) * each);
    },
  };
}

/** Sizes of shards that add up to `size`, of 1 to `most` samples. */
export function unevenShards(size: number, most: number): number[] {
  const shards: number[] = [];
  for (let left = size, i = 1; left > 0; i++) {
    const count = Math.min(left, 1 + ((i * 7) % most));
    shards.push(count);
    left -= count;
  }
  return shards;
}
