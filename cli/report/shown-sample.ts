import { Buffer } from 'node:buffer';
import type { Dataset } from 'wasm-distill';
import { sampleAt } from 'wasm-distill/data';
import { resizeImage } from 'wasm-distill/formats';
import type { ImageData8, ShownSample } from './report.ts';

/** Larger images are shown smaller: a report has a hundred of them. */
const LARGEST_SIDE = 64;

/** How many numbers of a row are shown. */
const MOST_NUMBERS = 12;

/** What a report shows of a sample: a picture, gray or in color, or the first numbers of a row. */
export function shownSample(data: Dataset, index: number): ShownSample {
  const { shape } = data.inputs;
  const values = sampleAt(data, index);
  const [height = 0, width = 0, channels] = shape;
  if (shape.length === 3 && (channels === 1 || channels === 3))
    return { image: picture(bytesOf(values), height, width, channels) };
  const digits = (value: number) => Number(value.toPrecision(4));
  return { row: Array.from(values.subarray(0, MOST_NUMBERS), digits) };
}

function picture(data: Uint8Array, height: number, width: number, channels: 1 | 3): ImageData8 {
  const scale = LARGEST_SIDE / Math.max(height, width);
  const side = (n: number) => Math.max(1, Math.round(n * scale));
  const image = { height, width, channels, data };
  const small = scale < 1 ? resizeImage(image, side(height), side(width)) : image;
  return {
    height: small.height,
    width: small.width,
    ...(channels === 3 && { channels }),
    base64: Buffer.from(small.data).toString('base64'),
  };
}

/** Numbers as bytes, the sample's least as black, its greatest as white. */
function bytesOf(values: Uint8Array | Float32Array): Uint8Array {
  if (values.BYTES_PER_ELEMENT === 1) return new Uint8Array(values);
  const numbers = Float32Array.from(values);
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const range = numbers.reduce((a, b) => Math.max(a, b)) - least || 1;
  return Uint8Array.from(numbers, (value) => Math.round((255 * (value - least)) / range));
}
