import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Control } from '#library/backends/wasm/layout.js';
import type { BarrierWork } from './barrier-worker.ts';

const THREADS = 2;
/** Crossings timed on end, short enough for most samples to see no other process, and how many such samples. */
const COUNT = 1000;
const SAMPLES = 200;
/** As a session has them where there are cores enough. */
const SPINS = 100_000;
/** Five a second: a thread that never comes is an error after a minute. */
const NAPS = 300;

/**
 * Nanoseconds of one crossing of the team's barrier (assembly/barrier.ts) by two threads that do nothing else, timed in
 * one of them.
 */
export async function barrierNanoseconds(): Promise<number[]> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const control = 65536; // beyond static data
  new Int32Array(memory.buffer, control)[Control.naps] = NAPS;
  const module = await WebAssembly.compile(readFileSync(new URL('./crossings.wasm', import.meta.url)));
  const work = { module, memory, control, threads: THREADS, spins: SPINS, count: COUNT, samples: SAMPLES };
  const script = new URL('./barrier-worker.js', import.meta.url);
  const workers = Array.from(
    { length: THREADS },
    () => new Worker(script, { workerData: work satisfies BarrierWork }),
  );
  const [timed] = await Promise.all(workers.map(answerOf));
  return timed!.map((milliseconds) => (milliseconds / COUNT) * 1e6);
}

function answerOf(worker: Worker): Promise<number[]> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
