import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A short text that was kept on this machine; undefined where there is none, or none can be read. */
export async function kept(name: string): Promise<string | undefined> {
  return quietly(() => readFile(fileOf(name), 'utf8'));
}

/** Keeps a short text for this user unless one is kept already; where that can't be, nothing happens. */
export async function keep(name: string, text: string): Promise<void> {
  await quietly(async () => {
    const path = fileOf(name);
    await mkdir(folder(), { recursive: true });
    const own = `${path}.${randomUUID()}`;
    try {
      await writeFile(own, text);
      // Readers see all of it or nothing, and of several writers the first wins.
      await link(own, path);
    } finally {
      await rm(own, { force: true });
    }
  });
}

export async function forget(name: string): Promise<void> {
  await quietly(() => rm(fileOf(name), { force: true }));
}

/** There are users without a home, and disks that are full or read-only. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

function fileOf(name: string): string {
  return join(folder(), `${name}.json`);
}

/** Where this system's programs keep what they can make again. */
function folder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  const own = {
    win32: () => LOCALAPPDATA || join(homedir(), 'AppData', 'Local'),
    darwin: () => join(homedir(), 'Library', 'Caches'),
  }[process.platform as string];
  return join(own?.() ?? (XDG_CACHE_HOME || join(homedir(), '.cache')), 'wasm-distill');
}
