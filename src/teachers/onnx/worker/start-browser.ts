import type { Thread } from '../../../backends/wasm/host.js';
import { threadOf } from '../../../backends/wasm/thread-browser.js';

/** Starts the script at this address, or else this package's own. */
export function startWorker(worker: string | URL | undefined): Thread {
  return threadOf(
    worker === undefined
      ? // Of this form bundlers know it as a worker to carry along.
        new Worker(new URL('./browser.js', import.meta.url), { type: 'module' })
      : new Worker(worker, { type: 'module' }),
  );
}

/** Where packages are looked for besides beside this one. */
export function workingFolder(): string | undefined {
  return undefined;
}
