import { open, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DistillError, demand, systemReason } from '../../errors.js';
import type { Slices } from '../../formats/parquet-pages.js';
import { fetchFile } from './fetch-file.js';

/** A file that is read in parts, by its path or address. */
export async function openFile(place: string | URL): Promise<Slices> {
  if (/^(https?|data|blob):/i.test(String(place))) return fetchFile(place);
  const path = /^file:/i.test(String(place)) ? fileURLToPath(place) : String(place);
  const found = await guarded(path, () => stat(path));
  demand(
    found.isFile(),
    () => `${path} is no file that can be read in parts: give a regular file`,
    'missing',
  );
  return {
    byteLength: found.size,
    slice: (start, end = found.size) => guarded(path, () => slice(path, start, end)),
  };
}

/** Opened for each slice, so that there is nothing that somebody has to close. */
async function slice(path: string, start: number, end: number): Promise<ArrayBuffer> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
      demand(bytesRead > 0, () => `${path} has become shorter while it was read: start anew`, 'bad-file');
      at += bytesRead;
    }
    return bytes.buffer;
  } finally {
    await file.close();
  }
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DistillError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT' ? `there is no file ${path}` : `${path} can't be read (${systemReason(cause)})`;
    throw new DistillError('missing', `${problem}: check the path`, { cause });
  }
}
