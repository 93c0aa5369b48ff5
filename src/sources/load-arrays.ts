import { checkNames, checkWord, shown } from '../checks.js';
import { demand } from '../errors.js';
import { decodeNpy, isNpy } from '../formats/npy.js';
import { readNpz } from '../formats/npz.js';
import type { NumericArray, TextArray } from '../formats/numeric-array.js';
import { decodeSafetensors } from '../formats/safetensors.js';
import { asNumericArray } from '../formats/safetensors-values.js';
import { isZip } from '../formats/zip.js';
import { type ArrayDataset, arrayDataset } from './array-dataset.js';
import { type Source, unpackedBytesOf } from './bytes-of.js';
import { type ArrayNames, chooseArrays, type NamedArrays } from './named-arrays.js';

export interface LoadArraysOptions extends ArrayNames {
  /** The classes of the training data, in order: labels are found among them by name. */
  classNames?: readonly string[];
}

export interface LoadNpyOptions extends LoadArraysOptions {
  /** A second npy file, with the labels of the first one's samples. */
  labelsFrom?: Source;
}

const names = ['inputs', 'labels', 'part', 'classNames'];

/**
 * A data set from NumPy's files: an npz with arrays of inputs and labels, or an npy with inputs and a second one with
 * labels; see `arrayDataset` for their shapes. Of an npz arrays are found by their names: x and y, images and labels,
 * data and target, also as x_train, train_images.
 *
 * Rejects with 'missing' for files that can't be read and parts that aren't there, 'bad-file', 'bad-argument'.
 */
export async function loadNpy(source: Source, options: LoadNpyOptions = {}): Promise<ArrayDataset> {
  checkOptions(options, 'loadNpy', [...names, 'labelsFrom']);
  const { bytes, name } = await unpackedBytesOf(source);
  const others = options.labelsFrom === undefined ? undefined : await unpackedBytesOf(options.labelsFrom);
  const labels = others && decodeNpy(others.bytes, others.name);
  if (isZip(bytes)) return datasetOf(readNpz(bytes, name), labels, options, name);
  demand(
    options.inputs === undefined && !options.labels && options.part === undefined,
    () => `${name} is one array, of which none can be named: give the labels' file as labelsFrom`,
  );
  demand(
    isNpy(bytes),
    () => `${name} is neither npy nor npz: save it with numpy.save or numpy.savez`,
    'bad-file',
  );
  return arrayDataset(decodeNpy(bytes, name), { labels, name, ...namesOf(options) });
}

/**
 * A data set from tensors of a safetensors file, found by their names as those of an npz.
 *
 * Rejects as `loadNpy`.
 */
export async function loadSafetensors(
  source: Source,
  options: LoadArraysOptions = {},
): Promise<ArrayDataset> {
  checkOptions(options, 'loadSafetensors', names);
  const { bytes, name } = await unpackedBytesOf(source);
  const { tensors } = decodeSafetensors(bytes, name);
  const arrays = [...tensors].map(([key, tensor]) => [key, () => asNumericArray(tensor, name)] as const);
  return datasetOf(new Map(arrays), undefined, options, name);
}

function datasetOf(
  arrays: NamedArrays,
  given: NumericArray | TextArray | undefined,
  options: LoadArraysOptions,
  name: string,
): ArrayDataset {
  const { inputs, labels } = chooseArrays(arrays, given ? { ...options, labels: false } : options, name);
  return arrayDataset(inputs, { labels: given ?? labels, name, ...namesOf(options) });
}

function namesOf({ classNames }: LoadArraysOptions): { classNames?: readonly string[] } {
  return classNames ? { classNames } : {};
}

function checkOptions(options: LoadArraysOptions, what: string, known: readonly string[]): void {
  checkNames(options, what, known);
  const { inputs, labels, part } = options;
  demand(
    inputs === undefined || typeof inputs === 'string',
    () => `inputs must be an array's name, not ${shown(inputs)}`,
  );
  demand(
    labels === undefined || labels === false || typeof labels === 'string',
    () => `labels must be an array's name, or false for none, not ${shown(labels)}`,
  );
  if (part !== undefined) checkWord(part, 'part', ['train', 'val', 'test']);
}
