import { DistillError } from '../errors.js';
import type { ByteArray } from './idx.js';

/** Gray images with one label each. Nobody writes to the arrays: datasets made by `take` share them. */
export interface Dataset {
  /** size × height × width, row-major, 0 black to 255 white as in MNIST. */
  images: Uint8Array;
  /** `size` classes, each in 0 … classes − 1. */
  labels: Uint8Array;
  height: number;
  width: number;
  /** How many images there are, at least 1. */
  size: number;
  /** How many classes there are, 1 to 256. */
  classes: number;
}

/**
 * Joins images (n × height × width) with their labels (n) without copying.
 *
 * `name` says in messages what the data are. Throws `bad-file` for data that don't fit together, and
 * `bad-argument` for `classes` that a byte can't count.
 */
export function makeDataset(
  images: ByteArray,
  labels: ByteArray,
  classes: number | undefined = 10,
  name: string,
): Dataset {
  if (!Number.isInteger(classes) || classes < 1 || classes > 256) {
    throw new DistillError(
      'bad-argument',
      `${name}: classes is ${classes}; give a whole number from 1 to 256, since a label is one byte`,
    );
  }
  const [size, height, width] = images.shape;
  if (images.shape.length !== 3 || !size || !height || !width) {
    throw badData(
      name,
      `the images have the shape [${images.shape}]`,
      'give n × height × width, each at least 1',
    );
  }
  if (images.data.length !== size * height * width) {
    throw badData(
      name,
      `the images have ${images.data.length} bytes where the shape [${images.shape}] needs ${size * height * width}`,
      'give one byte for each pixel',
    );
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== labels.data.length) {
    throw badData(
      name,
      `the labels have ${labels.data.length} bytes and the shape [${labels.shape}]`,
      'give one byte for each image',
    );
  }
  if (labels.data.length !== size) {
    throw badData(
      name,
      `there are ${size} images and ${labels.data.length} labels`,
      'use two files that belong together',
    );
  }
  const bad = labels.data.findIndex((label) => label >= classes);
  if (bad >= 0) {
    throw badData(
      name,
      `label ${bad} is ${labels.data[bad]} where 0 to ${classes - 1} are classes`,
      'correct the label or the number of classes',
    );
  }
  return { images: images.data, labels: labels.data, height, width, size, classes };
}

/** What a model has to fit. */
export function samplesOf({ height, width, classes }: Dataset): { shape: number[]; classes: number } {
  return { shape: [height, width, 1], classes };
}

/** The first `n` samples, as views of the same memory. Throws `bad-argument` unless `n` is in 1 … size. */
export function take(dataset: Dataset, n: number): Dataset {
  if (!Number.isInteger(n) || n < 1 || n > dataset.size) {
    throw new DistillError(
      'bad-argument',
      `can't take ${n} of ${dataset.size} samples; give a whole number from 1 to ${dataset.size}`,
    );
  }
  return {
    ...dataset,
    images: dataset.images.subarray(0, n * dataset.height * dataset.width),
    labels: dataset.labels.subarray(0, n),
    size: n,
  };
}

/**
 * The samples at these indices, in this order, copied: some classes, a split, another order. An index may come twice.
 * Throws `bad-argument` for none and for an index that isn't in 0 … size − 1.
 */
export function select(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const { height, width, size } = dataset;
  const pixels = height * width;
  const images = new Uint8Array(indices.length * pixels);
  const labels = new Uint8Array(indices.length);
  if (indices.length === 0) throw new DistillError('bad-argument', 'a data set of no samples was asked for');
  for (let k = 0; k < indices.length; k++) {
    const i = indices[k]!;
    if (!Number.isInteger(i) || i < 0 || i >= size)
      throw new DistillError('bad-argument', `there is no sample ${i}: they go from 0 to ${size - 1}`);
    images.set(dataset.images.subarray(i * pixels, (i + 1) * pixels), k * pixels);
    labels[k] = dataset.labels[i]!;
  }
  return { ...dataset, images, labels, size: indices.length };
}

function badData(name: string, found: string, advice: string): DistillError {
  return new DistillError('bad-file', `${name}: ${found}; ${advice}`);
}
