import { rmSync } from 'node:fs';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DistillError } from 'wasm-distill';

/** How often the holder of a lock shows that it is alive, and after how long without that it is presumed dead. */
const HEARTBEAT_MS = 10_000;
const STALE_MS = 60_000;

/** After how long a lock without its holder's name was left so by a process that was killed while it wrote. */
const WRITTEN_MS = 1000;

interface Holder {
  pid: number;
  host: string;
}

/**
 * Keeps other processes out of a folder until the returned function is called, or this process ends. A lock is taken
 * over if its process is gone, or if it is held on another host and hasn't been renewed for a minute.
 * @throws DistillError 'mismatch' if another process is working in the folder.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, '.wasm-distill.lock');
  while (!(await create(path))) {
    const holder = await holderOf(path);
    if (!holder && (await age(path)) < WRITTEN_MS) {
      await setTimeout(50);
      continue;
    }
    if (holder && (await isAlive(path, holder)))
      throw new DistillError(
        'mismatch',
        `${folder} is in use by process ${holder.pid} on ${holder.host}: wait until it ends, or give another --out`,
      );
    await rm(path, { force: true });
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), HEARTBEAT_MS);
  beat.unref();
  const onExit = () => rmSync(path, { force: true });
  process.once('exit', onExit);
  return async () => {
    clearInterval(beat);
    process.off('exit', onExit);
    await rm(path, { force: true });
  };
}

/** Creates the lock for this process; returns false if there already was one. */
async function create(path: string): Promise<boolean> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (!file) return false;
  const holder: Holder = { pid: process.pid, host: hostname() };
  await file.writeFile(JSON.stringify(holder));
  await file.close();
  return true;
}

/** Undefined if the lock is gone, not yet written, or unreadable. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const { pid, host } = JSON.parse(await readFile(path, 'utf8')) as Holder;
    return Number.isInteger(pid) && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive(path: string, { pid, host }: Holder): Promise<boolean> {
  if ((await age(path)) > STALE_MS) return false;
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Milliseconds since the lock was renewed; infinite if it is gone. */
async function age(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : Infinity;
}
