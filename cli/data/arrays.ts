import { type Dataset, DistillError } from 'wasm-distill';
import {
  type ArrayDataset,
  type LoadArraysOptions,
  loadNpy,
  loadSafetensors,
  streamNpy,
} from 'wasm-distill/data';
import { bytesIn } from '../files/run-files.ts';
import { arrayIds, arraysIn } from './ids.ts';
import { filesOf, ignoredNote } from './listing.ts';
import { oneHotNote } from './one-hot.ts';
import type { FilesByPart } from './parts.ts';
import { isFile, type Place } from './place.ts';
import type { Ask, Like, Reader, Reading } from './reader.ts';

/** A file of several arrays, found by their names; one for tests is beside one for training, or is a file of its own. */
function named(title: string, suffix: RegExp, load: typeof loadSafetensors): Reader {
  return {
    title,
    takes: ['label', 'input', 'softId'],
    read: async (place, ask, like) => {
      const { train, val, test, ignored } = await filesOf(place, suffix);
      const file = single(train, place);
      const options = optionsOf(place, ask);
      const first = await load(file, { ...options, ...namesOf(like) });
      const classNames = first.classNames!;
      const reading: Reading = {
        train: first,
        notes: [...arrayNotes(first), ...ignoredNote(ignored)],
        ...(ask.softId !== undefined && { ids: arrayIds(await arraysIn(file), ask.softId, file) }),
      };
      for (const [part, files] of [
        ['val', val],
        ['test', test],
      ] as const) {
        const other =
          files.length > 0
            ? await load(single(files, place), { ...options, classNames })
            : await partOf(load, file, { ...options, classNames }, part);
        if (other) reading[part] = other;
      }
      if (place.folder === undefined && test[0] !== undefined) reading.testName = test[0];
      return reading;
    },
  };
}

export const npz: Reader = named('npz arrays', /\.npz$/i, loadNpy);
export const safetensors: Reader = named('safetensors arrays', /\.safetensors(\.gz)?$/i, loadSafetensors);

/** Arrays of a part, such as x_test, unless inputs are named or there are none. */
async function partOf(
  load: typeof loadSafetensors,
  file: string,
  options: LoadArraysOptions,
  part: 'val' | 'test',
): Promise<Dataset | undefined> {
  if (options.inputs !== undefined) return undefined;
  try {
    return await load(file, { ...options, part });
  } catch (error) {
    if (error instanceof DistillError && error.code === 'missing') return undefined;
    throw error;
  }
}

/** npy: one array a file, with the labels in another: x.npy and y.npy, x_train.npy and y_train.npy. */
export const npy: Reader = {
  title: 'npy arrays',
  takes: ['label'],
  read: async (place, ask, like, most) => {
    const found = await filesOf(place, NPY);
    const { data, notes } = await readPair(found.train, place, ask, like, most);
    const others = await otherParts(found, place, ask, data.classNames!);
    return { train: data, ...others, notes: [...notes, ...ignoredNote(found.ignored)] };
  },
};

const NPY = /\.npy(\.gz)?$/i;

/** The parts beside the training data, whose classes they have. */
async function otherParts(
  found: FilesByPart,
  place: Place,
  ask: Ask,
  classNames: readonly string[],
): Promise<Pick<Reading, 'val' | 'test' | 'testName'>> {
  const parts: Pick<Reading, 'val' | 'test' | 'testName'> = {};
  for (const part of ['val', 'test'] as const)
    if (found[part].length > 0)
      parts[part] = await readOther(found[part], place, { ...ask, ...own(ask) }, { classNames });
  if (place.folder === undefined && found.test[0] !== undefined) parts.testName = found.test[0];
  return parts;
}

/** The named labels are the training inputs'; other parts have theirs beside them. */
function own({ label }: Ask): Pick<Ask, 'label'> {
  return label === false ? { label } : {};
}

/** What arrays of labels are called where the inputs' files are called so. */
const PARTNERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/(^|[^a-z])x(?![a-z])/i, ['y']],
  [/(^|[^a-z])(images|inputs|features)(?![a-z])/i, ['labels', 'targets']],
  [/(^|[^a-z])data(?![a-z])/i, ['target', 'labels']],
];
const LABELS = /(^|[^a-z])(y|labels?|targets?)(?![a-z])[^/\\]*$/i;

async function readPair(files: readonly string[], place: Place, ask: Ask, like: Like, most: number) {
  const inputs = inputsIn(files, place);
  const { options, notes } = await labelsOf(inputs, ask);
  // What is packed can't be read in parts.
  const large = !/\.gz$/i.test(inputs) && (await bytesIn(inputs)) > most;
  const data = await (large ? streamNpy : loadNpy)(inputs, { ...options, ...namesOf(like) });
  return { data, notes: [...notes, ...arrayNotes(data)] };
}

async function readOther(files: readonly string[], place: Place, ask: Ask, like: Like): Promise<Dataset> {
  const inputs = inputsIn(files, place);
  const { options } = await labelsOf(inputs, ask);
  return loadNpy(inputs, { ...options, ...namesOf(like) });
}

/** Says what the library makes of arrays without a word. */
function arrayNotes({
  classes,
  turned,
  oneHot,
}: Pick<ArrayDataset, 'classes' | 'turned' | 'oneHot'>): string[] {
  const [channels, height, width] = turned ?? [];
  return [
    ...(oneHot ? [oneHotNote(classes)] : []),
    ...(turned
      ? [
          `images of ${turned.join(' × ')} are turned: channels come last, ${[height, width, channels].join(' × ')}`,
        ]
      : []),
  ];
}

function inputsIn(files: readonly string[], place: Place): string {
  return single(files.length > 1 ? files.filter((file) => !LABELS.test(file)) : files, place);
}

async function labelsOf(
  inputs: string,
  { label }: Ask,
): Promise<{ options: { labelsFrom?: string }; notes: string[] }> {
  const labelsFrom = label === false ? undefined : (label ?? (await partner(inputs)));
  if (labelsFrom === undefined) return { options: {}, notes: [] };
  return { options: { labelsFrom }, notes: [`the labels are those of ${labelsFrom}`] };
}

async function partner(file: string): Promise<string | undefined> {
  const [, folder, name] = /^(.*[/\\])?([^/\\]*)$/.exec(file)!;
  for (const [expression, words] of PARTNERS)
    for (const word of words) {
      const other = name!.replace(expression, (_, before: string) => before + word);
      const path = (folder ?? '') + other;
      const upper =
        (folder ?? '') + name!.replace(expression, (_, before: string) => before + word.toUpperCase());
      for (const each of [path, upper]) if (each !== file && (await isFile(each))) return each;
    }
  return undefined;
}

function single(files: readonly string[], { name }: Place): string {
  if (files.length === 1) return files[0]!;
  throw new DistillError(
    'bad-file',
    `${name} has several files of inputs (${files.slice(0, 3).join(', ')}): name one with --data`,
  );
}

function optionsOf({ name }: Place, { label, input }: Ask): LoadArraysOptions {
  if (input && input.length > 1)
    throw new DistillError(
      'bad-argument',
      `${name}: --input must be one array's name, not ${input.join(',')}`,
    );
  return { ...(label !== undefined && { labels: label }), ...(input && { inputs: input[0]! }) };
}

function namesOf({ classNames }: Like): { classNames?: readonly string[] } {
  return classNames ? { classNames } : {};
}
