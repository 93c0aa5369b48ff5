import { crc32 } from '#library/formats/png/crc32.js';

/**
 * `count` files to try a reader with, the same for a seed: files with bytes changed, cut out, put in, and cut short,
 * one in ten all random. Of PNGs every other one has its checksums mended, or no change would reach the decoder.
 */
export function* damaged(files: readonly Uint8Array[], count: number, seed: number): Generator<Uint8Array> {
  const random = randomOf(seed);
  const below = (n: number) => Math.floor(random() * n);
  for (let i = 0; i < count; i++) {
    const file = files[below(files.length)]!;
    if (i % 10 === 0) {
      const noise = Uint8Array.from({ length: below(200) }, () => below(256));
      noise.set(file.subarray(0, Math.min(below(24), noise.length)));
      yield noise;
      continue;
    }
    let bytes = new Uint8Array(file);
    for (let changes = 1 + below(4); changes > 0; changes--) bytes = changed(bytes, below);
    yield i % 2 === 0 ? mended(bytes) : bytes;
  }
}

function changed(bytes: Uint8Array<ArrayBuffer>, below: (n: number) => number): Uint8Array<ArrayBuffer> {
  const at = below(bytes.length);
  const kind = below(8);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1) return new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + below(9))]);
  if (kind === 2) return new Uint8Array([...bytes.subarray(0, at), below(256), ...bytes.subarray(at)]);
  if (kind === 3) bytes.fill(below(256), at, at + below(16));
  else if (kind === 4) bytes[at] = [0, 1, 127, 128, 255][below(5)]!;
  else bytes[at]! ^= 1 << below(8);
  return bytes;
}

/** With each chunk's checksum right, as far as there are chunks. */
function mended(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12 || bytes[0] !== 0x89) break;
    view.setUint32(at + 8 + length, crc32(bytes.subarray(at + 4, at + 8 + length)));
    at += 12 + length;
  }
  return bytes;
}

/** Xorshift: enough to damage files by. */
function randomOf(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
