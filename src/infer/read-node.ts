import { readFile } from 'node:fs/promises';
import { DistillError } from '../errors.js';
import { read as fetchBytes } from './read.js';

/** The bytes of a file, given by its path or a file: URL, or at another address, fetched. */
export async function read(address: string | URL): Promise<Uint8Array> {
  const url = /^(https?|data|blob|file):/i.test(String(address)) ? new URL(address) : undefined;
  if (url && url.protocol !== 'file:') return fetchBytes(url);
  try {
    return await readFile(url ?? address);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT' ? `there is no file ${address}` : `${address} can't be read (${code ?? message})`;
    throw new DistillError('missing', `${problem}: check the path`, { cause });
  }
}
