import type { Bytes, Floats, Ints } from '../arrays.js';
import { demand } from '../errors.js';

/** f32 numbers, u8 bytes of images, i32 indices and labels. */
export type DType = 'f32' | 'u8' | 'i32';
export type Shape = readonly number[];

/** The array that holds a dtype's values on the host. */
export interface ArrayOf {
  f32: Floats;
  u8: Bytes;
  i32: Ints;
}

/** Number of elements. */
export function size(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

export function bytesOf({ shape, dtype }: { readonly shape: Shape; readonly dtype: DType }): number {
  return size(shape) * (dtype === 'u8' ? 1 : 4);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** Strides in elements of a dense row-major layout. */
export function strides(shape: Shape): number[] {
  const result: number[] = [];
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    result[i] = stride;
    stride *= shape[i]!;
  }
  return result;
}

/** Axes counted from the front; negative ones count from the back. */
export function normalAxis(axis: number, rank: number, op: string): number {
  const normal = axis < 0 ? axis + rank : axis;
  demand(
    Number.isInteger(axis) && normal >= 0 && normal < rank,
    () => `${op}: axis ${axis} isn't one of a rank-${rank} tensor`,
  );
  return normal;
}

/** @throws DistillError 'bad-argument' for an invalid tensor shape; `name` says whose it is. */
export function checkShape(name: string, shape: Shape): void {
  demand(
    Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 1) && size(shape) < 2 ** 31,
    () =>
      `${name}: shape ${Array.isArray(shape) ? `[${shape}]` : String(shape)} must be positive whole numbers with fewer than 2³¹ elements in all`,
  );
}
