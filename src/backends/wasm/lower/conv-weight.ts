import type { CompiledNode } from '../../../compiler/node.js';
import type { AttributesOf } from '../../../graph/names.js';
import type { Instruction } from '../instruction.js';
import { Limit } from '../layout.js';
import { chunksOf, planeFloats, sizesOf, type WeightChunks, type WeightSizes } from '../weight-chunks.js';
import type { Lowering } from './lowering.js';

type Attributes = AttributesOf['conv2dWeight'];

export const conv2dWeight: Lowering<'conv2dWeight'> = (node) => convWeight(node, node.attributes, 1);

export const partialWeights: Lowering<'partialWeights'> = (node) =>
  convWeight(node, node.attributes, node.shape[0]!);

function convWeight(node: CompiledNode, attributes: Attributes, groups: number): Instruction {
  const { kernel, stride, padding, dilation } = attributes;
  const { taps, ...sizes } = sizesOf(node.inputs, attributes);
  const chunks = chunksOf({ taps, ...sizes }, attributes);
  const { scratch, ...places } = scratchOf({ taps, ...sizes }, chunks, attributes);
  const [x, dy] = node.inputs;
  return {
    opcode: 'convWeight',
    tiles: groups * taps * sizes.channels,
    fields: {
      ...{ x, dy, y: node, ...sizes, ...places },
      ...{ kernelY: kernel[0], kernelX: kernel[1], strideY: stride[0], strideX: stride[1] },
      ...{ top: padding[0], left: padding[1], dilationY: dilation[0], dilationX: dilation[1] },
      ...{ chunks: chunks.chunks, parts: chunks.parts, groups, byRows: Number(chunks.byRows) },
    },
    writes: ['y'],
    scratch,
  };
}

/** The scratch: a table of taps' runs or of rows' pointers, blocks beside the gradient, a panel of dy, x packed. */
function scratchOf(sizes: WeightSizes, { byRows, chunks, parts }: WeightChunks, attributes: Attributes) {
  const { images, height, channels, columns, filters, taps } = sizes;
  const { stride, kernel, dilation } = attributes;
  const together = parts > 0 ? 1 : Math.ceil(images / chunks);
  const rows = parts > 0 ? Math.ceil(sizes.rows / parts) : sizes.rows;
  const row = Limit.panelColumns * 4;
  const pitch = Math.ceil(sizes.width / stride[1]) * stride[1];
  const reach = (rows - 1) * stride[0] + (kernel[0] - 1) * dilation[0] + 1;
  const touched = Math.min(reach, height, kernel[0] * rows);
  const slots = Math.ceil(touched / stride[0]) * stride[0];
  const floats = byRows ? planeFloats(sizes, attributes, rows) : together * slots * pitch * channels;
  const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64;
  const beside = aligned(byRows ? taps * channels * 4 : taps * (8 + 8 * together * rows));
  const panel = beside + (filters % 4 === 0 ? 0 : (byRows ? 1 : taps) * Limit.fusedRows * row);
  const packed = panel + (byRows ? 0 : aligned(together * rows * columns * row));
  // What the last vector writes past its end.
  return { beside, panel, packed, scratch: packed + floats * 4 + 16 };
}
