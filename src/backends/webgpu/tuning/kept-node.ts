import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A short text that was kept on this machine; undefined where there is none, or none can be read. */
export async function kept(name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder(), `${name}.json`), 'utf8');
  } catch {
    return undefined;
  }
}

/** Keeps a short text for this user; where that can't be, nothing happens. */
export async function keep(name: string, text: string): Promise<void> {
  try {
    await mkdir(folder(), { recursive: true });
    const path = join(folder(), `${name}.json`);
    // Readers see all of it or nothing.
    await writeFile(`${path}.${process.pid}`, text);
    await rename(`${path}.${process.pid}`, path);
  } catch {
    // A user without a home, a disk that is full or read-only: the caller reads it back.
  }
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
