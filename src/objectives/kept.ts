import { checkArray, shown } from '../checks.js';
import type { Augmentation } from '../data/augment/index.js';
import type { Column } from '../data/column.js';
import { DistillError, demand } from '../errors.js';
import type { Objective } from './objective.js';

/** What an objective needs where its teacher was asked before. */
export type KeptNeeds = Required<Pick<Objective, 'columns' | 'check'>>;

/** What errors say of numbers that were kept. */
export interface KeptWords {
  /** "kept maps" */
  kept: string;
  /** Whose they are, as "the teacher's features". */
  whose: string;
  /** Who can teach in the step instead, as "a teacher, which runs". */
  otherwise?: string;
}

/** A teacher's numbers for every sample, by their columns' names. @throws DistillError 'bad-argument', 'mismatch' */
export function keptNumbers(
  columns: Readonly<Record<string, Column>>,
  { kept, whose, otherwise }: KeptWords,
): KeptNeeds {
  for (const { values } of Object.values(columns)) checkFinite(values, whose);
  return {
    columns,
    check: (_, augment) => checkPlain(augment, kept, otherwise && `, or give ${otherwise} in the step`),
  };
}

/** Refuses augmented samples for what teachers said of them as they are. @throws DistillError 'mismatch' */
function checkPlain(augment: readonly Augmentation[], what: string, otherwise = ''): void {
  demand(
    augment.length === 0,
    () =>
      `${what} are of the samples as they are, not as the student sees them: leave out augment${otherwise}`,
    'mismatch',
  );
}

/** @throws DistillError 'bad-argument' */
function checkFinite(values: unknown, what: string): asserts values is Float32Array {
  checkArray(values, what, 'Float32Array');
  const numbers = values as Float32Array;
  const bad = numbers.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw new DistillError(
      'bad-argument',
      `${what} must be finite numbers: number ${bad} is ${shown(numbers[bad])}`,
    );
}
