import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DistillError } from 'wasm-distill';
import { lockFolder } from './lock.ts';

/** The files of a run's folder. */
export const files = {
  model: (folder: string, name: string) => join(folder, `${name}.safetensors`),
  checkpoint: (folder: string, name: string) => join(folder, `${name}.checkpoint.safetensors`),
  softTargets: (folder: string) => join(folder, 'soft-targets.safetensors'),
  json: (folder: string) => join(folder, 'report.json'),
  html: (folder: string) => join(folder, 'report.html'),
};

/**
 * Replaces a file entirely or not at all, whenever the process or the machine stops: the content goes to a file beside
 * it, is flushed to disk, and only then gets the name. What a killed process leaves behind is overwritten by the next.
 */
export async function writeAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Creates the folder with its parents and tries to write there, so that a long run doesn't fail at the end. */
export async function prepareFolder(folder: string): Promise<void> {
  const probe = join(folder, '.wasm-distill.tmp');
  try {
    await mkdir(folder, { recursive: true });
    await (await open(probe, 'w')).close();
    await rm(probe);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Works in a folder that is writable and that no other process is using meanwhile. */
export async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await prepareFolder(folder);
  const release = await lockFolder(folder);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** The same for one file. */
export async function prepareFile(path: string): Promise<void> {
  await prepareFolder(dirname(resolve(path)));
  if (await isFolder(path)) throw unwritable(path, new Error('it is a folder'));
}

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
    throw new DistillError('missing', `${path} can't be read (${reason(error)}): check the path`, {
      cause: error,
    });
  }
}

export async function remove(path: string): Promise<void> {
  await rm(path, { force: true });
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** A rename is on disk once its folder is synced; not every system lets a folder be opened for that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}

function unwritable(path: string, error: unknown): DistillError {
  const message = `${path} can't be written (${reason(error)}): make it writable, or give another --out`;
  return new DistillError('missing', message, { cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'part of the path is a file',
  EEXIST: 'there is a file of that name',
  EISDIR: 'it is a folder',
};

function reason(error: unknown): string {
  return REASONS[codeOf(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
