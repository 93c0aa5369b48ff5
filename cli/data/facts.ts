import type { Dataset } from 'wasm-distill';
import type { TableReading } from 'wasm-distill/data';

/** What was understood of the data: said before anything trains, and in reports as `data`. */
export interface DataFacts {
  kind: string;
  /** Where they are, as it was typed. */
  source: string;
  /** Where test data are, if elsewhere. */
  testSource?: string;
  /** Samples of each part. */
  samples: { train?: number; val?: number; test?: number };
  /** Of one sample: [28, 28, 1]. */
  shape: readonly number[];
  values: 'bytes' | 'numbers';
  /** Of tables: the columns of inputs, and of labels, if there is one. */
  inputs?: readonly string[];
  label?: string | null;
  classes: number;
  /** In order; numbers where nothing names them. Not of more than 1,024 classes. */
  classNames?: readonly string[];
  /** Training samples of each class; where only test data were read, of these. */
  perClass?: readonly number[];
  /** Of the same without a label. */
  unlabeled?: number;
  /** Where the largest class has over three times as many training samples as the smallest. */
  imbalanced?: true;
  /** What was ignored, dropped, turned, filled or split, a sentence each. */
  notes: readonly string[];
}

/** The largest class may have this many times the samples of the smallest. */
const IMBALANCE = 3;

/** More names and counts than these are for files, not for people. */
const MOST_NAMED = 1024;

export interface Loaded {
  /** If only test data were read, there are none. */
  train?: Dataset | undefined;
  val?: Dataset | undefined;
  test?: Dataset | undefined;
}

export interface Origin {
  kind: string;
  source: string;
  testSource?: string | undefined;
  table?: TableReading | undefined;
  notes: readonly string[];
}

export function factsOf(
  { train, val, test }: Loaded,
  { kind, source, testSource, table, notes }: Origin,
): DataFacts {
  const counted = (train ?? test)!;
  const { inputs, classes } = counted;
  const counts = countsOf(counted);
  const unlabeled = counted.size - counts.reduce((sum, n) => sum + n, 0);
  const names = namesOf(counted);
  const many = classes > MOST_NAMED;
  return {
    kind,
    source,
    ...(testSource !== undefined && { testSource }),
    samples: {
      ...(train && { train: train.size }),
      ...(val && { val: val.size }),
      ...(test && { test: test.size }),
    },
    shape: inputs.shape,
    values: inputs.values.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'numbers',
    ...(table && { inputs: table.inputs, label: table.label }),
    classes,
    ...(!many && { classNames: names, perClass: counts }),
    ...(unlabeled > 0 && { unlabeled }),
    ...(isImbalanced(counts) && { imbalanced: true }),
    notes: [
      ...notes,
      ...absent(names, counts, train ? 'training' : 'test'),
      ...(train && test ? absentTest(names, test, counts) : []),
    ],
  };
}

/** Names of the classes, or their numbers. */
export function namesOf({ classNames, classes }: Dataset): readonly string[] {
  return classNames ?? Array.from({ length: classes }, (_, label) => String(label));
}

function countsOf({ labels, classes }: Dataset): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) if (label >= 0) counts[label]!++;
  return counts;
}

/** Classes without any sample are told apart. */
function isImbalanced(counts: readonly number[]): boolean {
  const some = counts.filter((n) => n > 0);
  return some.length > 0 && max(some) > IMBALANCE * min(some);
}

export function max(numbers: readonly number[]): number {
  return numbers.reduce((most, n) => Math.max(most, n));
}

export function min(numbers: readonly number[]): number {
  return numbers.reduce((least, n) => Math.min(least, n));
}

function absent(names: readonly string[], counts: readonly number[], part: string): string[] {
  const missing = names.filter((_, label) => counts[label] === 0);
  if (missing.length === 0 || missing.length === names.length) return [];
  const shown = missing.slice(0, 10).join(', ');
  return [`no ${part} sample of ${shown}${missing.length > 10 ? ` … (${missing.length} classes)` : ''}`];
}

/** Of the classes that there are training samples of. */
function absentTest(names: readonly string[], test: Dataset, trained: readonly number[]): string[] {
  const counts = countsOf(test).map((n, label) => (trained[label] === 0 ? 1 : n));
  return absent(names, counts, 'test');
}
