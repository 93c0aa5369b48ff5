import { brandOf, checkArray } from '../checks.js';
import { DistillError } from '../errors.js';
import type { ByteImage } from './image.js';
import { decodeJpeg } from './jpeg/decode.js';
import { isJpeg } from './jpeg/markers.js';
import { isPng } from './png/chunks.js';
import { decodePng } from './png/decode.js';

/** How files of other kinds begin, to say what they are. */
const OTHERS: readonly (readonly [string, RegExp])[] = [
  ['a GIF', /^GIF8/],
  ['a WebP', /^RIFF....WEBP/s],
  ['a BMP', /^BM/],
  ['a TIFF', /^(II\*\0|MM\0\*)/],
  ['an AVIF or HEIC', /^....ftyp/s],
  ['an SVG', /^\s*<(\?xml|svg)/],
];

/**
 * Decodes a PNG or JPEG, told by how it begins, whatever it is called. `name` is the file's, for messages.
 * @throws DistillError 'bad-file'
 */
export function decodeImage(bytes: Uint8Array, name: string): ByteImage {
  checkArray(bytes, name, 'Uint8Array');
  if (isPng(bytes)) return decodePng(bytes, name);
  if (isJpeg(bytes)) return decodeJpeg(bytes, name);
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const kind = OTHERS.find(([, begins]) => begins.test(start));
  throw new DistillError(
    'bad-file',
    kind
      ? `${name} is ${kind[0]}, and only PNG and JPEG are read: convert it`
      : `${name} is neither PNG nor JPEG: remove or convert it`,
  );
}

/** Whether these are bytes, and begin as those of a picture that can be read. */
export function isImage(value: unknown): value is Uint8Array {
  if (brandOf(value) !== 'Uint8Array') return false;
  const bytes = value as Uint8Array;
  return isPng(bytes) || isJpeg(bytes);
}
