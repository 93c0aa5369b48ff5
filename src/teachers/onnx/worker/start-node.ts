import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Thread } from '../../../backends/wasm/host.js';
import { threadOf } from '../../../backends/wasm/thread-node.js';

/** Not imported: bundlers only know a worker whose options they can see. */
const options: WorkerOptions = { execArgv: [] };

/** Starts the script at this address, or else this package's own. */
export function startWorker(worker: string | URL | undefined): Thread {
  return threadOf(
    worker === undefined
      ? // Of this form bundlers know it as a worker to carry along.
        new Worker(new URL('./node.js', import.meta.url), options)
      : new Worker(worker, options),
  );
}

/** Where packages are looked for besides beside this one. */
export function workingFolder(): string | undefined {
  return process.cwd();
}
