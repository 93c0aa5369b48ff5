import { DistillError } from '../../errors.js';
import { fetchFile } from './fetch-file.js';
import type { Host } from './host.js';
import { threadOf } from './thread-browser.js';

export const host: Host = {
  name: typeof navigator === 'undefined' ? 'browser' : navigator.userAgent,
  startThread: (worker) =>
    threadOf(
      worker === undefined
        ? // Of this form bundlers know it as a worker to carry along.
          new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
        : new Worker(worker, { type: 'module' }),
    ),
  kernels: async (fast) => {
    const address = fast
      ? new URL('./kernels-fast.wasm', import.meta.url)
      : new URL('./kernels.wasm', import.meta.url);
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address} answers ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
  hardwareThreads: () => navigator.hardwareConcurrency || 1,
  whyNotShared: () => {
    if (globalThis.crossOriginIsolated !== true) {
      return 'the page is not cross-origin isolated (serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)';
    }
    try {
      new MessageChannel().port1.postMessage(
        new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
      );
      return undefined;
    } catch (error) {
      return `this browser can't post shared memory to a thread (${error instanceof Error ? error.message : error})`;
    }
  },
  readFile: async (path) => {
    const response = await fetch(path);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  },
  openFile: fetchFile,
  listFolder: async (folder) => {
    throw new DistillError(
      'missing',
      `${folder}: a page can't list folders: give a list of Files, such as those of <input type="file" webkitdirectory>`,
    );
  },
  mnistLocation: () => {
    throw new DistillError(
      'missing',
      'MNIST was not found: a page has no packages, so give the address of a folder that holds the four IDX files',
    );
  },
  memoryLimit: () => undefined,
};
