/** The parts of a job's result, and what a running job leaves behind. */
export type Part = 'model' | 'checkpoint' | 'outputs' | 'result';

/** Where results are stored, each under its job's key: a folder, memory, a browser's database. */
export interface Artifacts {
  /** The bytes, or undefined if there are none. */
  read(key: string, part: Part): Promise<Uint8Array | undefined>;
  /** Replaces a part entirely or not at all. */
  write(key: string, part: Part, bytes: Uint8Array): Promise<void>;
  remove(key: string, part: Part): Promise<void>;
}

/** Artifacts that last as long as the process. */
export function memoryArtifacts(): Artifacts {
  const kept = new Map<string, Uint8Array>();
  const name = (key: string, part: Part) => `${key} ${part}`;
  return {
    read: async (key, part) => kept.get(name(key, part)),
    write: async (key, part, bytes) => void kept.set(name(key, part), bytes),
    remove: async (key, part) => void kept.delete(name(key, part)),
  };
}
