import { brandOf, checkList, checkNames, shown } from '../checks.js';
import { checkDataset, type Dataset, type Samples } from '../data/dataset.js';
import { SampleIndex } from '../data/sample-index.js';
import { DistillError, demand } from '../errors.js';
import type { ExternalModel } from '../evaluate/external.js';
import { sha256 } from '../formats/hash.js';
import { sameShape } from '../graph/shape.js';
import {
  asLogits,
  checkOutputOptions,
  checkRows,
  kindOf,
  type OutputKind,
  type OutputOptions,
} from './as-logits.js';

export interface StoredTeacherOptions extends OutputOptions {
  /** What reports and messages call it (default: 'the stored outputs'). */
  name?: string;
  /** Of the outputs' columns, in order. */
  classNames?: readonly string[];
}

/** Outputs made elsewhere, as a model. */
export interface StoredTeacher extends ExternalModel {
  /** What the outputs were taken for. */
  readonly kind: OutputKind;
  /** Of probabilities: the temperature at which they were made. */
  readonly temperature: number;
  /** How many samples it has outputs for; equal ones count once. */
  readonly samples: number;
  /** How many of these samples it has outputs for. */
  knows(samples: Samples): number;
}

/** Samples that it is asked for at once: it looks them up. */
const BATCH = 65_536;

/**
 * Outputs that were made elsewhere for the samples of a data set, [size, classes] in their order, as a model that
 * teaches. It knows samples by their content, so that subsets, splits, other orders and sets joined of several are
 * answered too; what it has no outputs for is refused when it is asked: other samples, and augmented views. Equal
 * samples have the mean of their outputs.
 *
 *     const teacher = await storedTeacher(data, probabilities, { kind: 'probabilities', temperature: 4 });
 *     const soft = await softTargets(engine, [teacher], data, { temperature: 4 });
 *
 * Where `kind` isn't given, rows that aren't negative and add up to 1 are probabilities. These become logits,
 * T·log p, where a p of 0 is taken for 1.2e-38. One number a sample, [size] or [size, 1], is what a model of two classes
 * says of the second one.
 *
 * Rejects with 'bad-argument' for invalid options, 'mismatch' for another number of rows, and for rows that are no
 * probabilities where they should be, 'diverged' for outputs that aren't finite.
 */
export async function storedTeacher(
  data: Dataset,
  outputs: Float32Array | Float64Array,
  options: StoredTeacherOptions = {},
): Promise<StoredTeacher> {
  checkDataset(data);
  checkNames(options, 'storedTeacher', ['name', 'kind', 'temperature', 'classNames']);
  const { name = 'the stored outputs', temperature = 1, classNames } = options;
  demand(typeof name === 'string', () => `the name of stored outputs must be a string, not ${shown(name)}`);
  checkOutputOptions(options, name);
  const columns = columnsOf(outputs, data.size, name);
  const kind = options.kind ?? kindOf(outputs, columns);
  checkOutputOptions({ kind, temperature }, name);
  const classes = columns === 1 ? 2 : columns;
  checkClassNames(classNames, classes, name);

  const { inputs } = data;
  const index = new SampleIndex(inputs);
  checkRows(outputs, columns, kind, (row) => `${name}: row ${row}`);
  const means = meansOf(outputs, columns, index);
  const logits = asLogits(means, columns, { kind, temperature }, (row) => `${name}: sample ${row}`);
  const { shape } = inputs;
  const values = brandOf(inputs.values);
  const find = (samples: Samples): Int32Array => {
    checkKind(samples, { shape, values }, name);
    return index.find(samples);
  };
  return {
    ...{ name, classes, kind, temperature, samples: index.size, batch: BATCH },
    ...(classNames && { classNames }),
    sha256: await sha256([
      new TextEncoder().encode(JSON.stringify({ stored: 1, shape, values, classes })),
      index.hashes,
      logits,
    ]),
    logits: async (samples) => rowsOf(logits, classes, find(samples), name),
    knows: (samples) => find(samples).reduce((sum, row) => (row < 0 ? sum : sum + 1), 0),
  };
}

function columnsOf(outputs: unknown, size: number, name: string): number {
  demand(
    ['Float32Array', 'Float64Array'].includes(brandOf(outputs)),
    () => `${name} must be a Float32Array or Float64Array, [samples, classes], not ${shown(outputs)}`,
  );
  const { length } = outputs as Float32Array;
  const columns = length / size;
  demand(
    Number.isInteger(columns) && columns >= 1,
    () =>
      `${name} has ${length} numbers, which aren't equally many for each of ${size} samples: give a row for each, in the data's order`,
    'mismatch',
  );
  return columns;
}

function checkClassNames(classNames: unknown, classes: number, name: string): void {
  if (classNames === undefined) return;
  checkList(classNames, `the classNames of ${name}`, 'strings', (word) => typeof word === 'string');
  const { length } = classNames as readonly string[];
  demand(
    length === classes,
    () => `${name} has outputs for ${classes} classes, but ${length} class names were given`,
  );
}

/** What is said of equal samples, averaged, by the number of each. */
function meansOf(
  outputs: Float32Array | Float64Array,
  columns: number,
  { size, numbers }: SampleIndex,
): Float64Array {
  const means = new Float64Array(size * columns);
  const counts = new Int32Array(size);
  for (const [i, number] of numbers.entries()) {
    counts[number]!++;
    for (let c = 0; c < columns; c++) means[number * columns + c]! += outputs[i * columns + c]!;
  }
  return means.map((sum, i) => sum / counts[Math.floor(i / columns)]!);
}

function checkKind(
  samples: Samples,
  known: { shape: readonly number[]; values: string },
  name: string,
): void {
  const words = (shape: readonly number[], values: string) =>
    `${values === 'Uint8Array' ? 'bytes' : 'floats'} of shape [${shape}]`;
  const { shape, values } = samples;
  demand(
    sameShape(shape, known.shape) && brandOf(values) === known.values,
    () =>
      `${name} has outputs for samples that are ${words(known.shape, known.values)}, not for ${words(shape, brandOf(values))}`,
    'mismatch',
  );
}

function rowsOf(logits: Float32Array, classes: number, rows: Int32Array, name: string): Float32Array {
  const first = rows.findIndex((row) => row < 0);
  if (first >= 0) {
    const count = rows.reduce((sum, row) => (row < 0 ? sum + 1 : sum), 0);
    throw new DistillError(
      'missing',
      `${name} has no outputs for ${count} of ${rows.length} samples, the first of them is number ${first}: they were made for other samples, or these are augmented views, of which there are none stored (leave out augment, or --jitter)`,
    );
  }
  const found = new Float32Array(rows.length * classes);
  for (const [i, row] of rows.entries())
    found.set(logits.subarray(row * classes, (row + 1) * classes), i * classes);
  return found;
}
