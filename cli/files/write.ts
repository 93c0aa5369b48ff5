import { rmSync } from 'node:fs';
import { constants, type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { codeOf, systemError } from './system-errors.ts';
import { kindOf, targetOf, unlessAbsent } from './targets.ts';

/** Of a file: whole, or in pieces where it is too long for that. */
export type Content = Uint8Array | string | Iterable<Uint8Array | string>;

/**
 * Replaces a file entirely or not at all, whenever the process or the machine stops: the content goes to a file beside
 * it, is flushed to disk, and only then gets the name. What a killed process leaves behind is overwritten by the next.
 * Symbolic links are followed; devices and pipes can't be replaced and are written to.
 * @throws DistillError 'missing', and no temporary file stays.
 */
export async function writeAtomic(path: string, content: Content): Promise<void> {
  try {
    const kind = await kindOf(path);
    if (kind === 'pipe') await writeToPipe(path, content);
    else if (kind === 'other') await withFile(path, (file) => fill(file, content));
    else await replace(await targetOf(path), content);
  } catch (error) {
    throw systemError(path, 'written', error);
  }
}

async function replace(path: string, content: Content): Promise<void> {
  const temporary = `${path}.tmp`; // may be there, from a process that was killed
  const before = await unlessAbsent(stat(path));
  // A second Ctrl-C ends the process without waiting for anything.
  const drop = () => rmSync(temporary, { force: true });
  process.once('exit', drop);
  try {
    await rm(temporary, { force: true });
    await withFile(temporary, async (file) => {
      // What others may not read they may not read afterwards.
      if (before) await file.chmod(before.mode & 0o777);
      await fill(file, content);
      await file.sync();
    });
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    process.off('exit', drop);
  }
}

async function fill(file: FileHandle, content: Content): Promise<void> {
  const whole = typeof content === 'string' || ArrayBuffer.isView(content);
  // Each goes on where the one before has ended.
  for (const piece of whole ? [content] : content) await file.writeFile(piece);
}

async function withFile(path: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, 'w');
  try {
    await work(file);
  } finally {
    await file.close();
  }
}

/**
 * Waits for a reader first. Opening a pipe would wait too, but in a thread that keeps Ctrl-C from ending the process; and
 * the reader would be at its end if nobody had the pipe open in between.
 */
async function writeToPipe(path: string, content: Content): Promise<void> {
  const held = await openOnceRead(path);
  try {
    await withFile(path, (file) => fill(file, content));
  } finally {
    await held.close();
  }
}

async function openOnceRead(pipe: string): Promise<FileHandle> {
  for (;;) {
    const file = await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK).catch((error: unknown) => {
      if (codeOf(error) !== 'ENXIO') throw error;
    });
    if (file) return file;
    await setTimeout(100);
  }
}

/** A rename is on disk once its folder is synced; not every system lets a folder be opened for that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
