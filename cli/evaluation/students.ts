import { setImmediate } from 'node:timers/promises';
import { type Dataset, DistillError } from 'wasm-distill';
import { load } from 'wasm-distill/infer';

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
  { inputs, size }: Dataset,
  { signal, onProgress }: Control,
): Promise<Float32Array> {
  const student = await load(bytes);
  const all = new Float32Array(size * student.classes);
  for (let first = 0; first < size; first += CHUNK) {
    const n = Math.min(CHUNK, size - first);
    const some = inputs.values.subarray(first * student.inputs, (first + n) * student.inputs);
    all.set(student.predictBatch(some, n).probabilities, first * student.classes);
    onProgress({ samples: first + n });
    await setImmediate();
    if (signal.aborted) throw new DistillError('aborted', 'prediction was stopped', { cause: signal.reason });
  }
  return all;
}

/** The mean of several models' probabilities. */
export function mean(all: readonly Float32Array[]): Float32Array {
  return Float32Array.from(all[0]!, (_, i) => all.reduce((sum, one) => sum + one[i]!, 0) / all.length);
}
