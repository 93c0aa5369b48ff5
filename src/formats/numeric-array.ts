import { brandOf } from '../checks.js';
import { DistillError } from '../errors.js';

export type NumericData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** An array of numbers in row-major order: what npy, npz, safetensors and IDX hold. */
export interface NumericArray {
  /** [] of a single number. */
  readonly shape: readonly number[];
  /** As many as the product of `shape`. Truth values are 0 and 1, halves are single floats. */
  readonly data: NumericData;
}

/** An array of texts, as npy has of class names. */
export interface TextArray {
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

export function isText(array: NumericArray | TextArray): array is TextArray {
  return Array.isArray(array.data);
}

/** How many elements a shape has, or undefined if it is invalid or no safe integer. */
export function elementsOf(shape: readonly number[]): number | undefined {
  let count = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) return undefined;
    count *= length;
    // At each step: a later 0 doesn't excuse an overflow.
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/** The numbers as f32, each rounded to the nearest; without a copy where they are that. */
export function toFloat32({ data }: NumericArray): Float32Array {
  if (brandOf(data) === 'Float32Array') return data as Float32Array;
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}

/**
 * The elements as whole numbers, in an Int32Array.
 * @throws DistillError 'bad-file' for the first that is none or takes more than 32 bits; `name` is what it calls them.
 */
export function toInt32({ data }: NumericArray, name: string): Int32Array {
  const whole = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    whole[i] = value;
    if (whole[i] !== value)
      throw new DistillError(
        'bad-file',
        `${name}: element ${i} is ${value}, which is no whole number of 32 bits`,
      );
  }
  return whole;
}
