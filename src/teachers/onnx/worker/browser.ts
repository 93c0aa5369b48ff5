import type { Request, RuntimeName } from './protocol.js';
import { type Runtime, serve } from './serve.js';

/** What runs a graph, in a browser's module Worker. */
const answer = serve(load);
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(message: unknown): void;
};
scope.onmessage = async ({ data }) => scope.postMessage(await answer(data));

async function load(name: RuntimeName, address: string | undefined): Promise<Runtime> {
  if (name !== 'onnxruntime-web') throw new Error('it runs in Node alone');
  if (address !== undefined) return import(/* @vite-ignore */ /* webpackIgnore: true */ address);
  // Inside `try`, so that bundlers carry along what is there, and only warn where it isn't.
  try {
    return (await import('onnxruntime-web/wasm')) as unknown as Runtime;
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error));
  }
}
