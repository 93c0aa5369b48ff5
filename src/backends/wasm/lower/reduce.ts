import { size } from '../../../graph/shape.js';
import type { Node } from '../../../graph/tensor.js';
import { splitAtAxis } from '../../../ops/reduce.js';
import { ReduceKind } from '../layout.js';
import type { Lowering } from './lowering.js';
import { elementTiles } from './tiles.js';

export const reduce: Lowering<'reduce'> = (node) => {
  const { outer, length, inner } = splitAtAxis(node as unknown as Node<'reduce'>);
  return {
    opcode: 'reduce',
    tiles: inner === 1 ? outer : outer * elementTiles(inner),
    fields: { kind: ReduceKind[node.attributes.kind], outer, length, inner, x: node.inputs[0], y: node },
    writes: ['y'],
  };
};

export const partialSquares: Lowering<'partialSquares'> = (node) => ({
  opcode: 'sumOfSquares',
  tiles: node.shape[0]!,
  fields: { n: size(node.inputs[0]!.shape), x: node.inputs[0], y: node },
  writes: ['y'],
  local: ['y'],
});

/** Its inputs are the results of partialSquares; one thread adds them up in sequence. */
export const sumOfSquares: Lowering<'sumOfSquares'> = (node) =>
  node.inputs.map((x, i) => ({
    opcode: 'sumOfSquares',
    tiles: 1,
    fields: { n: x.shape[0]!, x, y: node, partial: 1, accumulate: Number(i > 0) },
    writes: ['y'],
    local: ['y'],
  }));
