import { checkNames } from '../checks.js';
import { sha256 } from '../formats/hash.js';
import type { Dataset } from './dataset.js';
import { checkData, isStream, type ReadControl, readShards, type SampleStream } from './stream.js';

/** Of streams that were read: what they answer stays the same, and reading them takes minutes. */
let known: WeakMap<SampleStream, readonly string[]> | undefined;

/** SHA-256 of each shard's samples. All are read, once as long as the object lives. */
export async function shardHashes(
  stream: SampleStream,
  control: ReadControl = {},
): Promise<readonly string[]> {
  known ??= new WeakMap();
  const found = known.get(stream);
  if (found) return found;
  const hashes: string[] = [];
  await readShards(stream, async (values) => void hashes.push(await sha256([values])), control);
  known.set(stream, hashes);
  return hashes;
}

/**
 * SHA-256 of samples in their order, without their labels: what binds to them the numbers that were made of them. That of
 * a stream is made of its shards' hashes, and isn't that of the same samples in memory.
 *
 * Rejects with 'bad-argument'; of a stream also with 'bad-file', 'aborted' and what its read() rejects with.
 */
export async function samplesSha256(
  data: Dataset | SampleStream,
  control: ReadControl = {},
): Promise<string> {
  checkData(data);
  checkNames(control, 'samplesSha256', ['signal', 'onProgress']);
  if (!isStream(data)) return sha256([data.inputs.values]);
  const { shape, values, shards } = data;
  const hashes = await shardHashes(data, control);
  return sha256([new TextEncoder().encode(JSON.stringify({ shape, values, shards, hashes }))]);
}
