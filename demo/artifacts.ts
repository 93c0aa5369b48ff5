import type { Artifacts, Part } from 'wasm-distill/jobs';
import type { Store } from './store.ts';

/** Results of jobs in a browser's database, each under its job's key. */
export function artifactsIn(store: Store): Artifacts {
  const name = (key: string, part: Part) => `${key} ${part}`;
  return {
    read: async (key, part) => store.get(name(key, part)) as Uint8Array | undefined,
    write: (key, part, bytes) => store.put(name(key, part), bytes),
    remove: (key, part) => store.delete(name(key, part)),
  };
}
