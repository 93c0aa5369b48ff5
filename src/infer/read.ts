import { DistillError } from '../errors.js';

/** Fetches the bytes at an address. `#read` is this file, or in Node read-node.ts, which also takes paths. */
export async function read(address: string | URL): Promise<Uint8Array> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`the answer is ${response.status} ${response.statusText}`.trim());
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError(
      'missing',
      `${String(address).slice(0, 200)} can't be fetched (${reason}): check the address`,
      { cause },
    );
  }
}
