import type { CompiledNode } from '../../../compiler/node.js';
import type { PoolAttributes } from '../../../graph/names.js';
import type { Shape } from '../../../graph/shape.js';
import type { Field } from '../instruction.js';
import { Limit } from '../layout.js';
import type { Lowering } from './lowering.js';

export const maxPool: Lowering<'maxPool'> = (node) => {
  const [x] = node.inputs as [CompiledNode];
  return {
    opcode: 'maxPool',
    tiles: rowsOf(node.shape),
    fields: { ...geometry(x.shape, node.shape, node.attributes), x, y: node },
    writes: ['y'],
  };
};

export const maxPoolGather: Lowering<'maxPoolGather'> = (node) => {
  const [x, v] = node.inputs as [CompiledNode, CompiledNode];
  return {
    opcode: 'maxPoolGather',
    tiles: rowsOf(node.shape),
    fields: { ...geometry(x.shape, node.shape, node.attributes), x, v, y: node },
    writes: ['y'],
  };
};

export const maxPoolScatter: Lowering<'maxPoolScatter'> = (node) => {
  const [x, v] = node.inputs as [CompiledNode, CompiledNode];
  const fields = geometry(x.shape, v.shape, node.attributes);
  return {
    opcode: 'maxPoolScatter',
    tiles: fields.halves ? rowsOf(v.shape) : x.shape[0]! * Math.ceil(x.shape[1]! / Limit.band),
    fields: { ...fields, x, v, y: node },
    writes: ['y'],
  };
};

export const averagePool: Lowering<'averagePool'> = (node) => {
  const [x] = node.inputs as [CompiledNode];
  return {
    opcode: 'averagePool',
    tiles: rowsOf(node.shape),
    fields: { ...geometry(x.shape, node.shape, node.attributes), x, y: node },
    writes: ['y'],
  };
};

export const averagePoolSpread: Lowering<'averagePoolSpread'> = (node) => {
  const [x] = node.inputs as [CompiledNode];
  return {
    opcode: 'averagePoolSpread',
    tiles: rowsOf(node.shape),
    fields: { ...geometry(node.shape, x.shape, node.attributes), x, y: node },
    writes: ['y'],
  };
};

/** Rows of all images [n, height, width, channels] together. */
function rowsOf(shape: Shape): number {
  return shape[0]! * shape[1]!;
}

function geometry(image: Shape, pooled: Shape, { kernel, stride, padding }: PoolAttributes) {
  const [, height, width, channels] = image as [number, number, number, number];
  const [, rows, columns] = pooled as [number, number, number, number];
  const [[kernelY, kernelX], [strideY, strideX], [top, left]] = [kernel, stride, padding];
  const isTwo = [kernelY, kernelX, strideY, strideX].every((n) => n === 2);
  return {
    ...{ height, width, channels, rows, columns, kernelY, kernelX, strideY, strideX, top, left },
    halves: Number(isTwo && padding.every((p) => p === 0)),
  } satisfies Record<string, Field>;
}
