import { crc32 } from '#library/formats/crc.js';

/** A damaged PNG with the checksum of each chunk right, as far as there are chunks: or nothing behind them is tried. */
export function withChecksums(png: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(png);
  const view = new DataView(bytes.buffer);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) break;
    view.setUint32(at + 8 + length, crc32(bytes.subarray(at + 4, at + 8 + length)));
    at += 12 + length;
  }
  return bytes;
}
