import type { ImageData8 } from '../report.ts';

const HEADERS = 14 + 40;
const PALETTE = 256 * 4;

/** What a byte of an image without colors of its own looks like, as [red, green, blue]. */
export type Palette = (value: number) => readonly [number, number, number];

const grays: Palette = (value) => [value, value, value];

/**
 * The image as a BMP, of a palette of 256 colors, grays by default, or in colors of 24 bits: the one format that every
 * browser shows and that requires neither compression nor checksums.
 */
export function bmpDataUri(image: ImageData8, palette: Palette = grays): string {
  const { height, width, channels = 1 } = image;
  const pixels = Buffer.from(image.base64, 'base64');
  const bytes = height * width * channels;
  if (pixels.length !== bytes)
    throw new RangeError(`an image of ${height} × ${width} needs ${bytes} bytes, not ${pixels.length}`);
  const stride = Math.ceil((width * channels) / 4) * 4;
  const start = HEADERS + (channels === 1 ? PALETTE : 0);
  const bmp = Buffer.alloc(start + stride * height);
  bmp.write('BM', 0, 'latin1');
  bmp.writeUInt32LE(bmp.length, 2);
  bmp.writeUInt32LE(start, 10);
  bmp.writeUInt32LE(40, 14); // size of the second header
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(-height, 22); // negative: the first row is the top one
  bmp.writeUInt16LE(1, 26); // planes
  bmp.writeUInt16LE(8 * channels, 28); // bits per pixel
  if (channels === 1)
    for (let value = 0; value < 256; value++) {
      const [red, green, blue] = palette(value);
      bmp.set([blue, green, red], HEADERS + value * 4);
    }
  for (let row = 0; row < height; row++)
    pixels.copy(bmp, start + row * stride, row * width * channels, (row + 1) * width * channels);
  if (channels === 3) swapReds(bmp, start, stride, width);
  return `data:image/bmp;base64,${bmp.toString('base64')}`;
}

/** BMP has blue first. */
function swapReds(bmp: Buffer, start: number, stride: number, width: number): void {
  for (let row = start; row < bmp.length; row += stride)
    for (let at = row; at < row + 3 * width; at += 3) {
      const red = bmp[at]!;
      bmp[at] = bmp[at + 2]!;
      bmp[at + 2] = red;
    }
}
