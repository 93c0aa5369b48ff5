import { size } from '../../../graph/shape.js';
import { dropThreshold } from '../../../ops/dropout.js';
import { STREAM_KINDS, type Stream } from '../../../random/streams.js';
import { RandomKind } from '../layout.js';
import type { Lowering } from './lowering.js';
import { elementTiles, RANDOM_SCRATCH } from './tiles.js';

export const random: Lowering<'random'> = (node) => {
  const n = size(node.shape);
  const { kind, stream, scale } = node.attributes;
  return {
    opcode: 'random',
    tiles: elementTiles(n),
    fields: { kind: RandomKind[kind], n, y: node, ...streamFields(stream), scale },
    writes: ['y'],
    scratch: RANDOM_SCRATCH,
  };
};

export const dropout: Lowering<'dropout'> = (node) => {
  const n = size(node.shape);
  const { rate, stream } = node.attributes;
  return {
    opcode: 'dropout',
    tiles: elementTiles(n),
    fields: {
      ...{ n, x: node.inputs[0], y: node, ...streamFields(stream) },
      threshold: dropThreshold(rate),
      scale: 1 / (1 - rate),
    },
    writes: ['y'],
    local: ['x', 'y'],
    scratch: RANDOM_SCRATCH,
  };
};

export const permutation: Lowering<'permutation'> = (node) => {
  const { n, capacity, stream } = node.attributes;
  return {
    opcode: 'permutation',
    tiles: 1,
    fields: { n, capacity, y: node, ...streamFields(stream) },
    writes: ['y'],
    scratch: RANDOM_SCRATCH,
  };
};

function streamFields({ kind, index }: Stream): { streamKind: number; streamIndex: number } {
  return { streamKind: STREAM_KINDS[kind], streamIndex: index };
}
