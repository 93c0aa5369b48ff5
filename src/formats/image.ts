import { brandOf, shown } from '../checks.js';
import { demand } from '../errors.js';

/** A picture of bytes, rows from the top, channels last: `data` is [height, width, channels]. */
export interface ByteImage {
  readonly height: number;
  readonly width: number;
  /** 1: gray, 2: gray and alpha, 3: red, green, blue, 4: those and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array;
}

/** The most pixels that a picture may have: where Pillow, too, stops believing in it. */
export const MOST_PIXELS = 178_956_970;

/**
 * A picture of 1 or 3 channels, as Pillow's convert('L') and convert('RGB') give it. Alpha is dropped, not blended: what
 * lies under transparent pixels shows. Gray of colors is (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶, rounded down.
 * @throws DistillError 'bad-argument' for what is no picture.
 */
export function convertImage(image: ByteImage, channels: 1 | 3): ByteImage {
  checkImage(image);
  demand(channels === 1 || channels === 3, () => `channels must be 1 or 3, not ${shown(channels)}`);
  if (image.channels === channels) return image;
  const { height, width, channels: each, data: from } = image;
  const data = new Uint8Array(height * width * channels);
  const colors = each >= 3;
  for (let pixel = 0; pixel < height * width; pixel++) {
    const at = pixel * each;
    const red = from[at]!;
    const green = colors ? from[at + 1]! : red;
    const blue = colors ? from[at + 2]! : red;
    if (channels === 1)
      data[pixel] = colors ? (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16 : red;
    else {
      data[3 * pixel] = red;
      data[3 * pixel + 1] = green;
      data[3 * pixel + 2] = blue;
    }
  }
  return { height, width, channels, data };
}

/** Refuses what is no picture. */
export function checkImage(value: unknown): asserts value is ByteImage {
  const { height, width, channels, data } = (value ?? {}) as Partial<ByteImage>;
  demand(
    isSide(height) && isSide(width) && [1, 2, 3, 4].includes(channels!) && brandOf(data) === 'Uint8Array',
    () => `an image must be { height, width, channels: 1 to 4, data: Uint8Array }, not ${shown(value)}`,
  );
  const bytes = height * width * channels!;
  demand(
    data!.length === bytes,
    () => `the image has ${data!.length} bytes where ${height} × ${width} × ${channels} are ${bytes}`,
  );
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}
