import { DistillError, systemReason } from '../../errors.js';

/** How a host gives WebGPU. */
export interface HeldGpu {
  readonly gpu: GPU;
  /** Lets go of what keeps it alive. */
  release(): void;
}

/**
 * Of the npm package webgpu. What its `create` returns must stay referenced as long as a device of it lives: the process
 * crashes otherwise.
 */
const held = new Set<object>();

/** @throws DistillError 'missing' where the package isn't installed or can't be loaded. */
export async function gpu(): Promise<HeldGpu> {
  const { create } = await load();
  const own = create([]);
  held.add(own);
  return { gpu: own, release: () => held.delete(own) };
}

async function load(): Promise<{ create(options: string[]): GPU }> {
  // A name that bundlers and compilers don't look up: the package is optional.
  const name = 'webgpu';
  try {
    return await import(name);
  } catch (error) {
    throw new DistillError(
      'missing',
      `backend 'webgpu' in Node needs the package webgpu (${systemReason(error)}): npm install webgpu`,
      { cause: error },
    );
  }
}
