import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';
import type { Artifacts, Part } from 'wasm-distill/jobs';
import { type Preparation, withPreparation } from '../data/preparation.ts';
import { files, readIfThere, remove, writeAtomic } from './run-files.ts';

/** Artifacts in a folder, each in a file named after its key: what was computed once is found by every run. */
export function keyedArtifacts(folder: string): Artifacts {
  const path = (key: string, part: Part) => join(folder, FOLDERS[part], `${key}${SUFFIXES[part]}`);
  return {
    read: (key, part) => readIfThere(path(key, part)),
    write: (key, part, bytes) => writeAtomic(path(key, part), bytes),
    remove: (key, part) => remove(path(key, part)),
  };
}

/** The folders of keyed artifacts, to be created first. */
export const FOLDERS: Readonly<Record<Part, string>> = {
  model: 'models',
  checkpoint: 'models',
  outputs: 'outputs',
  result: 'evaluations',
};

const SUFFIXES: Readonly<Record<Part, string>> = {
  model: '.safetensors',
  checkpoint: '.checkpoint.safetensors',
  outputs: '.safetensors',
  result: '.json',
};

/**
 * Artifacts in a run's folder, in files with familiar names. A model's metadata says which key it belongs to: under any
 * other it doesn't exist.
 */
export class NamedArtifacts implements Artifacts {
  readonly #names = new Map<string, string>();
  readonly #written = new Set<string>();
  /** Keys of files that count as others', by path. */
  readonly #adopted = new Map<string, string>();

  constructor(
    private readonly folder: string,
    /** Whether results of earlier runs count. */
    private readonly resume: boolean,
    /** How the training data became inputs: models are kept with it. */
    private readonly made: Preparation = {},
  ) {}

  /** Sets the name for the files of a key. */
  name(key: string, name: string): void {
    this.#names.set(key, name);
  }

  /** Several kinds of outputs lie side by side. */
  nameOutputs(key: string, kind: string): void {
    this.#names.set(key, kind === 'soft targets' ? 'soft-targets' : `kept-${kind}`);
  }

  /** From now on, the file at this path is what a key names, whatever key its metadata say. */
  adopt(path: string, key: string): void {
    this.#adopted.set(path, key);
  }

  async read(key: string, part: Part): Promise<Uint8Array | undefined> {
    const path = this.#path(key, part);
    if (this.#written.has(path)) return readIfThere(path);
    // A resumed run computes outputs anew: that takes little time, and the same teachers give the same bits.
    if (!this.resume || part === 'outputs' || part === 'result') return undefined;
    const bytes = await readIfThere(path);
    if (!bytes) return undefined;
    const { tensors, metadata } = decodeSafetensors(bytes, path);
    if (metadata.fingerprint === key) return bytes;
    if (this.#adopted.get(path) !== key) return undefined;
    return encodeSafetensors([...tensors.values()], { ...metadata, fingerprint: key });
  }

  async write(key: string, part: Part, bytes: Uint8Array): Promise<void> {
    const path = this.#path(key, part);
    await writeAtomic(path, part === 'model' ? withPreparation(bytes, this.made) : bytes);
    this.#written.add(path);
  }

  remove(key: string, part: Part): Promise<void> {
    return remove(this.#path(key, part));
  }

  #path(key: string, part: Part): string {
    const name = this.#names.get(key);
    if (part === 'outputs') return files.model(this.folder, name ?? 'soft-targets');
    if (name === undefined || part === 'result') throw new Error(`no file is named for ${part} ${key}`);
    return part === 'model' ? files.model(this.folder, name) : files.checkpoint(this.folder, name);
  }
}
