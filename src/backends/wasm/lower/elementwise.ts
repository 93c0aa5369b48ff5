import { size } from '../../../graph/shape.js';
import { BinaryKind, UnaryKind } from '../layout.js';
import type { Lowering } from './lowering.js';
import { elementTiles } from './tiles.js';

export const unary: Lowering<'unary'> = (node) => {
  const n = size(node.shape);
  const { kind, value } = node.attributes;
  return {
    opcode: 'unary',
    tiles: elementTiles(n),
    fields: { kind: UnaryKind[kind], n, x: node.inputs[0], y: node, value },
    writes: ['y'],
    local: ['x', 'y'],
  };
};

export const binary: Lowering<'binary'> = (node) => {
  const n = size(node.shape);
  const [a, b] = node.inputs;
  return {
    opcode: 'binary',
    tiles: elementTiles(n),
    fields: { kind: BinaryKind[node.attributes.kind], n, a, b, c: node },
    writes: ['c'],
    local: ['a', 'b', 'c'],
  };
};
