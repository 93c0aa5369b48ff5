import { DistillError } from '../../errors.js';
import { smallFloats, valuesOf } from '../../formats/small-floats.js';
import { ln } from './log.js';
import { type AnswerKind, isDistribution } from './outputs.js';
import type { RawTensor } from './worker/protocol.js';

/** What a probability of 0 is taken to be: the smallest f32 that isn't subnormal. */
const TINY = 2 ** -126;
/** The largest f32 below 1. */
const NEARLY_ONE = 1 - 2 ** -24;

let f16: Float32Array | undefined;

/** A tensor's numbers, [n, columns]. @throws DistillError 'mismatch' for what isn't numbers, so many for each sample */
export function floatsOf({ type, dims, data }: RawTensor, n: number, what: string): Float32Array {
  f16 ??= valuesOf(smallFloats.F16);
  const values =
    type === 'float32'
      ? (data as Float32Array)
      : type === 'float64'
        ? Float32Array.from(data as Float64Array)
        : type === 'float16'
          ? Float32Array.from(data as Uint16Array, (bits) => f16![bits]!)
          : undefined;
  if (!values)
    throw new DistillError('mismatch', `${what} has elements of type ${type}, but floats are needed`);
  if (values.length === 0 || values.length % n !== 0 || dims[0] !== n)
    throw new DistillError(
      'mismatch',
      `${what} has the shape [${dims.join(', ')}] for ${n} samples: its first dimension isn't theirs`,
    );
  return values;
}

/** How answers are read. */
export interface Reading {
  readonly kind: AnswerKind;
  /** Of a row. */
  readonly columns: number;
  /** Whether rows were found to sum to 1, and so have to. */
  readonly sums: boolean;
}

/**
 * Answers as logits, [n, classes]: of probabilities the logarithms. One column tells the second of two classes: by its
 * logit z, [0, z], by its probability p, [0, ln p − ln(1 − p)].
 * @throws DistillError 'mismatch' where probabilities stop being some
 */
export function logitsOf(values: Float32Array, { kind, columns, sums }: Reading, what: string): Float32Array {
  if (kind === 'probabilities') checkProbabilities(values, columns, sums, what);
  if (columns === 1) {
    const made = new Float32Array(2 * values.length);
    for (const [i, value] of values.entries()) made[2 * i + 1] = kind === 'logits' ? value : logOdds(value);
    return made;
  }
  return kind === 'logits' ? values : values.map((p) => ln(Math.max(p, TINY)));
}

function logOdds(p: number): number {
  const held = Math.min(Math.max(p, TINY), NEARLY_ONE);
  return ln(held) - ln(1 - held);
}

function checkProbabilities(values: Float32Array, columns: number, sums: boolean, what: string): void {
  for (let at = 0; at < values.length; at += columns) {
    const row = values.subarray(at, at + columns);
    const fits = sums && columns > 1 ? isDistribution(row) : row.every((p) => p >= 0 && p <= 1 + 1e-6);
    if (!fits)
      throw new DistillError(
        'mismatch',
        `${what} was taken for probabilities, but a row is [${Array.from(row.subarray(0, 4), (p) => p.toPrecision(3)).join(', ')}${columns > 4 ? ', …' : ''}]: say that its kind is logits, or name another output`,
      );
  }
}
