import type { CompiledNode } from '../../../compiler/node.js';
import type { Pair, WindowAttributes } from '../../../graph/names.js';
import type { Epilogue } from '../../fusions/epilogue.js';
import type { Instruction } from '../instruction.js';
import { Limit } from '../layout.js';
import type { Lowering } from './lowering.js';
import { productOf } from './matmul.js';
import { axisWindow, backwardAxis, forwardAxis, type Geometry, geometryOf } from './pixel-classes.js';

const NO_EPILOGUE: Epilogue = { bias: false, relu: false, mask: false };

export const conv2d: Lowering<'conv2d'> = (node) => forward(node, node.attributes, NO_EPILOGUE);
export const fusedConv2d: Lowering<'fusedConv2d'> = (node) => forward(node, node.attributes, node.attributes);
export const conv2dInput: Lowering<'conv2dInput'> = (node) => backward(node, node.attributes, NO_EPILOGUE);
export const fusedConv2dInput: Lowering<'fusedConv2dInput'> = (node) =>
  backward(node, node.attributes, node.attributes);

function forward(node: CompiledNode, window: WindowAttributes, epilogue: Epilogue) {
  const [kh, kw, channels, filters] = node.inputs[1]!.shape as Sizes;
  if (isPlain([kh, kw], window)) return product(node, channels, filters, false, epilogue);
  const axis = (a: 0 | 1) =>
    forwardAxis(node.inputs[0]!.shape[a + 1]!, node.shape[a + 1]!, axisWindow(window, [kh, kw], a));
  return gathered(node, [axis(0), axis(1)], false, window, epilogue);
}

/** The gradient of the input: a convolution of the other gradient with flipped, transposed weights, phase by phase. */
function backward(node: CompiledNode, window: WindowAttributes, epilogue: Epilogue) {
  const [kh, kw, channels, filters] = node.inputs[1]!.shape as Sizes;
  if (isPlain([kh, kw], window)) return product(node, filters, channels, true, epilogue);
  const axis = (a: 0 | 1) =>
    backwardAxis(node.inputs[0]!.shape[a + 1]!, node.shape[a + 1]!, axisWindow(window, [kh, kw], a));
  return gathered(node, [axis(0), axis(1)], true, window, epilogue);
}

type Sizes = [number, number, number, number];

/** Whether every pixel of x is one of y: then images are rows of a product. */
function isPlain(kernel: Pair, { stride, padding }: WindowAttributes): boolean {
  return [...kernel, ...stride].every((n) => n === 1) && padding.every((n) => n === 0);
}

function product(node: CompiledNode, k: number, n: number, transposeB: boolean, epilogue: Epilogue) {
  const [images, height, width] = node.shape as Sizes;
  const sizes = { m: images * height * width, n, k };
  return productOf(node, sizes, { transposeA: false, transposeB, ...only(epilogue) });
}

function only({ bias, relu, mask }: Epilogue): Epilogue {
  return { bias, relu, mask };
}

/** Most pixels that a panel of weights passes over at a time: from 500 to 4000 all is alike. */
const CHUNK = 2000;
/** But where there are many small classes, as in the gradient of a valid 5 × 5: each fills up its last tile (+ 5 to 13 %). */
const CHUNK_BY_CLASS = 64;

function gathered(
  node: CompiledNode,
  [y, x]: [Parameters<typeof geometryOf>[0], Parameters<typeof geometryOf>[1]],
  transpose: boolean,
  window: WindowAttributes,
  { bias, relu, mask }: Epilogue,
): Instruction[] {
  const [from, w] = node.inputs as [CompiledNode, CompiledNode];
  const [, height, width, channels] = from.shape as Sizes;
  const [images, rows, columns, filters] = node.shape as Sizes;
  const geometry = geometryOf(y, x, width, channels);
  const taps = geometry.order.length;
  const depth = taps * channels;
  const weights = packedWeights(depth, filters);
  const chunk = Math.max(CHUNK, columns, CHUNK_BY_CLASS * geometry.classes);
  return [
    packing(w, weights, taps, transpose, geometry),
    {
      opcode: 'conv',
      tiles: images * rows,
      fields: {
        ...{ x: from, weights, y: node },
        bias: bias ? node.inputs[2] : undefined,
        mask: mask ? node.inputs.at(-1) : undefined,
        relu: Number(relu),
        ...{ height, width, channels, rows, columns, filters, depth },
        classes: geometry.classes,
        geometry: table(describe(window), geometry.words),
        chunk,
      },
      writes: ['y'],
      scratch: scratchBytes(chunk, geometry.classes),
    },
  ];
}

/** All of k for 8 columns after 8 columns, the last 4 or 8 wide. */
function packedWeights(depth: number, columns: number): CompiledNode {
  const shape = [depth * Math.ceil(columns / 4) * 4];
  return { op: 'packedWeights', inputs: [], attributes: {}, shape, dtype: 'f32' };
}

function packing(
  w: CompiledNode,
  y: CompiledNode,
  taps: number,
  transpose: boolean,
  { order }: Geometry,
): Instruction {
  const [, , channels, filters] = w.shape as Sizes;
  return {
    opcode: 'packWeights',
    tiles: taps * Math.ceil((transpose ? channels : filters) / Limit.panelColumns),
    fields: { w, y, taps, channels, filters, transpose: Number(transpose), order: table('order', order) },
    writes: ['y'],
  };
}

function describe({ stride, padding, dilation }: WindowAttributes): string {
  return `classes(stride ${stride}, padding ${padding}, dilation ${dilation})`;
}

/** A constant of whole numbers, with its name in a plan's text. */
function table(name: string, values: readonly number[]): CompiledNode {
  return { op: 'constant', inputs: [], attributes: { values }, shape: [values.length], dtype: 'i32', name };
}

/** Bytes of a chunk's list of classes, of their tables, filled up to whole tiles, and of one class's sums beside y. */
function scratchBytes(chunk: number, classes: number): number {
  const pixels = chunk + classes * (Limit.fusedRows - 1);
  return classes * 12 + 16 + pixels * 8 + 32 + (chunk + Limit.fusedRows) * Limit.panelColumns * 4;
}
