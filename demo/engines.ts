import { createEngine, type Engine } from 'wasm-distill';
import type { Backend } from './settings.ts';

/** The engines that train, each opened when it is first needed. */
export class Engines {
  readonly #open = new Map<Backend, Promise<Engine>>();

  /** @throws DistillError 'missing' where there is no WebGPU. */
  of(backend: Backend): Promise<Engine> {
    const open = this.#open.get(backend);
    if (open) return open;
    const opened = createEngine({ backend });
    this.#open.set(backend, opened);
    opened.catch(() => this.#open.delete(backend));
    return opened;
  }

  /** Closes one that has failed; the next time it is a new one. */
  async drop(backend: Backend): Promise<void> {
    const open = this.#open.get(backend);
    this.#open.delete(backend);
    const engine = await open?.catch(() => undefined);
    await engine?.close();
  }
}

/** Why there is no WebGPU; undefined where there is. */
export async function whyNoGpu(): Promise<string | undefined> {
  if (!navigator.gpu) return 'This browser has no WebGPU.';
  return (await navigator.gpu.requestAdapter()) ? undefined : 'WebGPU finds no GPU here.';
}
