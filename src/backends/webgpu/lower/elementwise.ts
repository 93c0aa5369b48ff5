import { pointwise } from '../kernel.js';
import { functionsFor } from '../math.js';
import { inputName, statements } from './expression.js';
import type { Lowering } from './lowering.js';

/** One dispatch for all of an expression, an invocation an element. */
export const elementwise: Lowering<'elementwise'> = (node) => {
  const { text, result } = statements(node.attributes.expression, node.shape, 'i');
  return pointwise('elementwise', node, {
    reads: Object.fromEntries(node.inputs.map((input, i) => [inputName(i), input])),
    writes: { y: node },
    globals: functionsFor(text),
    body: `${text}\n  y[i] = ${result};`,
  });
};
