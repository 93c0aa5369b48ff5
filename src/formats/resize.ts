import { checkWhole, shown } from '../checks.js';
import { demand } from '../errors.js';
import { type ByteImage, checkImage, MOST_PIXELS } from './image.js';

/** Fraction bits of the weights, Pillow's PRECISION_BITS: 32 less 8 of the result and 2 for overflow. */
const FRACTION = 22;

/** For each output pixel of an axis, the inputs that it is the weighted mean of. */
interface Taps {
  /** [size]: the first input of each. */
  readonly first: Int32Array;
  /** [size]: how many inputs each has. */
  readonly count: Int32Array;
  /** [size, most]: weights, in units of 2⁻²². */
  readonly weights: Int32Array;
  readonly most: number;
}

/**
 * Resizes a gray or color picture as Pillow's `Image.resize((width, height), BILINEAR)` does, bit for bit: a triangle
 * as wide as the scale (so that shrinking averages instead of skipping), weights of 22 bits, first along rows, then
 * along columns, each rounded to bytes.
 * @throws DistillError 'bad-argument' for a size that is no whole number of at least 1, and for images with alpha,
 * which Pillow multiplies in first: convert them before.
 */
export function resizeImage(image: ByteImage, height: number, width: number): ByteImage {
  checkImage(image);
  demand(
    image.channels === 1 || image.channels === 3,
    () => `only images of 1 or 3 channels are resized, and this one has ${image.channels}: convert it first`,
  );
  checkSize(height, width);
  return alongColumns(alongRows(image, width), height);
}

/**
 * The middle of a picture, nothing squeezed: resized until it just covers `height` × `width`, then what stands out is
 * cut off on both sides, as torchvision's Resize(n) and CenterCrop(n) do.
 * @throws DistillError 'bad-argument', as `resizeImage` does.
 */
export function cropImage(image: ByteImage, height: number, width: number): ByteImage {
  checkImage(image);
  checkSize(height, width);
  const wide = image.width * height > image.height * width;
  const covering = wide
    ? resizeImage(image, height, Math.floor((image.width * height) / image.height))
    : resizeImage(image, Math.floor((image.height * width) / image.width), width);
  return cut(covering, height, width);
}

function checkSize(height: number, width: number): void {
  checkWhole(height, 'the height to resize to', 1, MOST_PIXELS);
  checkWhole(width, 'the width to resize to', 1, MOST_PIXELS);
  demand(height * width <= MOST_PIXELS, () => `can't resize to ${shown(height)} × ${shown(width)} pixels`);
}

function cut({ height, width, channels, data }: ByteImage, keptHeight: number, keptWidth: number): ByteImage {
  const top = halfEven(height - keptHeight);
  const left = halfEven(width - keptWidth);
  const kept = new Uint8Array(keptHeight * keptWidth * channels);
  for (let y = 0; y < keptHeight; y++) {
    const from = ((top + y) * width + left) * channels;
    kept.set(data.subarray(from, from + keptWidth * channels), y * keptWidth * channels);
  }
  return { height: keptHeight, width: keptWidth, channels, data: kept };
}

/** Half of it, and where that isn't whole the even neighbor: Python's round. */
function halfEven(n: number): number {
  const below = n >> 1;
  return below + (n & 1 & below);
}

function alongRows(image: ByteImage, width: number): ByteImage {
  if (width === image.width) return image;
  const { height, channels, data } = image;
  const { first, count, weights, most } = tapsOf(image.width, width);
  const out = new Uint8Array(height * width * channels);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let k = 0; k < channels; k++, at++) {
        let sum = 1 << (FRACTION - 1);
        let from = (y * image.width + first[x]!) * channels + k;
        const end = x * most + count[x]!;
        for (let tap = x * most; tap < end; tap++, from += channels) sum += data[from]! * weights[tap]!;
        out[at] = clip(sum);
      }
  return { height, width, channels, data: out };
}

function alongColumns(image: ByteImage, height: number): ByteImage {
  if (height === image.height) return image;
  const { width, channels, data } = image;
  const { first, count, weights, most } = tapsOf(image.height, height);
  const row = width * channels;
  const out = new Uint8Array(height * row);
  for (let y = 0, at = 0; y < height; y++)
    for (let i = 0; i < row; i++, at++) {
      let sum = 1 << (FRACTION - 1);
      let from = first[y]! * row + i;
      const end = y * most + count[y]!;
      for (let tap = y * most; tap < end; tap++, from += row) sum += data[from]! * weights[tap]!;
      out[at] = clip(sum);
    }
  return { height, width, channels, data: out };
}

/** Weights are rounded one by one, so that of white the sum may come out above 255. */
function clip(sum: number): number {
  return Math.min(255, sum >> FRACTION);
}

/** In float64 and in Pillow's order of operations: another one would round some weights differently. */
function tapsOf(from: number, to: number): Taps {
  const scale = from / to;
  const spread = Math.max(1, scale);
  const most = Math.ceil(spread) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Int32Array(to * most);
  const exact = new Float64Array(most);
  const inverse = 1 / spread;
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(center - spread + 0.5));
    const length = Math.min(from, Math.trunc(center + spread + 0.5)) - begin;
    let total = 0;
    for (let k = 0; k < length; k++) {
      exact[k] = triangle((k + begin - center + 0.5) * inverse);
      total += exact[k]!;
    }
    for (let k = 0; k < length; k++)
      weights[i * most + k] = Math.trunc(0.5 + (total === 0 ? exact[k]! : exact[k]! / total) * 2 ** FRACTION);
    first[i] = begin;
    count[i] = length;
  }
  return { first, count, weights, most };
}

function triangle(x: number): number {
  const distance = Math.abs(x);
  return distance < 1 ? 1 - distance : 0;
}
