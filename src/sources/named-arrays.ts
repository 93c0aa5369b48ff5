import { shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import type { NumericArray, TextArray } from '../formats/numeric-array.js';
import { shownNames } from './class-labels.js';

/** Arrays of a file by name, read when their functions are called. */
export type NamedArrays = ReadonlyMap<string, () => NumericArray | TextArray>;

export interface ArrayNames {
  /** The inputs' array, by name. */
  inputs?: string;
  /** The labels' array, by name; false for none. */
  labels?: string | false;
  /** Of a file with several parts, as x_train and x_test: which (default: 'train', where there are such). */
  part?: 'train' | 'val' | 'test';
}

const inputNames = ['x', 'images', 'data', 'inputs', 'features'];
const labelNames = ['y', 'labels', 'target', 'targets', 'label'];

/** A part's names in files. */
const partNames = { train: ['train'], val: ['val', 'valid'], test: ['test'] } as const;

/**
 * The arrays of inputs and of labels: those named, or those called as such arrays are: x and y, images and labels, data
 * and target, in any case, with a part before or behind as in x_train, train_images.
 * @throws DistillError 'bad-argument' for names that aren't there, 'missing' for a part that isn't.
 */
export function chooseArrays(
  arrays: NamedArrays,
  { inputs, labels, part }: ArrayNames,
  file: string,
): { inputs: NumericArray | TextArray; labels: NumericArray | TextArray | undefined } {
  const named = (name: string, what: string) => {
    const array = arrays.get(name);
    demand(
      array !== undefined,
      () => `${file}: the ${what} ${shown(name)} aren't there; there are ${shownNames([...arrays.keys()])}`,
    );
    return array();
  };
  const inputsName = inputs ?? find(arrays, inputNames, part);
  if (inputsName === undefined)
    throw new DistillError(
      part === undefined ? 'bad-argument' : 'missing',
      `${file}: no array is called as inputs${part ? ` of the part ${part}` : ''} are, such as x${part ? `_${part}` : ''}: name one as inputs; there are ${shownNames([...arrays.keys()])}`,
    );
  const labelsName = labels === false ? undefined : (labels ?? find(arrays, labelNames, part));
  return {
    inputs: named(inputsName, 'inputs'),
    labels: labelsName === undefined ? undefined : named(labelsName, 'labels'),
  };
}

function find(arrays: NamedArrays, words: readonly string[], part: ArrayNames['part']): string | undefined {
  const whole = words.map((word) => [word]);
  const ofPart = partNames[part ?? 'train'].flatMap((p) =>
    words.map((word) => [`${word}_${p}`, `${p}_${word}`]),
  );
  const wanted = (part === undefined ? [...whole, ...ofPart] : ofPart).flat();
  const names = [...arrays.keys()];
  for (const word of wanted) {
    const name = names.find((each) => each.toLowerCase() === word);
    if (name !== undefined) return name;
  }
  return undefined;
}
