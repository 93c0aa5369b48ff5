import { size } from '../../../graph/shape.js';
import { LANES, pointwise } from '../kernel.js';
import { functionsFor } from '../math.js';
import { inputsByName, statements } from './expression.js';
import type { Lowering } from './lowering.js';

/** From so many workgroups on an invocation computes several elements: what it reads for one it needn't wait for. */
const MANY_GROUPS = 4096;
const EACH = 4;

/** One dispatch for all of an expression, an invocation an element or, of many, several. */
export const elementwise: Lowering<'elementwise'> = (node) => {
  const { text, result } = statements(node.attributes.expression, node.shape, 'i');
  return pointwise('elementwise', node, {
    reads: inputsByName(node.inputs),
    writes: { y: node },
    globals: functionsFor(text),
    each: size(node.shape) < MANY_GROUPS * LANES ? 1 : EACH,
    body: `${text}\n  y[i] = ${result};`,
  });
};
