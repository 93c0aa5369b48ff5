import { checkArray } from '../../checks.js';
import type { ByteImage } from '../image.js';
import { inflate } from '../inflate.js';
import { badPng, type PngHeader, type PngParts, readParts } from './chunks.js';
import { passesOf, rowBytes, unfilter, unpack } from './rows.js';

/**
 * Decodes a PNG of any color type and depth, interlaced too. Palettes become colors, tRNS becomes alpha, gray of 1, 2 or
 * 4 bits is stretched to 0 … 255. Of 16 bits the upper 8 are kept, as Pillow keeps them for colors; Pillow's gray of
 * 16 bits becomes white wherever it is above 255 when it is converted, which helps nobody, so here gray is as colors
 * are. Gamma and color profiles are not applied (as Pillow). `name` is the file's, for messages.
 * @throws DistillError 'bad-file'
 */
export function decodePng(bytes: Uint8Array, name: string): ByteImage {
  checkArray(bytes, name, 'Uint8Array');
  const parts = readParts(bytes, name);
  const { header, packed } = parts;
  const size = passesOf(header).reduce((sum, pass) => sum + pass.height * (1 + rowBytes(pass, header)), 0);
  if (size > packed.length * MOST_DEFLATED)
    throw badPng(
      name,
      `declares ${header.width} × ${header.height} pixels, which ${packed.length} bytes can't hold`,
    );
  return paintAll(unpacked(packed, size, name), parts, name);
}

/** Deflate can't compress further than this (258 bytes into 2 bits), so a larger claim is a lie. */
const MOST_DEFLATED = 1032;

/** What the zlib stream (RFC 1950) unpacks to: deflate between two bytes of header and a checksum. */
function unpacked(packed: Uint8Array, size: number, name: string): Uint8Array {
  const fail = (found: string) => badPng(name, `has a picture that ${found}`);
  const [method = 0, flags = 0] = packed;
  if ((method & 15) !== 8 || ((method << 8) | flags) % 31 !== 0 || (flags & 32) !== 0)
    throw fail('is no zlib stream');
  const { data, end } = inflate(packed, { from: 2, expected: size, most: size, fail });
  if (data.length < size) throw fail(`unpacks to ${data.length} bytes where ${size} are needed`);
  if (end + 4 > packed.length) throw fail('is cut short');
  const sum = new DataView(packed.buffer, packed.byteOffset + end, 4).getUint32(0);
  if (sum !== adler32(data)) throw fail('has another checksum than it should');
  return data;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    // As many as can be added before the sums leave 32 bits.
    for (const end = Math.min(bytes.length, at + 3800); at < end; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}

function paintAll(rows: Uint8Array, parts: PngParts, name: string): ByteImage {
  const { header } = parts;
  const { width, height, depth, samples: each } = header;
  const channels = channelsOf(parts);
  const data = new Uint8Array(width * height * channels);
  const paint = painterOf(parts, data, name);
  let at = 0;
  for (const pass of passesOf(header)) {
    const length = rowBytes(pass, header);
    const end = at + pass.height * (length + 1);
    unfilter(rows.subarray(at, end), length, Math.max(1, (depth * each) >> 3), name);
    const samples = new Uint16Array(pass.width * each);
    for (let row = 0; row < pass.height; row++, at += length + 1) {
      unpack(rows.subarray(at + 1, at + 1 + length), depth, samples);
      const first = (pass.y + row * pass.stepY) * width + pass.x;
      for (let i = 0; i < pass.width; i++) paint(samples, i * each, (first + i * pass.stepX) * channels);
    }
  }
  return { height, width, channels, data };
}

function channelsOf({ header, transparency }: PngParts): ByteImage['channels'] {
  const alpha = header.colorType >= 4 || transparency ? 1 : 0;
  const colors = header.colorType === 0 || header.colorType === 4 ? 1 : 3;
  return (colors + alpha) as ByteImage['channels'];
}

/** Writes the pixel whose numbers begin at `samples[from]` to `data[to]` and those that follow. */
type Painter = (samples: Uint16Array, from: number, to: number) => void;

function painterOf({ header, palette, transparency }: PngParts, data: Uint8Array, name: string): Painter {
  if (header.colorType === 3) return paletteOf(palette!, transparency, data, name);
  const { samples: each } = header;
  const byte = byteOf(header);
  const plain: Painter = (samples, from, to) => {
    for (let k = 0; k < each; k++) data[to + k] = byte(samples[from + k]!);
  };
  if (header.colorType >= 4 || !transparency) return plain;
  // One color, in the file's own depth, stands for "transparent".
  if (transparency.length !== 2 * each) throw badPng(name, `has a tRNS of ${transparency.length} bytes`);
  const key = Array.from({ length: each }, (_, k) => (transparency[2 * k]! << 8) | transparency[2 * k + 1]!);
  return (samples, from, to) => {
    plain(samples, from, to);
    data[to + each] = key.every((value, k) => value === samples[from + k]) ? 0 : 255;
  };
}

function byteOf({ depth }: PngHeader): (sample: number) => number {
  if (depth === 16) return (sample) => sample >> 8;
  const stretch = 255 / ((1 << depth) - 1);
  return (sample) => sample * stretch;
}

function paletteOf(
  palette: Uint8Array,
  alphas: Uint8Array | undefined,
  data: Uint8Array,
  name: string,
): Painter {
  return (samples, from, to) => {
    const color = samples[from]!;
    if (3 * color >= palette.length)
      throw badPng(name, `uses color ${color} of a palette of ${palette.length / 3}`);
    for (let k = 0; k < 3; k++) data[to + k] = palette[3 * color + k]!;
    if (alphas) data[to + 3] = alphas[color] ?? 255;
  };
}
