import { type Shape, size } from '../../../graph/shape.js';
import type { View } from '../../../ops/view.js';

/** How an operator that only views its input goes through it: where dimension `to[d].from` of the input is seen. */
export interface Mapping {
  /** The first element, in elements of the input's dimensions. */
  readonly start: readonly number[];
  /** For each dimension of the result: the input's dimension that it walks along, and which way; undefined repeats. */
  readonly walks: readonly ({ readonly dimension: number; readonly step: 1 | -1 } | undefined)[];
}

/** A view of a tensor's input as seen through the mapping. */
export function through(mapping: Mapping, view: View): View {
  const along = (dimension: number) => view.strides[dimension]!;
  return {
    offset: mapping.start.reduce((sum, at, d) => sum + at * along(d), view.offset ?? 0),
    strides: mapping.walks.map((walk) => (walk ? walk.step * along(walk.dimension) : 0)),
  };
}

/**
 * The same elements in the same order under another shape, if strides can say so: dimensions are taken apart or joined
 * only where the view walks evenly.
 */
export function reshapedView(view: View, from: Shape, to: Shape): View | undefined {
  const own = from.map((n, d) => ({ n, stride: view.strides[d]! })).filter(({ n }) => n > 1);
  const strides: number[] = [];
  let at = own.length - 1;
  // What is left of the dimensions joined so far, from the last one.
  let left = 1;
  let stride = 0;
  for (let d = to.length - 1; d >= 0; d--) {
    const n = to[d]!;
    if (n === 1) {
      strides[d] = 0;
      continue;
    }
    if (left === 1) {
      stride = own[at]!.stride;
      left = own[at]!.n;
      at--;
    }
    strides[d] = stride;
    while (left < n) {
      const next = own[at];
      if (!next || next.stride !== stride * left) return undefined;
      left *= next.n;
      at--;
    }
    if (left % n !== 0) return undefined;
    left /= n;
    stride *= n;
  }
  return { offset: view.offset ?? 0, strides };
}

export function isDense({ offset = 0, strides }: View, shape: Shape): boolean {
  let dense = 1;
  if (offset !== 0) return false;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d]! > 1 && strides[d] !== dense) return false;
    dense *= shape[d]!;
  }
  return true;
}

/** Whether every element of the view is the same one. */
export function isOne({ strides }: View, shape: Shape): boolean {
  return size(shape) === 1 || strides.every((stride, d) => stride === 0 || shape[d] === 1);
}
