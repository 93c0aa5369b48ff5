import { DistillError } from '../../errors.js';
import { crc32 } from '../crc.js';
import { MOST_PIXELS } from '../image.js';

const SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Color types by number: how many samples a pixel has in the file, and of which depths. */
const COLOR_TYPES: Readonly<Record<number, { samples: number; depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] }, // gray
  2: { samples: 3, depths: [8, 16] }, // colors
  3: { samples: 1, depths: [1, 2, 4, 8] }, // an index into the palette
  4: { samples: 2, depths: [8, 16] }, // gray and alpha
  6: { samples: 4, depths: [8, 16] }, // colors and alpha
};

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  readonly colorType: number;
  /** Samples of a pixel in the file. */
  readonly samples: number;
  readonly interlaced: boolean;
}

/** What of a PNG's chunks makes the picture. */
export interface PngParts {
  readonly header: PngHeader;
  /** Red, green, blue of each color. */
  readonly palette: Uint8Array | undefined;
  /** tRNS as it is. */
  readonly transparency: Uint8Array | undefined;
  /** All IDAT together. */
  readonly packed: Uint8Array;
}

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

export function badPng(name: string, found: string, options?: ErrorOptions): DistillError {
  return new DistillError('bad-file', `${name}: the PNG ${found}; get or save it again`, options);
}

/** The parts of a PNG, every chunk's CRC checked. What follows IEND is ignored, as everywhere. */
export function readParts(bytes: Uint8Array, name: string): PngParts {
  if (!isPng(bytes)) throw badPng(name, 'starts as no PNG does');
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  const data: Uint8Array[] = [];
  for (const { type, body } of chunksOf(bytes, name)) {
    if (!header && type !== 'IHDR') throw badPng(name, `starts with the chunk ${type} where IHDR is due`);
    if (type === 'IHDR') {
      if (header) throw badPng(name, 'has two headers');
      header = readHeader(body, name);
    } else if (type === 'PLTE') palette = checkPalette(body, name);
    else if (type === 'tRNS') transparency = body;
    else if (type === 'IDAT') data.push(body);
    else if (type !== 'IEND' && /^[A-Z]/.test(type))
      throw badPng(name, `has a chunk ${type} that no reader may leave out, and this one doesn't know it`);
  }
  if (!header) throw badPng(name, 'has no header');
  if (data.length === 0) throw badPng(name, 'has no picture (IDAT)');
  if (header.colorType === 3 && !palette) throw badPng(name, 'has no palette for its indices');
  return { header, palette, transparency, packed: joined(data) };
}

function* chunksOf(bytes: Uint8Array, name: string): Generator<{ type: string; body: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = SIGNATURE.length;
  for (;;) {
    if (at + 12 > bytes.length)
      throw badPng(name, `was cut short: it ends at byte ${bytes.length} without IEND`);
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw badPng(name, `has no chunk's name at byte ${at + 4}`);
    if (length > bytes.length - at - 12)
      throw badPng(name, `was cut short: its chunk ${type} of ${length} bytes ends at byte ${bytes.length}`);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      throw badPng(name, `is damaged: the checksum of its chunk ${type} at byte ${at} is another`);
    yield { type, body: bytes.subarray(at + 8, at + 8 + length) };
    if (type === 'IEND') return;
    at += 12 + length;
  }
}

function readHeader(body: Uint8Array, name: string): PngHeader {
  if (body.length !== 13) throw badPng(name, `has a header of ${body.length} bytes where 13 are due`);
  const view = new DataView(body.buffer, body.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colorType, compression, filter, interlace] = body.subarray(8) as unknown as number[];
  const kind = COLOR_TYPES[colorType!];
  if (!kind?.depths.includes(depth!))
    throw badPng(name, `declares color type ${colorType} with ${depth} bits, which doesn't exist`);
  if (compression !== 0 || filter !== 0 || interlace! > 1)
    throw badPng(name, `declares compression ${compression}, filter ${filter}, interlace ${interlace}`);
  if (width === 0 || height === 0 || width * height > MOST_PIXELS)
    throw badPng(name, `declares ${width} × ${height} pixels where 1 to ${MOST_PIXELS} are read`);
  return {
    width,
    height,
    depth: depth!,
    colorType: colorType!,
    samples: kind.samples,
    interlaced: interlace === 1,
  };
}

function checkPalette(body: Uint8Array, name: string): Uint8Array {
  if (body.length % 3 !== 0 || body.length === 0 || body.length > 768)
    throw badPng(name, `has a palette of ${body.length} bytes`);
  return body;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
