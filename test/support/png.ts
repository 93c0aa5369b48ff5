import { deflateSync } from 'node:zlib';
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

/** An 8-bit PNG of some pixels: gray, or [height, width, 3] if there are three times as many bytes. */
export function encodePng(height: number, width: number, pixels: ArrayLike<number>): Uint8Array {
  const channels = pixels.length / (height * width);
  const rows = new Uint8Array(height * (width * channels + 1));
  for (let i = 0; i < pixels.length; i++) {
    const row = Math.floor(i / (width * channels));
    rows[i + row + 1] = pixels[i]!;
  }
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, channels === 1 ? 0 : 2], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
  const parts = [signature, pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows))];
  return new Uint8Array(Buffer.concat([...parts, pngChunk('IEND', new Uint8Array(0))]));
}

/** A chunk with its length and checksum. */
export function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  out.set(new TextEncoder().encode(type), 4);
  out.set(body, 8);
  view.setUint32(8 + body.length, crc32(out.subarray(4, 8 + body.length)));
  return out;
}
