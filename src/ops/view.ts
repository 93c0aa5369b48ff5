import { type Shape, size, strides } from '../graph/shape.js';
import type { Computed } from '../graph/tensor.js';

/** One side of a strided copy: where it starts and how far apart its elements lie along each dimension. */
export interface View {
  offset?: number;
  strides: readonly number[];
}

/** The dense row-major view of a shape. */
export function denseView(shape: Shape): View {
  return { strides: strides(shape) };
}

/** A strided copy in float64, from a view of x to a view of `result`. */
export function copyView(
  x: Float64Array,
  from: View,
  result: Float64Array,
  to: View,
  shape: Shape,
): Float64Array {
  const index = shape.map(() => 0);
  for (let count = size(shape); count > 0; count--) {
    const at = (view: View) => index.reduce((sum, i, d) => sum + i * view.strides[d]!, view.offset ?? 0);
    result[at(to)] = x[at(from)]!;
    for (let d = shape.length - 1; d >= 0 && ++index[d]! === shape[d]; d--) index[d] = 0;
  }
  return result;
}

/** The reference of an operator that merely views its input differently: `viewOf` says how. */
export function viewReference<N extends Computed>(viewOf: (node: N) => View) {
  return ([x]: readonly Float64Array[], node: N): Float64Array =>
    copyView(x!, viewOf(node), new Float64Array(size(node.shape)), denseView(node.shape), node.shape);
}
