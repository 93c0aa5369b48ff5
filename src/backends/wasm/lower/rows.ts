import type { Lowering } from './lowering.js';

export const softmax: Lowering<'softmax'> = (node) => {
  const [rows, columns] = node.shape as [number, number];
  const { temperature, log } = node.attributes;
  return {
    opcode: 'softmax',
    tiles: rows,
    fields: { rows, columns, x: node.inputs[0], y: node, temperature, log: Number(log) },
    writes: ['y'],
    local: ['x', 'y'],
    scratch: (columns + 1) * 16,
  };
};

export const oneHot: Lowering<'oneHot'> = (node) => {
  const [rows, columns] = node.shape as [number, number];
  return {
    opcode: 'oneHot',
    tiles: rows,
    fields: { rows, columns, labels: node.inputs[0], y: node },
    writes: ['y'],
    local: ['labels', 'y'],
  };
};
