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
  const { images, height, width, channels, columns, filters, taps } = sizes;
  const together = parts > 0 ? 1 : Math.ceil(images / chunks);
  const rows = parts > 0 ? Math.ceil(sizes.rows / parts) : sizes.rows;
  const row = Limit.panelColumns * 4;
  const table = byRows ? taps * channels * 4 : taps * (8 + 8 * together * rows);
  const beside = filters % 4 === 0 ? 0 : (byRows ? 1 : taps) * Limit.fusedRows * row;
  const panel = byRows ? 0 : together * rows * columns * row;
  const at = (...sizes: number[]) => sizes.reduce((sum, bytes) => sum + Math.ceil(bytes / 64) * 64, 0);
  const reach = (rows - 1) * attributes.stride[0] + (attributes.kernel[0] - 1) * attributes.dilation[0] + 1;
  const floats = byRows
    ? planeFloats(sizes, attributes, rows)
    : together * Math.min(reach, height) * width * channels;
  const packed = byRows || (taps > 1 && floats <= PACKED) ? at(table, beside, panel) : 0;
  return {
    beside: at(table),
    panel: at(table, beside),
    packed,
    scratch: packed > 0 ? packed + floats * 4 + 64 : at(table, beside, panel),
  };
}

/** Floats of x that are packed, at most: those that are used in vain, as strides or dilations leave them out, count. */
const PACKED = 1 << 20;
