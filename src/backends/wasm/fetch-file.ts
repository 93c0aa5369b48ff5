import { DistillError } from '../../errors.js';
import type { Slices } from '../../formats/parquet-pages.js';

/** Fetches a file whole, as a Blob, which a browser may keep on disk: not every server answers ranges. */
export async function fetchFile(address: string | URL): Promise<Slices> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`the answer is ${response.status} ${response.statusText}`.trim());
    const blob = await response.blob();
    return { byteLength: blob.size, slice: (start, end) => blob.slice(start, end).arrayBuffer() };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError(
      'missing',
      `${String(address).slice(0, 200)} can't be fetched (${reason}): check the address`,
      { cause },
    );
  }
}
