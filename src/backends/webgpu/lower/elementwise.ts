import { size } from '../../../graph/shape.js';
import { kernel, LANES, line, pointwise } from '../kernel.js';
import { functionsFor } from '../math.js';
import { inputsByName, statements } from './expression.js';
import type { Lowering } from './lowering.js';

/** From so many workgroups on an invocation computes several elements: what it reads for one it needn't wait for. */
const MANY_GROUPS = 4096;
const EACH = 4;

/** One dispatch for all of an expression, an invocation an element or, of many, several. */
export const elementwise: Lowering<'elementwise'> = (node) => {
  const { text, result } = statements(node.attributes.expression, node.shape, 'i');
  const parts = { reads: inputsByName(node.inputs), writes: { y: node }, globals: functionsFor(text) };
  const body = `${text}\n  y[i] = ${result};`;
  const elements = size(node.shape);
  if (elements < MANY_GROUPS * LANES) return pointwise('elementwise', node, { ...parts, body });
  const { workgroups, index } = line(Math.ceil(elements / (LANES * EACH)));
  return kernel({
    ...{ ...parts, name: 'elementwise', workgroups },
    body: `  let first = (${index}) * ${LANES * EACH}u + lane;
  for (var i = first; i < min(first + ${LANES * EACH}u, ${elements}u); i += ${LANES}u) {
${body}
  }`,
  });
};
