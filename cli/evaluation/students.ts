import { setImmediate } from 'node:timers/promises';
import { DistillError } from 'wasm-distill';
import { load } from 'wasm-distill/infer';
import type { Data } from '../data/reader.ts';
import { isStream } from '../data/stream.ts';

export interface Control {
  signal: AbortSignal;
  onProgress(progress: { samples: number }): void;
}

/** Samples predicted between two progress updates, and between two looks at the signal. */
const CHUNK = 500;

/**
 * Probabilities [size, classes] of a model's file, f32 or 8-bit, as wasm-distill/infer computes them.
 * @throws DistillError 'aborted'
 */
export async function studentProbabilities(
  bytes: Uint8Array,
  data: Data,
  { signal, onProgress }: Control,
): Promise<Float32Array> {
  const student = await load(bytes);
  const all = new Float32Array(data.size * student.classes);
  let done = 0;
  for await (const values of partsOf(data))
    for (let at = 0; at < values.length; at += CHUNK * student.inputs) {
      const some = values.subarray(at, at + CHUNK * student.inputs);
      const n = some.length / student.inputs;
      all.set(student.predictBatch(some, n).probabilities, done * student.classes);
      done += n;
      onProgress({ samples: done });
      await setImmediate();
      if (signal.aborted)
        throw new DistillError('aborted', 'prediction was stopped', { cause: signal.reason });
    }
  return all;
}

async function* partsOf(data: Data): AsyncGenerator<Uint8Array | Float32Array> {
  if (isStream(data)) for (const shard of data.shards.keys()) yield data.read(shard);
  else yield data.inputs.values;
}

/** The mean of several models' probabilities. */
export function mean(all: readonly Float32Array[]): Float32Array {
  return Float32Array.from(all[0]!, (_, i) => all.reduce((sum, one) => sum + one[i]!, 0) / all.length);
}
