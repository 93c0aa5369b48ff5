import type { Pair, WindowAttributes } from '../graph/names.js';
import { type Shape, size } from '../graph/shape.js';
import type { CaseInput } from './operator.js';
import { sizeOf } from './window.js';

/*
 * What the trios of conv2d and depthwise share. Each of a trio's operators sums the same products, given two of x, w and
 * y: the three references and the three lists of cases differ only in which one is made.
 */

/** Visits the places in x, w and y of all products of a convolution, given their shapes. */
type Products = (
  x: Shape,
  w: Shape,
  y: Shape,
  attributes: WindowAttributes,
  visit: (x: number, w: number, y: number) => void,
) => void;

/** An operator's node, as far as references need it. */
interface Made {
  readonly inputs: readonly { readonly shape: Shape }[];
  readonly shape: Shape;
  readonly attributes: WindowAttributes;
}

type Inputs = readonly Float64Array[];

/** In float64: y from x and w. */
export function outputOf(
  products: Products,
  [x, w]: Inputs,
  { inputs, shape, attributes }: Made,
): Float64Array {
  const y = new Float64Array(size(shape));
  products(inputs[0]!.shape, inputs[1]!.shape, shape, attributes, (xi, wi, yi) => {
    y[yi]! += x![xi]! * w![wi]!;
  });
  return y;
}

/** x's gradient from y's and w. */
export function inputOf(
  products: Products,
  [y, w]: Inputs,
  { inputs, shape, attributes }: Made,
): Float64Array {
  const x = new Float64Array(size(shape));
  products(shape, inputs[1]!.shape, inputs[0]!.shape, attributes, (xi, wi, yi) => {
    x[xi]! += y![yi]! * w![wi]!;
  });
  return x;
}

/** w's gradient from x and y's. */
export function weightOf(
  products: Products,
  [x, y]: Inputs,
  { inputs, shape, attributes }: Made,
): Float64Array {
  const w = new Float64Array(size(shape));
  products(inputs[0]!.shape, shape, inputs[1]!.shape, attributes, (xi, wi, yi) => {
    w[wi]! += x![xi]! * y![yi]!;
  });
  return w;
}

/** Shapes of a convolution to test. */
export interface Geometry {
  x: Shape;
  w: Shape;
  y: Shape;
  attributes: WindowAttributes;
}

interface Tested<A> {
  inputs: CaseInput[];
  attributes: A;
}

/** Cases of the operator that makes y. */
export function outputCases(geometries: readonly Geometry[]): Tested<WindowAttributes>[] {
  return geometries.map(({ x, w, attributes }) => ({ inputs: [{ shape: x }, { shape: w }], attributes }));
}

/** Of the one that makes x's gradient. */
export function inputCases(geometries: readonly Geometry[]): Tested<WindowAttributes & { size: Pair }>[] {
  return geometries.map(({ x, w, y, attributes }) => ({
    inputs: [{ shape: y }, { shape: w }],
    attributes: { ...attributes, size: sizeOf(x) },
  }));
}

/** Of the one that makes w's gradient. */
export function weightCases(geometries: readonly Geometry[]): Tested<WindowAttributes & { kernel: Pair }>[] {
  return geometries.map(({ x, w, y, attributes }) => ({
    inputs: [{ shape: x }, { shape: y }],
    attributes: { ...attributes, kernel: [w[0]!, w[1]!] },
  }));
}
