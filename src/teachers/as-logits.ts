import { checkTemperature, checkWord } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import { log } from '../logarithm.js';

/** What numbers of a model from elsewhere are. */
export type OutputKind = 'logits' | 'probabilities';

export interface OutputOptions {
  kind?: OutputKind | undefined;
  /** Of probabilities: the temperature of the softmax that made them (default 1). */
  temperature?: number | undefined;
}

/** How far a row of probabilities may be from adding up to 1: they may have been written with two digits. */
const ROUNDING = 0.01;

/** A probability of 0 is taken for the least normal f32: its logarithm must be finite. */
const LEAST = 1.1754943508222875e-38;

/** @throws DistillError 'bad-argument' */
export function checkOutputOptions({ kind, temperature }: OutputOptions, what: string): void {
  if (kind !== undefined) checkWord(kind, `the kind of ${what}`, ['logits', 'probabilities']);
  if (temperature !== undefined) checkTemperature(temperature);
  demand(
    kind !== 'logits' || temperature === undefined || temperature === 1,
    () =>
      `${what} are logits, which have no temperature: leave it out, or give kind: 'probabilities' where they have been through a softmax`,
  );
}

/** Whether numbers can be probabilities: a single column of numbers from 0 to 1, or rows that aren't negative and add up to 1. */
export function kindOf(values: ArrayLike<number>, columns: number): OutputKind {
  for (let at = 0; at < values.length; at += columns)
    if (improper(values, at, columns) !== undefined) return 'logits';
  return 'probabilities';
}

/** What keeps a row from being probabilities. */
function improper(values: ArrayLike<number>, at: number, columns: number): string | undefined {
  let sum = 0;
  for (let i = at; i < at + columns; i++) {
    const p = values[i]!;
    if (!(p >= 0 && p <= 1 + ROUNDING)) return `has ${p}, which is no probability`;
    sum += p;
  }
  if (columns === 1) return sum <= 1 ? undefined : `has ${sum}, which is no probability`;
  return Math.abs(sum - 1) <= ROUNDING ? undefined : `adds up to ${sum}, not to 1`;
}

/**
 * Rows of outputs as rows of logits, [rows, classes]: probabilities at T by T·log p, so that a softmax at T gives them
 * again. A single column is what a model of two classes says of the second one. `rowName` is what messages call a row.
 * @throws DistillError 'diverged' for what isn't finite, 'mismatch' for probabilities that are none.
 */
export function asLogits(
  values: ArrayLike<number>,
  columns: number,
  { kind, temperature = 1 }: { kind: OutputKind; temperature?: number | undefined },
  rowName: (row: number) => string,
): Float32Array {
  const rows = values.length / columns;
  const classes = columns === 1 ? 2 : columns;
  const logits = new Float32Array(rows * classes);
  checkRows(values, columns, kind, rowName);
  const of = (p: number) => Math.fround(temperature * log(Math.max(p, LEAST)));
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    const one = values[at]!;
    const out = row * classes;
    if (columns > 1)
      for (let c = 0; c < columns; c++)
        logits[out + c] = kind === 'logits' ? values[at + c]! : of(values[at + c]!);
    else if (kind === 'logits') logits[out + 1] = one;
    else logits.set([of(1 - one), of(one)], out);
  }
  return logits;
}

/** @throws DistillError as asLogits() does. */
export function checkRows(
  values: ArrayLike<number>,
  columns: number,
  kind: OutputKind,
  rowName: (row: number) => string,
): void {
  for (let row = 0; row * columns < values.length; row++)
    checkRow(values, row * columns, columns, kind, () => rowName(row));
}

function checkRow(
  values: ArrayLike<number>,
  at: number,
  columns: number,
  kind: OutputKind,
  rowName: () => string,
): void {
  for (let i = at; i < at + columns; i++)
    if (!Number.isFinite(Math.fround(values[i]!)))
      throw new DistillError(
        'diverged',
        `${rowName()} has ${values[i]} for class ${i - at}: outputs must be finite`,
      );
  if (kind === 'logits') return;
  const why = improper(values, at, columns);
  if (why !== undefined)
    throw new DistillError(
      'mismatch',
      `${rowName()} ${why}: give kind: 'logits' if that is what outputs are`,
    );
}
