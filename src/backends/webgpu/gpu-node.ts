import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DistillError, systemReason } from '../../errors.js';

/** How a host gives WebGPU. */
export interface HeldGpu {
  readonly gpu: GPU;
  /** Lets go of what keeps it alive. */
  release(): void;
}

/**
 * Of the npm package webgpu. What its `create` returns must stay referenced as long as a device of it lives: the process
 * crashes otherwise.
 */
const held = new Set<object>();

/** @throws DistillError 'missing' where the package isn't installed or can't be loaded. */
export async function gpu(): Promise<HeldGpu> {
  const { create } = await load();
  const own = create([]);
  held.add(own);
  return { gpu: own, release: () => held.delete(own) };
}

async function load(): Promise<{ create(options: string[]): GPU }> {
  // A name that bundlers and compilers don't look up: the package is optional.
  const name = 'webgpu';
  try {
    return await import(name);
  } catch (error) {
    throw new DistillError(
      'missing',
      `backend 'webgpu' in Node needs the package webgpu (${systemReason(error)}): npm install webgpu`,
      { cause: error },
    );
  }
}

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
