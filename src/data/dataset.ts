import { brandOf, checkNames, shown } from '../checks.js';
import { demand } from '../errors.js';
import { type Shape, sameShape, size } from '../graph/shape.js';

/** Inputs of one shape. Never write to the values: data sets made by `take` share them. */
export interface Samples {
  /** Of one sample: [28, 28, 1] for a gray image, [32, 32, 3] for a color one, [13] for a row of a table. */
  readonly shape: Shape;
  /** [size, …shape], row-major, channels last: bytes of images, or any finite numbers. */
  readonly values: Uint8Array | Float32Array;
}

/** Samples, each with a label. */
export interface Dataset {
  readonly inputs: Samples;
  /** [size], each in 0 … classes − 1, or −1 if unknown. */
  readonly labels: Int32Array;
  /** How many samples there are, at least 1. */
  readonly size: number;
  /** How many classes there are, 1 to 65,536. */
  readonly classes: number;
  /** Names of the classes, in order. */
  readonly classNames?: readonly string[];
}

export interface DatasetOptions {
  inputs: Samples;
  /** [size]; −1 for none. */
  labels: ArrayLike<number>;
  /** How many classes there are (default: the number of names, else 10). */
  classes?: number;
  classNames?: readonly string[];
  /** What error messages call the data. */
  name?: string;
}

const MOST_CLASSES = 65_536;

/**
 * Joins samples with their labels, without copying the samples.
 * @throws DistillError 'bad-file' for data that don't fit together, 'bad-argument' for an invalid number of classes.
 */
export function makeDataset(options: DatasetOptions): Dataset {
  checkNames(options, 'makeDataset', ['inputs', 'labels', 'classes', 'classNames', 'name']);
  const { inputs, labels, classNames, classes = classNames?.length ?? 10, name = 'the data' } = options;
  demand(
    Array.isArray(inputs?.shape),
    () => `${name}: inputs must be { shape, values }, not ${shown(inputs)}`,
  );
  demand(
    typeof labels?.length === 'number' && typeof labels !== 'string',
    () => `${name}: labels must be a list of numbers, −1 where there is none, not ${shown(labels)}`,
  );
  demand(
    Number.isInteger(classes) && classes >= 1 && classes <= MOST_CLASSES,
    () => `${name}: classes is ${shown(classes)}; give a whole number from 1 to 65,536`,
  );
  demand(
    classNames === undefined ||
      (Array.isArray(classNames) && classNames.every((word) => typeof word === 'string')),
    () => `${name}: classNames must be a list of strings, not ${shown(classNames)}`,
  );
  demand(
    classNames === undefined || classNames.length === classes,
    () => `${name}: there are ${classNames?.length} class names for ${classes} classes`,
  );
  const count = checkInputs(inputs, name);
  demandFile(
    labels.length === count,
    () =>
      `${name}: there are ${count} samples and ${labels.length} labels; use two files that belong together`,
  );
  for (let i = 0; i < count; i++)
    demandFile(
      Number.isInteger(labels[i]) && labels[i]! >= -1 && labels[i]! < classes,
      () =>
        `${name}: label ${i} is ${shown(labels[i])} where 0 to ${classes - 1} are classes; correct the label or the number of classes`,
    );
  return {
    inputs,
    labels: brandOf(labels) === 'Int32Array' ? (labels as Int32Array) : Int32Array.from(labels),
    size: count,
    classes,
    ...(classNames && { classNames }),
  };
}

/**
 * Refuses what no function of ours makes, such as a data set of earlier versions or one put together by hand whose parts
 * don't fit: a label that is no class would be read from memory that is something else's.
 * @throws DistillError 'bad-argument'
 */
export function checkDataset(data: unknown): asserts data is Dataset {
  demand(
    isDataset(data),
    () => `data must be a data set as makeDataset or loadMnist give it, not ${shown(data)}`,
  );
  const { inputs, labels, size: count, classes } = data;
  demand(
    inputs.values.length === count * size(inputs.shape) && labels.length === count,
    () =>
      `the data set says that it has ${count} samples of shape [${inputs.shape}], but it has ${inputs.values.length} numbers and ${labels.length} labels: make it with makeDataset`,
  );
  const bad = labels.findIndex((label) => label < -1 || label >= classes);
  demand(bad < 0, () => `label ${bad} of the data set is ${labels[bad]}, but it has ${classes} classes`);
}

function isDataset(value: unknown): value is Dataset {
  const { inputs, labels, size: count, classes } = (value ?? {}) as Partial<Dataset>;
  return (
    Array.isArray(inputs?.shape) &&
    ['Uint8Array', 'Float32Array'].includes(brandOf(inputs.values)) &&
    brandOf(labels) === 'Int32Array' &&
    Number.isInteger(count) &&
    Number.isInteger(classes)
  );
}

/** How many samples there are. */
function checkInputs({ shape, values }: Samples, name: string): number {
  demandFile(
    shape.length > 0 && shape.every((n) => Number.isInteger(n) && n >= 1),
    () => `${name}: a sample has the shape [${shape}]; give its dimensions, each at least 1`,
  );
  demandFile(
    ['Uint8Array', 'Float32Array'].includes(brandOf(values)),
    () => `${name}: the samples are ${shown(values)}; give bytes (Uint8Array) or numbers (Float32Array)`,
  );
  const count = values.length / size(shape);
  demandFile(
    Number.isInteger(count) && count >= 1,
    () =>
      `${name}: ${values.length} numbers are no whole samples of shape [${shape}], which have ${size(shape)} each`,
  );
  if (brandOf(values) === 'Float32Array') {
    const bad = values.findIndex((v) => !Number.isFinite(v));
    demandFile(
      bad < 0,
      () =>
        `${name}: number ${bad % size(shape)} of sample ${Math.floor(bad / size(shape))} is ${values[bad]}`,
    );
  }
  return count;
}

/** Whether two sets of samples differ in their values at most: same number, shape and type. */
export function sameKind(a: Samples, b: Samples): boolean {
  return (
    sameShape(a.shape, b.shape) &&
    a.values.length === b.values.length &&
    brandOf(a.values) === brandOf(b.values)
  );
}

/** One sample's numbers, as a view. */
export function sampleAt(data: Pick<Dataset, 'inputs'>, index: number): Uint8Array | Float32Array {
  demand(Array.isArray(data?.inputs?.shape), () => `a data set is needed, not ${shown(data)}`);
  const { shape, values } = data.inputs;
  const each = size(shape);
  const count = values.length / each;
  demand(
    Number.isInteger(index) && index >= 0 && index < count,
    () => `there is no sample ${shown(index)}: they go from 0 to ${count - 1}`,
  );
  return values.subarray(index * each, (index + 1) * each);
}

function demandFile(condition: boolean, what: () => string): asserts condition {
  demand(condition, what, 'bad-file');
}
