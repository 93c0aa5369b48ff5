import { DistillError } from '../errors.js';
import type { OpName } from './index.js';

/** f32 numbers, u8 images, i32 indices and labels. */
export type DType = 'f32' | 'u8' | 'i32';
export type Shape = readonly number[];
export type Attributes = Readonly<Record<string, number | string | boolean | readonly number[]>>;

/**
 * A node of the graph: what is computed from what, with a static shape. Plain immutable data; nothing is computed and
 * no memory held until a plan that reaches it is loaded into an engine.
 */
export interface Tensor {
  readonly op: OpName | 'variable' | 'fill';
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Of a variable: what errors, files and plan texts call it. */
  readonly name?: string;
}

/** A tensor with a place of its own in memory that outlives steps: weights, data sets, losses. */
export interface Variable extends Tensor {
  readonly op: 'variable';
  readonly name: string;
}

/** Declares a variable; its content is zero until written. */
export function variable(name: string, shape: Shape, dtype: DType = 'f32'): Variable {
  checkShape(name, shape);
  return { op: 'variable', inputs: [], attributes: {}, shape: [...shape], dtype, name };
}

/** A constant tensor with the same number everywhere. */
export function fill(value: number, shape: Shape): Tensor {
  return {
    op: 'fill',
    inputs: [],
    attributes: { value: Math.fround(value) },
    shape: [...shape],
    dtype: 'f32',
  };
}

/** Number of elements. */
export function size(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

export function bytesOf(tensor: Tensor): number {
  return size(tensor.shape) * (tensor.dtype === 'u8' ? 1 : 4);
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

/** Refuses a graph that can't be, naming the operator. */
export function require(condition: boolean, what: string): asserts condition {
  if (!condition) throw new DistillError('bad-argument', what);
}

/** Axes counted from the front; negative ones count from the back. */
export function normalAxis(axis: number, rank: number, op: string): number {
  const normal = axis < 0 ? axis + rank : axis;
  require(Number.isInteger(axis) &&
    normal >= 0 &&
    normal < rank, `${op}: axis ${axis} isn't one of a rank-${rank} tensor`);
  return normal;
}

function checkShape(name: string, shape: Shape): void {
  require(shape.every((n) => Number.isInteger(n) && n >= 1) &&
    size(shape) <
      2 **
        31, `${name}: shape [${shape}] must be positive whole numbers with fewer than 2³¹ elements in all`);
}
