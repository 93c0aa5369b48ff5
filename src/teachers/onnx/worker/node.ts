import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { Request, RuntimeName } from './protocol.js';
import { type Runtime, serve } from './serve.js';

/** What runs a graph, in a worker_thread. */
const answer = serve(load);
parentPort?.on('message', async (request: Request) => parentPort?.postMessage(await answer(request)));

async function load(name: RuntimeName, address: string | undefined): Promise<Runtime> {
  if (address !== undefined)
    return import(/URL|^[a-z]+:/i.test(address) ? address : pathToFileURL(address).href);
  try {
    return (await (name === 'onnxruntime-web'
      ? import('onnxruntime-web/wasm')
      : import(/* @vite-ignore */ name))) as Runtime;
  } catch (error) {
    return fromWorkingFolder(name, error);
  }
}

/** The package of the project at work, where the library isn't installed in it. */
function fromWorkingFolder(name: RuntimeName, error: unknown): Runtime {
  const require = createRequire(join(process.cwd(), 'index.js'));
  try {
    return require(name === 'onnxruntime-web' ? 'onnxruntime-web/wasm' : name) as Runtime;
  } catch {
    throw error;
  }
}
