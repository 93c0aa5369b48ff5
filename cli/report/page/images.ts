import type { ImageData8 } from '../report.ts';

const HEADERS = 14 + 40;
const PALETTE = 256 * 4;

/**
 * The image as a BMP with a palette of 256 grays: the one format that every browser shows and that requires neither
 * compression nor checksums.
 */
export function bmpDataUri(image: ImageData8): string {
  const { height, width } = image;
  const pixels = Buffer.from(image.base64, 'base64');
  if (pixels.length !== height * width) {
    throw new RangeError(
      `an image of ${height} × ${width} needs ${height * width} bytes, not ${pixels.length}`,
    );
  }
  const stride = Math.ceil(width / 4) * 4;
  const start = HEADERS + PALETTE;
  const bmp = Buffer.alloc(start + stride * height);
  bmp.write('BM', 0, 'latin1');
  bmp.writeUInt32LE(bmp.length, 2);
  bmp.writeUInt32LE(start, 10);
  bmp.writeUInt32LE(40, 14); // size of the second header
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(-height, 22); // negative: the first row is the top one
  bmp.writeUInt16LE(1, 26); // planes
  bmp.writeUInt16LE(8, 28); // bits per pixel
  for (let gray = 0; gray < 256; gray++) bmp.fill(gray, HEADERS + gray * 4, HEADERS + gray * 4 + 3);
  for (let row = 0; row < height; row++)
    pixels.copy(bmp, start + row * stride, row * width, (row + 1) * width);
  return `data:image/bmp;base64,${bmp.toString('base64')}`;
}
