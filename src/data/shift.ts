import { checkPixels } from '../ops/gather-images.js';
import type { Dataset } from './dataset.js';

/** Every image moved so many pixels down and to the right (negative: up, to the left), 0 where nothing is: new bytes. */
export function shiftedImages(
  { images, height, width, size }: Dataset,
  down: number,
  right: number,
): Uint8Array {
  const shifted = new Uint8Array(images.length);
  const columns = width - Math.abs(right);
  if (columns <= 0) return shifted;
  for (let image = 0; image < size; image++) {
    for (let row = Math.max(0, down); row < height + Math.min(0, down); row++) {
      const to = (image * height + row) * width + Math.max(0, right);
      const from = (image * height + row - down) * width + Math.max(0, -right);
      shifted.set(images.subarray(from, from + columns), to);
    }
  }
  return shifted;
}

/** How many shifts by up to ±jitter pixels each way there are. */
export function shiftCount(jitter: number): number {
  checkPixels(jitter);
  const side = 2 * jitter + 1;
  return side * side;
}
