import type { CompiledNode } from '../../../compiler/node.js';
import { size } from '../../../graph/shape.js';
import type { Instruction } from '../instruction.js';
import { Limit, ReduceKind } from '../layout.js';
import type { Lowering } from './lowering.js';
import { elementTiles } from './tiles.js';

export const angleLoss: Lowering<'angleLoss'> = (node) => pass(node, { loss: node });

export const angleLossGradient: Lowering<'angleLossGradient'> = (node) => withGradient(node, undefined, node);

export const angleLossAndGradient: Lowering<'angleLossAndGradient'> = (node, [loss, gradient]) =>
  gradient ? withGradient(node, loss, gradient) : pass(node, { loss });

/** Every sample moves the products of all others: each tile sums up those of its own, then the tiles are added. */
function withGradient(
  node: CompiledNode,
  loss: CompiledNode | undefined,
  gradient: CompiledNode,
): readonly Instruction[] {
  const n = node.inputs[0]!.shape[0]!;
  const tiles = Math.ceil(n / rowsOfTile(n));
  const partial: CompiledNode = {
    op: 'angleTiles',
    inputs: [],
    attributes: {},
    shape: [tiles, n, n],
    dtype: 'f32',
  };
  return [
    pass(node, { loss, partial, gradient, upstream: node.inputs.at(-1)! }),
    {
      opcode: 'reduce',
      tiles: elementTiles(size([n, n])),
      fields: { kind: ReduceKind.sum, outer: 1, length: tiles, inner: n * n, x: partial, y: gradient },
      writes: ['y'],
    },
  ];
}

/** The samples of a tile: as few as give `angleTiles` of them. */
function rowsOfTile(n: number): number {
  return Math.ceil(n / Limit.angleTiles);
}

function pass(
  { inputs }: CompiledNode,
  outputs: Readonly<Record<string, CompiledNode | undefined>>,
): Instruction {
  const [products, offsets, scales, teacherProducts, teacherOffsets, teacherScales] = inputs;
  const n = products!.shape[0]!;
  const rows = rowsOfTile(n);
  return {
    opcode: 'angleLoss',
    tiles: Math.ceil(n / rows),
    fields: {
      ...{ n, rows, products, offsets, scales, teacherProducts, teacherOffsets, teacherScales },
      ...outputs,
    },
    writes: ['loss', 'partial', 'gradient'],
  };
}
