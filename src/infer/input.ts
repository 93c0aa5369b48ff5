import { brandOf, shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import type { InputSpec } from '../nn/specs.js';

/** How a student takes samples: turns the data set's numbers into those that its first layer reads. */
export interface Input {
  /** How many numbers a sample has. */
  readonly size: number;
  /** @throws DistillError 'bad-argument' for anything but n samples, bytes or floats, in the model's units. */
  check(data: Uint8Array | Float32Array, n: number): void;
  /** Normalizes `count` numbers of data from `first`, where a sample starts, and writes them to `to` from `at`. */
  write(data: Uint8Array | Float32Array, first: number, count: number, to: Float32Array, at: number): void;
  /** What the bytes 0 to 255 are normalized to, for each entry of the last dimension. */
  ofBytes(): Float32Array;
}

/** The library's arithmetic: (x − mean)·(the f32 nearest to 1/deviation), each step rounded to f32. */
export function inputOf({ shape, values, normalization }: InputSpec, unit: boolean): Input {
  const size = shape.reduce((a, b) => a * b, 1);
  const last = shape.at(-1)!;
  // One for each entry of the last dimension.
  const rowOf = (list: readonly number[]) =>
    Float32Array.from({ length: last }, (_, i) => list[i % list.length]!);
  const mean = rowOf(normalization?.mean ?? [0]);
  const factor = rowOf((normalization?.deviation ?? [1]).map((d) => Math.fround(1 / d)));

  return {
    size,
    check(data, n) {
      const isArray = ['Float32Array', 'Uint8Array'].includes(brandOf(data));
      const what = isArray ? `${data.length} numbers aren't` : `${shown(data)} isn't`;
      demand(
        isArray && Number.isInteger(n) && n >= 0 && data.length === n * size,
        `${what} ${n} × ${size}: ${wanted(size)}`,
      );
      demand(
        unit || values !== 'bytes' || brandOf(data) === 'Uint8Array' || !seemScaled(data as Float32Array),
        'the model takes bytes from 0 to 255, but all numbers are at most 1: give them as they are, not divided by 255',
      );
    },
    write(data, first, count, to, at) {
      if (!normalization || (unit && brandOf(data) === 'Float32Array'))
        return to.set(data.subarray(first, first + count), at);
      for (let i = 0, j = 0; i < count; i++) {
        to[at + i] = Math.fround(data[first + i]! - mean[j]!) * factor[j]!;
        if (++j === last) j = 0;
      }
    },
    ofBytes: () =>
      Float32Array.from({ length: 256 * last }, (_, i) => {
        const j = i >> 8;
        return Math.fround((i & 255) - mean[j]!) * factor[j]!;
      }),
  };
}

/** The error for number `i` of the data, which isn't finite, or no longer is once normalized. */
export function notFinite(data: Uint8Array | Float32Array, i: number, size: number): DistillError {
  const where = `number ${i % size} of input ${Math.floor(i / size)}`;
  return new DistillError('bad-argument', `${where} is ${data[i]}: ${wanted(size)}`);
}

/** Whether the floats seem to have been scaled to 0 to 1 already; all zeros could be either. */
function seemScaled(data: Float32Array): boolean {
  return data.every((v) => v <= 1) && data.some((v) => v !== 0);
}

function wanted(size: number): string {
  return `give n × ${size} numbers as the data set has them, bytes in a Uint8Array or finite floats in a Float32Array`;
}
