import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { DistillError, systemReason } from '../../errors.js';
import type { Host, Thread } from './host.js';
import { mnistFolder } from './mnist-node.js';

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
    readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined;
      throw new DistillError(
        'missing',
        `${path} can't be read (${systemReason(cause)}): check the path and its permissions`,
        { cause },
      );
    }),
  mnistLocation: mnistFolder,
  memoryLimit: () => {
    // Of Node; other hosts that say they are Node may lack it.
    const report = process.report?.getReport() as { userLimits?: UserLimits } | undefined;
    const bytes = report?.userLimits?.virtual_memory_kbytes?.soft;
    return typeof bytes === 'number' ? bytes : undefined;
  },
};

/** What a process may take, where a number limits it; this one is in bytes despite its name. */
interface UserLimits {
  virtual_memory_kbytes?: { soft: number | string };
}

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
