import { DistillError } from '../../errors.js';

/** Deflate can't compress further than this (258 bytes into 2 bits), so a larger claim is a lie. */
export const MOST_DEFLATED = 1032;

/** Bytes passed to the decompressor at a time. */
const CHUNK = 2 ** 16;

/**
 * The first `size` bytes that `packed` unpacks to, in memory allocated for just these. What would follow is left packed,
 * and its checksum with it. Rejects with what `wrong` makes of a reason, or with `missing` where the host lacks
 * DecompressionStream.
 */
export async function inflate(
  packed: Uint8Array,
  format: 'deflate' | 'deflate-raw',
  size: number,
  wrong: (reason: string, options?: ErrorOptions) => DistillError,
): Promise<Uint8Array> {
  if (typeof DecompressionStream === 'undefined')
    throw new DistillError('missing', 'this host has no DecompressionStream, so it can unpack nothing');
  const unpacked = new Uint8Array(size);
  let filled = 0;
  const reader = chunks(packed).pipeThrough(new DecompressionStream(format)).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw wrong(`can't be unpacked (${cause instanceof Error ? cause.message : cause})`, { cause });
    });
    if (done) break;
    const rest = size - filled;
    unpacked.set(value.length > rest ? value.subarray(0, rest) : value, filled);
    filled += Math.min(value.length, rest);
    if (value.length > rest) {
      // The decompressor may fail while it is being stopped; nobody needs the rest.
      await reader.cancel().catch(() => undefined);
      break;
    }
  }
  if (filled < size) throw wrong(`unpack to ${filled} bytes where ${size} are needed`);
  return unpacked;
}

/** `bytes` as a stream of copies, because a stream may take its chunks' buffers away and won't take shared ones. */
function chunks(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(bytes.subarray(at, at + CHUNK)));
      at += CHUNK;
      if (at >= bytes.length) controller.close();
    },
  });
}
