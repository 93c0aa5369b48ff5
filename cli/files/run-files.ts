import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DistillError } from 'wasm-distill';
import { codeOf, systemError } from './system-errors.ts';

export { inFolder, isFolder, prepareFolder } from './folders.ts';
export { writeAtomic } from './write.ts';

/** The files of a run's folder. */
export const files = {
  model: (folder: string, name: string) => join(folder, `${name}.safetensors`),
  checkpoint: (folder: string, name: string) => join(folder, `${name}.checkpoint.safetensors`),
  softTargets: (folder: string) => join(folder, 'soft-targets.safetensors'),
  json: (folder: string) => join(folder, 'report.json'),
  html: (folder: string) => join(folder, 'report.html'),
};

/** A file's bytes. @throws DistillError 'missing' */
export async function read(path: string): Promise<Uint8Array> {
  const bytes = await readIfThere(path);
  if (!bytes) throw new DistillError('missing', `there is no file ${path}: check the path`);
  return bytes;
}

/** A file's bytes, or undefined if there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw systemError(path, 'read', error);
  }
}

/** How long a file is. @throws DistillError 'missing' */
export async function bytesIn(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw systemError(path, 'read', error);
  }
}

export async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw systemError(path, 'removed', error);
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
