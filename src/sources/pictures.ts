import { checkBoolean, checkList, checkWhole, shown } from '../checks.js';
import type { Samples } from '../data/dataset.js';
import { aborted, demand } from '../errors.js';
import { decodeImage } from '../formats/decode-image.js';
import { type ByteImage, convertImage } from '../formats/image.js';
import { cropImage, resizeImage } from '../formats/resize.js';

/** How files become pictures of one shape. */
export interface PictureOptions {
  /** Resizes all to this height and width, as Pillow does with BILINEAR (default: all must have the same size). */
  size?: number | readonly [height: number, width: number];
  /** With `size`: keeps proportions and cuts off what stands out, rather than squeezing (default false). */
  crop?: boolean;
  /** 1 for gray, 3 for colors (default: gray if all files are, by how they are stored, else colors). */
  channels?: 1 | 3;
  signal?: AbortSignal;
}

export const pictureOptions = ['size', 'crop', 'channels', 'signal'];

export function checkPictureOptions({ size, crop, channels }: PictureOptions): void {
  const sides = sidesOf(size);
  if (size !== undefined) {
    checkList(sides, 'size', 'two whole numbers, height and width, or one for both', Number.isInteger);
    demand(sides!.length === 2, () => `size must be one number, or height and width, not ${shown(size)}`);
    for (const side of sides!) checkWhole(side, 'a side of size', 1, 16_384);
  }
  if (crop !== undefined) checkBoolean(crop, 'crop');
  demand(!crop || size !== undefined, 'crop says how to come to a size: give size, too');
  demand([undefined, 1, 3].includes(channels), () => `channels must be 1 or 3, not ${shown(channels)}`);
}

function sidesOf(size: PictureOptions['size']): readonly number[] | undefined {
  return typeof size === 'number' ? [size, size] : size;
}

/** A picture's file, or its name and how to get it. */
export interface PictureFile {
  readonly name: string;
  readonly bytes: Uint8Array | (() => Promise<Uint8Array>);
}

/** Milliseconds after which a page or a server gets its turn. */
const TURN = 50;

/**
 * Decodes pictures, one after the other, into samples of bytes [height, width, 1 or 3]. Alpha is dropped.
 * @throws DistillError 'bad-file' for what is no picture and for several sizes without `size`, 'memory', 'aborted'.
 */
export async function samplesOf(files: readonly PictureFile[], options: PictureOptions): Promise<Samples> {
  const { channels, signal } = options;
  let begun = performance.now();
  let samples: Gathered | undefined;
  for (const [i, { name, bytes }] of files.entries()) {
    if (signal?.aborted) throw aborted('the loading of images was stopped', signal);
    if (performance.now() - begun > TURN) {
      await new Promise((resolve) => setTimeout(resolve));
      begun = performance.now();
    }
    const given = decodeImage(typeof bytes === 'function' ? await bytes() : bytes, name);
    const image = sized(convertImage(given, channels ?? (given.channels <= 2 ? 1 : 3)), options);
    samples ??= new Gathered(files.length, image, name);
    samples.put(i, image, name);
  }
  demand(samples !== undefined, 'there are no images', 'bad-file');
  return samples.done();
}

function sized(image: ByteImage, { size, crop }: PictureOptions): ByteImage {
  const [height, width] = sidesOf(size) ?? [];
  if (height === undefined || width === undefined) return image;
  return crop ? cropImage(image, height, width) : resizeImage(image, height, width);
}

/** Samples being put together: gray until the first that isn't comes. */
class Gathered {
  private readonly height: number;
  private readonly width: number;
  private channels: number;
  private values: Uint8Array;

  constructor(
    private readonly count: number,
    first: ByteImage,
    private readonly firstName: string,
  ) {
    this.height = first.height;
    this.width = first.width;
    this.channels = first.channels;
    this.values = this.allocate(first.channels);
  }

  private allocate(channels: number): Uint8Array {
    const bytes = this.count * this.height * this.width * channels;
    demand(
      bytes <= 2 ** 31,
      () =>
        `${this.count} images of ${this.height} × ${this.width} × ${channels} bytes are more than memory holds: give a smaller size, or fewer`,
      'memory',
    );
    return new Uint8Array(bytes);
  }

  put(index: number, image: ByteImage, name: string): void {
    demand(
      image.height === this.height && image.width === this.width,
      () =>
        `${this.firstName} is ${this.height} × ${this.width} pixels (height × width) and ${name} ${image.height} × ${image.width}: give a size to resize all images to, such as size: ${Math.min(this.height, image.height)}`,
      'bad-file',
    );
    if (image.channels > this.channels) this.color();
    const same = image.channels === this.channels ? image : convertImage(image, 3);
    this.values.set(same.data, index * same.data.length);
  }

  private color(): void {
    const gray = this.values;
    const values = this.allocate(3);
    for (let i = 0; i < gray.length; i++) values.fill(gray[i]!, 3 * i, 3 * i + 3);
    this.values = values;
    this.channels = 3;
  }

  done(): Samples {
    return { shape: [this.height, this.width, this.channels], values: this.values };
  }
}
