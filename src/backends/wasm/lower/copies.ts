import type { CompiledNode } from '../../../compiler/node.js';
import { demand } from '../../../errors.js';
import type { Shape } from '../../../graph/shape.js';
import type { Node } from '../../../graph/tensor.js';
import { repeatedView } from '../../../ops/broadcast.js';
import { placeView } from '../../../ops/concat.js';
import { partView } from '../../../ops/slice.js';
import { reorderedView } from '../../../ops/transpose.js';
import { denseView, type View } from '../../../ops/view.js';
import type { Instruction } from '../instruction.js';
import type { Lowering } from './lowering.js';

/** Operators that merely view their input differently: one strided copy each. */
export const viewCopies: {
  broadcast: Lowering<'broadcast'>;
  slice: Lowering<'slice'>;
  transpose: Lowering<'transpose'>;
} = {
  broadcast: (node) => viewCopy(node, repeatedView(node as unknown as Node<'broadcast'>)),
  slice: (node) => viewCopy(node, partView(node as unknown as Node<'slice'>)),
  transpose: (node) => viewCopy(node, reorderedView(node as unknown as Node<'transpose'>)),
};

export const concatCopies: Lowering<'concat'> = (node) =>
  node.inputs.map((x, i) =>
    stridedCopy(x, denseView(x.shape), node, placeView(node as unknown as Node<'concat'>, i), x.shape),
  );

function viewCopy(node: CompiledNode, from: View): Instruction {
  return stridedCopy(node.inputs[0]!, from, node, denseView(node.shape), node.shape);
}

/** The instruction that copies `shape` elements from a view of x to a view of y. */
export function stridedCopy(
  x: CompiledNode,
  from: View,
  y: CompiledNode,
  to: View,
  shape: Shape,
): Instruction {
  const dims = merged(shape, from.strides, to.strides);
  demand(dims.length <= 4, () => `a copy over ${dims.length} separate dimensions: at most 4 are supported`);
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

/** Merges adjacent dimensions that both sides walk as one; drops dimensions of one element. */
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
