import { readFile } from 'node:fs/promises';
import { DistillError, systemReason } from '../errors.js';
import { read as fetchBytes } from './read.js';

/** The bytes of a file, given its path or file: URL, or those fetched from any other address. */
export async function read(address: string | URL): Promise<Uint8Array> {
  if (/^(https?|data|blob):/i.test(String(address))) return fetchBytes(address);
  try {
    return await readFile(/^file:/i.test(String(address)) ? new URL(address) : address);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT' ? `there is no file ${address}` : `${address} can't be read (${systemReason(cause)})`;
    throw new DistillError('missing', `${problem}: check the path`, { cause });
  }
}
