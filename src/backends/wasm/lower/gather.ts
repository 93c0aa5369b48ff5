import type { CompiledNode } from '../../../compiler/node.js';
import type { AttributesOf } from '../../../graph/names.js';
import { bytesOf, size } from '../../../graph/shape.js';
import { missingRow } from '../../../ops/gather.js';
import { STREAM_KINDS } from '../../../random/streams.js';
import type { Instruction } from '../instruction.js';
import type { Lowering } from './lowering.js';
import { RANDOM_SCRATCH } from './tiles.js';

export const gather: Lowering<'gather'> = (node) => {
  const [x, index] = node.inputs;
  const rows = node.shape[0]!;
  const columns = size(node.shape.slice(1));
  return {
    opcode: 'gather',
    tiles: rows,
    fields: { rows, columns, x, index, y: node, missing: missingRow(node) },
    writes: ['y'],
    local: ['index', 'y'],
  };
};

export const gatherImages: Lowering<'gatherImages'> = (node) => images(node, node.attributes, 1);

export const scaledImages: Lowering<'scaledImages'> = (node) =>
  images(node, node.attributes, node.attributes.scale);

function images(node: CompiledNode, view: AttributesOf['gatherImages'], scale: number): Instruction {
  const [x, index] = node.inputs;
  const [rows, height, width, channels] = node.shape as [number, number, number, number];
  return {
    opcode: 'gatherImages',
    tiles: rows,
    fields: { rows, height, width, channels, x, index, y: node, scale, ...viewFields(view) },
    writes: ['y'],
    local: ['index', 'y'],
    scratch: RANDOM_SCRATCH,
  };
}

export const viewIndex: Lowering<'viewIndex'> = (node) => ({
  opcode: 'viewIndex',
  tiles: node.shape[0]!,
  fields: { rows: node.shape[0]!, index: node.inputs[0], y: node, ...viewFields(node.attributes) },
  writes: ['y'],
  local: ['index', 'y'],
  scratch: RANDOM_SCRATCH,
});

function viewFields({ shift, mirror }: AttributesOf['viewIndex']): Record<string, number> {
  return {
    ...(shift && {
      pixels: shift.pixels,
      shiftKind: STREAM_KINDS[shift.stream.kind],
      shiftIndex: shift.stream.index,
    }),
    ...(mirror && { mirror: 1, mirrorKind: STREAM_KINDS[mirror.kind], mirrorIndex: mirror.index }),
  };
}

export const stepRead: Lowering<'stepRead'> = (node) => ({
  opcode: 'stepRead',
  tiles: 1,
  fields: { x: node.inputs[0], y: node, bytes: bytesOf(node), steps: node.inputs[0]!.shape[0]! },
  writes: ['y'],
});
