import { DistillError } from '../../errors.js';
import { smallFloats, valuesOf } from '../../formats/small-floats.js';
import { asLogits } from '../as-logits.js';
import type { AnswerKind } from './outputs.js';
import type { RawTensor } from './worker/protocol.js';

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
  /** Of a row; 1 tells of the second of two classes. */
  readonly columns: number;
  /** Whether rows of probabilities were found to sum to 1, and so have to. */
  readonly sums: boolean;
}

/** Answers as logits, [n, classes]. @throws DistillError 'mismatch' where probabilities stop being some */
export function logitsOf(values: Float32Array, { kind, columns, sums }: Reading, what: string): Float32Array {
  const summing = kind === 'logits' || sums || columns === 1 ? values : shares(values, columns);
  return asLogits(summing, columns, { kind }, (row) => `${what}, taken for ${kind}, row ${row},`);
}

/** Numbers of classes that don't exclude each other, as shares of their sum. */
function shares(values: Float32Array, columns: number): Float32Array {
  return values.map((p, i) => {
    const at = i - (i % columns);
    return p / values.subarray(at, at + columns).reduce((sum, one) => sum + one, 0);
  });
}
