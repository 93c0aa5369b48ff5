import { decodeImage } from 'wasm-distill/formats';
import type { ImageReading } from './preparation.ts';
import type { Ask, Like } from './reader.ts';

/** How pictures become samples. */
export type Pictures = Partial<ImageReading> & Pick<Like, 'channels'>;

/** What pictures are made to be: what is asked for, else what a model's were; all are to have one size if neither says. */
export function picturesOf({ size, crop }: Ask, { images, channels }: Like): Pictures {
  const made = size ? { size, ...(crop && { crop }) } : images;
  return { ...made, ...(channels && { channels }) };
}

/** What pictures have become, for new ones to become the same. */
export function imagesOf(shape: readonly number[], { crop }: Partial<ImageReading>): ImageReading {
  const [height, width] = shape as [number, number];
  return { size: [height, width], ...(crop && { crop }) };
}

/** The channels of images of this shape; undefined of what is no image. */
export function channelsOf(shape: readonly number[]): Pick<Like, 'channels'> {
  return shape.length === 3 ? { channels: shape[2] === 3 ? 3 : 1 } : {};
}

/** The bytes of a sample that a file becomes. @throws DistillError 'bad-file' */
export function pictureBytes(file: Uint8Array, name: string, { size, channels }: Pictures): number {
  const image = decodeImage(file, name);
  const [height, width] = size ?? [image.height, image.width];
  return height * width * (channels ?? (image.channels <= 2 ? 1 : 3));
}
