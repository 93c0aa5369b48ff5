import { Worker } from 'node:worker_threads';
import type { Thread } from '../../../backends/wasm/host.js';
import { threadOf, threadOptions } from '../../../backends/wasm/thread-node.js';

/** Starts the script at this address, or else this package's own. */
export function startWorker(worker: string | URL | undefined): Thread {
  return threadOf(
    worker === undefined
      ? // Of this form bundlers know it as a worker to carry along.
        new Worker(new URL('./node.js', import.meta.url), threadOptions)
      : new Worker(worker, threadOptions),
  );
}

/** Where packages are looked for besides beside this one. */
export function workingFolder(): string | undefined {
  return process.cwd();
}
