import { readFileSync } from 'node:fs';
import type { ByteImage } from '#library/formats/image.js';

/** Pictures in base64 with what Pillow makes of them: see scripts/make_golden_images.py. */
export interface GoldenPixels {
  width: number;
  height: number;
  data: string;
}

interface GoldenFile {
  name: string;
  channels: ByteImage['channels'];
  file: string;
  pixels: GoldenPixels;
}

interface GoldenResize {
  name: string;
  channels: ByteImage['channels'];
  from: GoldenPixels;
  resized: GoldenPixels;
  cropped: GoldenPixels;
}

interface GoldenImages {
  png: GoldenFile[];
  jpeg: GoldenFile[];
  resize: GoldenResize[];
  gray: { from: GoldenPixels; gray: GoldenPixels };
}

export const goldenImages: GoldenImages = JSON.parse(
  readFileSync(new URL('../fixtures/images.json', import.meta.url), 'utf8'),
);

export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

export function imageOf({ width, height, data }: GoldenPixels, channels: ByteImage['channels']): ByteImage {
  return { height, width, channels, data: bytesOf(data) };
}
