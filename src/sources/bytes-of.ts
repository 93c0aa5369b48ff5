import { host } from '#host';
import { read } from '#read';
import { brandOf, shown } from '../checks.js';
import { DistillError } from '../errors.js';
import { gunzip, isGzip } from '../formats/gzip.js';
import type { Slices } from '../formats/parquet-pages.js';

/**
 * A file: its path (in Node; elsewhere a URL relative to the page) or URL, a Blob or File, or its bytes.
 */
export type Source = string | URL | Blob | Uint8Array | ArrayBuffer;

export interface NamedBytes {
  bytes: Uint8Array;
  /** What messages call the file. */
  name: string;
}

/**
 * A file's bytes and name. Rejects with 'missing' where it can't be read, with 'bad-argument' for what names no file.
 */
export async function bytesOf(source: Source): Promise<NamedBytes> {
  const name = nameOf(source);
  if (typeof source === 'string') return { bytes: await read(source), name };
  switch (brandOf(source)) {
    case 'URL':
      return { bytes: await read(source as URL), name };
    case 'Blob':
    case 'File':
      return { bytes: new Uint8Array(await blobBytes(source as Blob, name)), name };
    case 'Uint8Array':
      return { bytes: source as Uint8Array, name };
    case 'ArrayBuffer':
      return { bytes: new Uint8Array(source as ArrayBuffer), name };
    default:
      throw new DistillError(
        'bad-argument',
        `a file is given by its path, its URL, as a Blob or by its bytes, not by ${shown(source)}`,
      );
  }
}

/**
 * A file that is read in parts, and its name: one that needn't fit into memory. Rejects as `bytesOf`.
 */
export async function slicesOf(source: Source): Promise<{ file: Slices; name: string }> {
  const name = nameOf(source);
  if (typeof source === 'string' || brandOf(source) === 'URL')
    return { file: await host.openFile(source as string | URL), name };
  if (['Blob', 'File'].includes(brandOf(source))) {
    const blob = source as Blob;
    const slice = (start: number, end = blob.size) => blobBytes(blob.slice(start, end), name);
    return { file: { byteLength: blob.size, slice }, name };
  }
  const { bytes } = await bytesOf(source);
  const slice = (start: number, end = bytes.length) => new Uint8Array(bytes.subarray(start, end)).buffer;
  return { file: { byteLength: bytes.length, slice }, name };
}

/** Like `bytesOf`, with gzip unpacked and its .gz taken off the name. */
export async function unpackedBytesOf(source: Source): Promise<NamedBytes> {
  const { bytes, name } = await bytesOf(source);
  return isGzip(bytes) ? { bytes: gunzip(bytes, name), name: name.replace(/\.gz$/i, '') } : { bytes, name };
}

function nameOf(source: Source): string {
  if (typeof source === 'string') return source;
  if (brandOf(source) === 'URL') return String(source);
  return brandOf(source) === 'File' ? (source as File).name : 'the data';
}

async function blobBytes(blob: Blob, name: string): Promise<ArrayBuffer> {
  try {
    return await blob.arrayBuffer();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError('missing', `${name} can't be read (${reason}): choose it again`, { cause });
  }
}
