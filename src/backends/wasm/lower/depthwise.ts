import type { CompiledNode } from '../../../compiler/node.js';
import type { WindowAttributes } from '../../../graph/names.js';
import { type Shape, size } from '../../../graph/shape.js';
import type { Instruction } from '../instruction.js';
import { Limit, ReduceKind } from '../layout.js';
import type { Lowering } from './lowering.js';

export const depthwise: Lowering<'depthwise'> = (node) => convolution(node, node.attributes, false);

export const depthwiseInput: Lowering<'depthwiseInput'> = (node) => convolution(node, node.attributes, true);

function convolution(node: CompiledNode, attributes: WindowAttributes, spread: boolean): Instruction {
  const [x, w] = node.inputs as [CompiledNode, CompiledNode];
  const [kernelY, kernelX] = w.shape as [number, number];
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [images, rows, columns] = node.shape as [number, number, number, number];
  return {
    opcode: 'depthwise',
    tiles: images * rows,
    fields: {
      ...{ height, width, channels, rows, columns, kernelY, kernelX, ...window(attributes) },
      ...{ spread: Number(spread), x, w, y: node },
    },
    writes: ['y'],
    // Lists of taps, by row and by column, and weights in another order, from a whole vector on.
    scratch: 4 * (1 + 2 * kernelY + columns * (1 + 2 * kernelX)) + 16 + 36 * channels,
  };
}

export const partialDepthwiseWeight: Lowering<'partialDepthwiseWeight'> = (node) => {
  const [x, v] = node.inputs as [CompiledNode, CompiledNode];
  const [kernelY, kernelX] = node.attributes.kernel;
  const [images, height, width, channels] = x.shape as [number, number, number, number];
  const [, rows, columns] = v.shape as [number, number, number, number];
  const sums = depthwiseSums(v.shape);
  return {
    opcode: 'depthwiseWeight',
    tiles: sums.count,
    fields: {
      ...{ images, height, width, channels, rows, columns, kernelY, kernelX, ...window(node.attributes) },
      ...{ rowsOfSum: sums.rows, x, v, w: node },
    },
    writes: ['w'],
    // Sums in another order, from a whole vector on.
    scratch: 16 + 4 * kernelY * kernelX * channels,
  };
};

/** Its input is the result of partialDepthwiseWeight, whose sums are added in sequence. */
export const depthwiseWeight: Lowering<'depthwiseWeight'> = (node) => {
  const [x] = node.inputs as [CompiledNode];
  const inner = size(node.shape);
  return {
    opcode: 'reduce',
    tiles: Math.ceil(inner / Limit.elements),
    fields: { kind: ReduceKind.sum, outer: 1, length: x.shape[0]!, inner, x, y: node },
    writes: ['y'],
  };
};

/** Into how many partial sums the weights' gradient divides, and how many rows of y's images each has. */
export function depthwiseSums(shape: Shape): { rows: number; count: number } {
  const [images, rows, columns] = shape as [number, number, number, number];
  const ofSum = Math.ceil(Limit.pixels / columns);
  return { rows: ofSum, count: Math.ceil((images * rows) / ofSum) };
}

function window({ stride, padding, dilation }: WindowAttributes) {
  return {
    ...{ strideY: stride[0], strideX: stride[1], dilationY: dilation[0], dilationX: dilation[1] },
    ...{ top: padding[0], left: padding[1] },
  };
}
