import { size } from '../../../graph/shape.js';
import { ChannelSumsKind } from '../layout.js';
import type { Lowering } from './lowering.js';
import { elementTiles } from './tiles.js';

export const channelSums: Lowering<'channelSums'> = (node) => {
  const [x, mean, up, a, b] = node.inputs;
  const { kind, chunks } = node.attributes;
  return {
    opcode: 'channelSums',
    tiles: chunks.count,
    fields: {
      kind: ChannelSumsKind[kind],
      n: size(x!.shape),
      channels: node.shape.at(-1),
      width: chunks.width,
      rows: chunks.rows,
      ...{ x, up, mean, a, b, y: node },
    },
    writes: ['y'],
    // Two sums and three constants.
    scratch: 5 * rowBytes(chunks.width),
  };
};

export const channelJoin: Lowering<'channelJoin'> = (node) => {
  const [x] = node.inputs;
  const { part, divisor } = node.attributes;
  const [, chunks, channels] = x!.shape as [number, number, number];
  return {
    opcode: 'channelJoin',
    tiles: elementTiles(channels),
    fields: { chunks, channels, first: part * chunks, divisor, x, y: node },
    writes: ['y'],
    local: ['y'],
  };
};

export const normGradient: Lowering<'normGradient'> = (node) => {
  const [x, up, slope, mean, toVariance, toMean, a, b] = node.inputs;
  const { width, rows, count } = node.attributes.chunks;
  return {
    opcode: 'normGradient',
    tiles: count,
    fields: {
      ...{ n: size(node.shape), channels: node.shape.at(-1), width, rows },
      ...{ x, up, slope, mean, toVariance, toMean, a, b, y: node },
    },
    writes: ['y'],
    scratch: 6 * rowBytes(width),
  };
};

/** Bytes of a row of whole vectors. */
function rowBytes(width: number): number {
  return 16 * Math.ceil(width / 4);
}
