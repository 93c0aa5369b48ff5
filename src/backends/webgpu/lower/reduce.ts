import type { CompiledNode } from '../../../compiler/node.js';
import { size } from '../../../graph/shape.js';
import type { Node } from '../../../graph/tensor.js';
import { splitAtAxis } from '../../../ops/reduce.js';
import { type Kernel, kernel, LANES, line } from '../kernel.js';
import { functionsFor } from '../math.js';
import { reduction } from './columns.js';
import { inputsByName, statements } from './expression.js';
import { type Lowering, scratch } from './lowering.js';
import { tree } from './trees.js';

export const reduce: Lowering<'reduce'> = (node) => {
  const split = splitAtAxis(node as unknown as Node<'reduce'>);
  const { length, inner } = split;
  return reduction({
    name: node.attributes.kind,
    reads: { x: node.inputs[0]! },
    split,
    join: node.attributes.kind,
    type: 'f32',
    element: `return x[(outer * ${length}u + row) * ${inner}u + column];`,
    y: node,
  });
};

/** A reduction of what is computed on the way. */
export const reducedElementwise: Lowering<'reducedElementwise'> = (node) => {
  const { kind, axis, expression, shape } = node.attributes;
  const split = {
    outer: size(shape.slice(0, axis)),
    length: shape[axis]!,
    inner: size(shape.slice(axis + 1)),
  };
  const { text, result } = statements(expression, shape, 'at');
  return reduction({
    name: `${kind} of elementwise`,
    reads: inputsByName(node.inputs),
    split,
    join: kind,
    type: 'f32',
    globals: functionsFor(text),
    element: `let at = (outer * ${split.length}u + row) * ${split.inner}u + column;
${text}
  return ${result};`,
    y: node,
  });
};

/** Numbers that a workgroup squares and adds up. */
const CHUNK = 4096;
/** Inputs that one dispatch reads: with the partial sums as many buffers as any adapter binds. */
const INPUTS = 6;

/** Partial sums of all inputs' chunks side by side, then one tree over them. */
export const sumOfSquares: Lowering<'sumOfSquares'> = (node) => {
  const chunks = node.inputs.reduce((sum, x) => sum + chunksOf(x), 0);
  if (chunks === 1) return partialSquares(node.inputs, node, 0);
  const parts = scratch([chunks]);
  const kernels: Kernel[] = [];
  let first = 0;
  for (let i = 0; i < node.inputs.length; i += INPUTS) {
    const inputs = node.inputs.slice(i, i + INPUTS);
    kernels.push(partialSquares(inputs, parts, first));
    first += inputs.reduce((sum, x) => sum + chunksOf(x), 0);
  }
  return [...kernels, total(parts, node)];
};

function chunksOf(x: CompiledNode): number {
  return Math.ceil(size(x.shape) / CHUNK);
}

const sums = tree({ name: 'across', type: 'f32', join: 'sum', lanes: LANES, count: LANES, apart: 1 });

/** Sums of squares of some inputs' chunks, from `first` on in `y`. */
function partialSquares(inputs: readonly CompiledNode[], y: CompiledNode, first: number): Kernel {
  let chunks = 0;
  const branches = inputs.map((x, i) => {
    const from = chunks;
    chunks += chunksOf(x);
    return `if (chunk < ${chunks}u) {
    let begin = (chunk - ${from}u) * ${CHUNK}u;
    let end = min(begin + ${CHUNK}u, ${size(x.shape)}u);
    for (var i = begin + lane; i < end; i += ${LANES}u) { value += x${i}[i] * x${i}[i]; }
  }`;
  });
  const { workgroups, index } = line(chunks);
  return kernel({
    name: 'sumOfSquares',
    reads: Object.fromEntries(inputs.map((x, i) => [`x${i}`, x])),
    writes: { y },
    beside: true,
    globals: sums,
    body: `  let chunk = ${index};
  var value = 0.0f;
  ${branches.join(' else ')}
  value = across(lane, lane, value);
  if (lane == 0u && chunk < ${chunks}u) { y[${first}u + chunk] = value; }`,
    workgroups,
  });
}

function total(parts: CompiledNode, y: CompiledNode): Kernel {
  return kernel({
    name: 'sumOfSquares',
    reads: { parts },
    writes: { y },
    globals: sums,
    body: `  var value = 0.0f;
  for (var i = lane; i < ${parts.shape[0]}u; i += ${LANES}u) { value += parts[i]; }
  value = across(lane, lane, value);
  if (lane == 0u) { y[0] = value; }`,
    workgroups: [1, 1, 1],
  });
}
