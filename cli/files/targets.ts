import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from './system-errors.ts';

/** Of symbolic links in sequence; systems allow about as many. */
const MOST_LINKS = 40;

/** What is at the end of a path: pipes and others, devices and sockets, can't be replaced by a file. */
export async function kindOf(path: string): Promise<'nothing' | 'file' | 'folder' | 'pipe' | 'other'> {
  const found = await unlessAbsent(stat(path));
  if (!found) return 'nothing';
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isFile() ? 'file' : 'other';
}

/** Whether both paths lead to one file. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)));
  return resolve(a) === resolve(b) || (one !== undefined && one.dev === other?.dev && one.ino === other.ino);
}

/** Where a path leads through symbolic links; what is at their end need not be there yet. */
export async function targetOf(path: string, links = 0): Promise<string> {
  const found = await unlessAbsent(lstat(path));
  if (!found?.isSymbolicLink()) return path;
  if (links === MOST_LINKS) throw Object.assign(new Error(path), { code: 'ELOOP' });
  const folder = await realpath(dirname(resolve(path)));
  return targetOf(resolve(folder, await readlink(path)), links + 1);
}

/** What was found, or undefined if there is none. */
export async function unlessAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
