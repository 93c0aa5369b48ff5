import { mkdir, open, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { lockFolder } from './lock.ts';
import { systemError } from './system-errors.ts';
import { kindOf, targetOf } from './targets.ts';

/** Creates the folder with its parents and tries to write there, so that a long run doesn't fail at the end. */
export async function prepareFolder(folder: string): Promise<void> {
  await prepare(folder);
}

/** Works in a folder that is writable and that no other process is using meanwhile. */
export function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return unlessEmpty(folder, async () => {
    const release = await attempt(folder, () => lockFolder(folder));
    try {
      return await work();
    } finally {
      await release();
    }
  });
}

/** Does what ends in a file, once it is clear that the file can be written. */
export async function forFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const [kind, target] = await attempt(path, async () => [await kindOf(path), await targetOf(path)] as const);
  if (kind === 'folder')
    throw systemError(path, 'written', Object.assign(new Error(path), { code: 'EISDIR' }));
  return kind === 'other' || kind === 'pipe' ? work() : unlessEmpty(dirname(resolve(target)), work);
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Works in a folder, and if that fails before anything is in it, takes away what was created for it. */
async function unlessEmpty<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const first = await prepare(folder);
  try {
    return await work();
  } catch (error) {
    if (first !== undefined) await removeEmpty(resolve(folder), resolve(first));
    throw error;
  }
}

/** The first of the folders that weren't there. */
async function prepare(folder: string): Promise<string | undefined> {
  const probe = join(folder, `.wasm-distill.${process.pid}.tmp`);
  return attempt(folder, async () => {
    const first = await mkdir(folder, { recursive: true });
    await (await open(probe, 'w')).close();
    await rm(probe);
    return first;
  });
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw systemError(path, 'written', error);
  }
}

/** Removes a folder and its parents up to the given one, as far as they are empty. */
async function removeEmpty(folder: string, last: string): Promise<void> {
  const removed = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (removed && folder !== last) await removeEmpty(dirname(folder), last);
}
