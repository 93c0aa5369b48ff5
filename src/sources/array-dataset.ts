import { brandOf, checkNames, shown } from '../checks.js';
import { type Dataset, makeDataset } from '../data/dataset.js';
import { demand } from '../errors.js';
import {
  elementsOf,
  isText,
  type NumericArray,
  type TextArray,
  toFloat32,
} from '../formats/numeric-array.js';
import { classLabels } from './class-labels.js';
import { oneHotArray } from './one-hot.js';
import { imageShape } from './table-features.js';

export interface ArrayDatasetOptions {
  /**
   * [n] or [n, 1]: whole numbers, −1 for none, or names; [n, classes] of zeros with a single 1 in each row. Without them
   * all samples are unlabeled.
   */
  labels?: NumericArray | TextArray | undefined;
  /** The classes of the training data, in order: labels are found among them by name. */
  classNames?: readonly string[];
  /** What error messages call the data. */
  name?: string;
}

/** A data set from arrays. */
export interface ArrayDataset extends Dataset {
  /** What images were before, [channels, height, width], where they came with their channels first and were turned. */
  readonly turned?: readonly number[];
  /** Where labels came as rows of zeros with a single 1, whose place is the class. */
  readonly oneHot?: true;
}

/**
 * A data set of arrays: inputs [n, features], [n, height, width] or [n, height, width, channels]. Images with channels
 * first, [n, 1 or 3, height, width], are turned. Bytes stay bytes, all other numbers become f32.
 * @throws DistillError 'bad-file' for arrays that don't fit together, labels with fractions and numbers that aren't finite.
 */
export function arrayDataset(
  inputs: NumericArray | TextArray,
  options: ArrayDatasetOptions = {},
): ArrayDataset {
  checkNames(options, 'arrayDataset', ['labels', 'classNames', 'name']);
  const { labels, classNames, name = 'the data' } = options;
  checkArray(inputs, `${name}: the inputs`);
  demand(!isText(inputs), () => `${name}: the inputs are texts; give numbers`, 'bad-file');
  const [count, ...each] = inputs.shape;
  demand(
    inputs.shape.length >= 1 && inputs.data.length > 0,
    () => `${name}: the inputs have the shape [${inputs.shape}]; give [samples, …]`,
    'bad-file',
  );
  const bytes = brandOf(inputs.data) === 'Uint8Array';
  const given = bytes ? (inputs.data as Uint8Array) : toFloat32(inputs);
  const first = isChannelsFirst(each);
  const values = first ? channelsLast(given, each) : given;
  const shape = first ? [each[1]!, each[2]!, each[0]!] : imageShape(each);
  const turned = first && { turned: each };
  if (!labels) {
    const unlabeled = new Int32Array(count!).fill(-1);
    const named = classNames ?? ['unlabeled'];
    const made = makeDataset({ inputs: { shape, values }, labels: unlabeled, classNames: named, name });
    return { ...made, ...turned };
  }
  checkArray(labels, `${name}: the labels`);
  const hot = labels.shape[0] === count ? oneHotArray(labels) : undefined;
  demand(
    hot !== undefined || (labels.shape[0] === count && labels.data.length === count),
    () =>
      `${name}: the inputs have the shape [${inputs.shape}] and the labels [${labels.shape}]; give one label a sample, or a row of zeros with a single 1`,
    'bad-file',
  );
  const found = classLabels(hot?.places ?? (labels.data as ArrayLike<number | bigint | string>), {
    name: `${name}, labels`,
    classNames: classNames ?? hot?.classNames,
  });
  const made = makeDataset({ inputs: { shape, values }, ...found, name });
  return { ...made, ...turned, ...(hot && { oneHot: true }) };
}

function checkArray(array: NumericArray | TextArray, what: string): void {
  const isArray =
    Array.isArray(array?.shape) && (Array.isArray(array.data) || ArrayBuffer.isView(array.data));
  demand(
    isArray,
    () => `${what} must be an array as decodeNpy answers it, { shape, data }, not ${shown(array)}`,
  );
  demand(
    elementsOf(array.shape) === array.data.length,
    () => `${what} have ${array.data.length} elements, which are no array of shape [${array.shape}]`,
  );
}

/** As PyTorch has images; where both ends could be channels, they are the last. */
function isChannelsFirst(shape: readonly number[]): boolean {
  const isChannels = (n: number) => n === 1 || n === 3;
  return shape.length === 3 && isChannels(shape[0]!) && !isChannels(shape[2]!);
}

function channelsLast<A extends Uint8Array | Float32Array>(values: A, shape: readonly number[]): A {
  const [channels, pixels] = [shape[0]!, shape[1]! * shape[2]!];
  const turned = values.slice() as A;
  if (channels === 1) return turned;
  for (let at = 0; at < values.length; at += channels * pixels)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < pixels; p++) turned[at + p * channels + c] = values[at + c * pixels + p]!;
  return turned;
}
