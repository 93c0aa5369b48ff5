import type { Engine } from 'wasm-distill';

/** The engine, of one thread, as on a page where threads can't share memory: it runs plans in slices. */
export function unshared(engine: Engine): Engine {
  const description = { ...engine.report(), sharedMemory: false };
  return Object.assign(Object.create(Object.getPrototypeOf(engine)), engine, { description }) as Engine;
}
