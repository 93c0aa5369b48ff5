import { DistillError } from '../../errors.js';
import type { HeldGpu } from './gpu-node.js';

/** Of the page, or of the worker. @throws DistillError 'missing' */
export async function gpu(): Promise<HeldGpu> {
  const own = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!own)
    throw new DistillError(
      'missing',
      "this browser has no WebGPU, or the page isn't served over https: use backend 'wasm', or 'auto'",
    );
  return { gpu: own, release: () => {} };
}
