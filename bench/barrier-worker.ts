import { parentPort, workerData } from 'node:worker_threads';
import { instantiateSync } from '@assemblyscript/loader';

/** What the threads at the barrier are told; all the same. */
export interface BarrierWork {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: number;
  threads: number;
  spins: number;
  count: number;
  samples: number;
}

interface Crossings extends Record<string, unknown> {
  crossings(control: number, threads: number, spins: number, count: number): number;
}

const { module, memory, control, threads, spins, count, samples } = workerData as BarrierWork;
const { exports } = instantiateSync<Crossings>(module, {
  env: { memory },
  crossings: { now: () => performance.now() },
});
const times = Array.from({ length: samples }, () => exports.crossings(control, threads, spins, count));
if (times.some((ms) => ms < 0)) throw new Error('a thread never came to the barrier');
parentPort!.postMessage(times);
