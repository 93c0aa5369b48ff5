import { pointwise } from '../kernel.js';
import { functionsFor } from '../math.js';
import { inputsByName, statements } from './expression.js';
import type { Lowering } from './lowering.js';

/** One dispatch for all of an expression, an invocation an element. */
export const elementwise: Lowering<'elementwise'> = (node) => {
  const { text, result } = statements(node.attributes.expression, node.shape, 'i');
  return pointwise('elementwise', node, {
    reads: inputsByName(node.inputs),
    writes: { y: node },
    globals: functionsFor(text),
    body: `${text}\n  y[i] = ${result};`,
  });
};
