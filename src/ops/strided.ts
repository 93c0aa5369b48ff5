import type { Instruction, Operator } from './operator.js';
import { require, type Shape, size, strides, type Tensor } from './tensor.js';

/** One side of a strided copy: where it starts and how far apart its elements lie along each dimension. */
export interface View {
  offset?: number;
  strides: readonly number[];
}

/** The instruction that copies `shape` elements from a view of x to a view of y. */
export function stridedCopy(x: Tensor, from: View, y: Tensor, to: View, shape: Shape): Instruction {
  const dims = merged(shape, from.strides, to.strides);
  require(dims.length <= 4, `a copy over ${dims.length} separate dimensions: at most 4 are supported`);
  while (dims.length < 4) dims.unshift({ n: 1, x: 0, y: 0 });
  const [d0, d1, d2, d3] = dims as [Dim, Dim, Dim, Dim];
  return {
    opcode: 'copy',
    tiles: d0.n * d1.n,
    fields: {
      x,
      y,
      offsetX: from.offset ?? 0,
      offsetY: to.offset ?? 0,
      ...{ d0: d0.n, d1: d1.n, d2: d2.n, d3: d3.n },
      ...{ x0: d0.x, x1: d1.x, x2: d2.x, x3: d3.x },
      ...{ y0: d0.y, y1: d1.y, y2: d2.y, y3: d3.y },
    },
    writes: ['y'],
  };
}

interface Dim {
  n: number;
  x: number;
  y: number;
}

/** Neighboring dimensions that both sides walk as one are joined; those of one element dropped. */
function merged(shape: Shape, x: readonly number[], y: readonly number[]): Dim[] {
  const dims: Dim[] = [];
  shape.forEach((n, i) => {
    if (n === 1) return;
    const dim = { n, x: x[i]!, y: y[i]! };
    const outer = dims.at(-1);
    if (outer && outer.x === dim.x * n && outer.y === dim.y * n)
      dims[dims.length - 1] = { n: outer.n * n, x: dim.x, y: dim.y };
    else dims.push(dim);
  });
  return dims;
}

/** The float64 reference of the same copy, into `result`. */
export function referenceCopy(
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

/** How an operator that only looks at its input in another way is lowered and referenced: `viewed` tells which way. */
export function viewOperator(viewed: (node: Tensor) => View): Pick<Operator, 'lower' | 'reference'> {
  const dense = (node: Tensor): View => ({ strides: strides(node.shape) });
  return {
    lower: (node) => stridedCopy(node.inputs[0]!, viewed(node), node, dense(node), node.shape),
    reference: ([x], node) =>
      referenceCopy(x!, viewed(node), new Float64Array(size(node.shape)), dense(node), node.shape),
  };
}
