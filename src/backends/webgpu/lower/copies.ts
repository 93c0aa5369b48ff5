import type { CompiledNode } from '../../../compiler/node.js';
import { size } from '../../../graph/shape.js';
import type { Node } from '../../../graph/tensor.js';
import { repeatedView } from '../../../ops/broadcast.js';
import { backwardsView } from '../../../ops/flip.js';
import { partView } from '../../../ops/slice.js';
import { reorderedView } from '../../../ops/transpose.js';
import type { View } from '../../../ops/view.js';
import { type Kernel, pointwise } from '../kernel.js';
import { inputsByName, statements } from './expression.js';
import type { Lowering } from './lowering.js';

/** Operators that merely view their input differently, where nothing reads them through the view. */
export const broadcast: Lowering<'broadcast'> = (node) =>
  viewCopy(node, repeatedView(node as unknown as Node<'broadcast'>));

export const flip: Lowering<'flip'> = (node) =>
  viewCopy(node, backwardsView(node as unknown as Node<'flip'>));

export const slice: Lowering<'slice'> = (node) => viewCopy(node, partView(node as unknown as Node<'slice'>));

export const transpose: Lowering<'transpose'> = (node) =>
  viewCopy(node, reorderedView(node as unknown as Node<'transpose'>));

function viewCopy(node: CompiledNode, view: View): Kernel {
  const { text, result } = statements({ kind: 'input', input: 0, view }, node.shape, 'i');
  return pointwise(node.op, node, {
    reads: inputsByName(node.inputs),
    writes: { y: node },
    body: `${text}\n  y[i] = ${result};`,
  });
}

export const concat: Lowering<'concat'> = (node) => {
  const [a, b] = node.inputs as [CompiledNode, CompiledNode];
  const { axis } = node.attributes;
  const inner = size(node.shape.slice(axis + 1));
  const [whole, ofA, ofB] = [node, a, b].map(({ shape }) => shape[axis]! * inner) as [number, number, number];
  return pointwise('concat', node, {
    reads: { a, b },
    writes: { y: node },
    body: `  let outer = i / ${whole}u;
  let at = i % ${whole}u;
  if (at < ${ofA}u) {
    y[i] = a[outer * ${ofA}u + at];
  } else {
    y[i] = b[outer * ${ofB}u + at - ${ofA}u];
  }`,
  });
};
