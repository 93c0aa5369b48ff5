import type { CompiledNode } from '../../../compiler/node.js';
import { type Shape, size } from '../../../graph/shape.js';
import type { Node } from '../../../graph/tensor.js';
import { repeatedView } from '../../../ops/broadcast.js';
import { placeView } from '../../../ops/concat.js';
import { backwardsView } from '../../../ops/flip.js';
import { partView } from '../../../ops/slice.js';
import { reorderedView } from '../../../ops/transpose.js';
import { denseView, type View } from '../../../ops/view.js';
import type { Instruction } from '../instruction.js';
import { Limit } from '../layout.js';
import type { Lowering } from './lowering.js';

/** Operators that merely view their input differently: strided copies. */
export const viewCopies: {
  broadcast: Lowering<'broadcast'>;
  flip: Lowering<'flip'>;
  slice: Lowering<'slice'>;
  transpose: Lowering<'transpose'>;
} = {
  broadcast: (node) => viewCopy(node, repeatedView(node as unknown as Node<'broadcast'>)),
  flip: (node) => viewCopy(node, backwardsView(node as unknown as Node<'flip'>)),
  slice: (node) => viewCopy(node, partView(node as unknown as Node<'slice'>)),
  transpose: (node) => viewCopy(node, reorderedView(node as unknown as Node<'transpose'>)),
};

export const concatCopies: Lowering<'concat'> = (node) =>
  node.inputs.flatMap((x, i) =>
    stridedCopies(x, denseView(x.shape), node, placeView(node as unknown as Node<'concat'>, i), x.shape),
  );

function viewCopy(node: CompiledNode, from: View): Instruction[] {
  return stridedCopies(node.inputs[0]!, from, node, denseView(node.shape), node.shape);
}

/**
 * The instructions that copy `shape` elements from a view of x to a view of y: one, unless more than six dimensions
 * remain separate.
 */
export function stridedCopies(
  x: CompiledNode,
  from: View,
  y: CompiledNode,
  to: View,
  shape: Shape,
): Instruction[] {
  const dims = merged(shape, from.strides, to.strides);
  return atMostSix({ dims, x: from.offset ?? 0, y: to.offset ?? 0 }).map((part) => instruction(x, y, part));
}

interface Dim {
  readonly n: number;
  readonly x: number;
  readonly y: number;
}

interface Part {
  readonly dims: readonly Dim[];
  /** Where it begins in x and in y. */
  readonly x: number;
  readonly y: number;
}

/** Merges adjacent dimensions that both sides walk as one; drops dimensions of one element. */
function merged(shape: Shape, x: readonly number[], y: readonly number[]): Dim[] {
  const dims: Dim[] = [];
  shape.forEach((n, i) => {
    if (n === 1) return;
    const dim = { n, x: x[i]!, y: y[i]! };
    const outer = dims.at(-1);
    if (outer && outer.x === dim.x * n && outer.y === dim.y * n)
      dims[dims.length - 1] = { n: outer.n * n, x: dim.x, y: dim.y };
    else dims.push(dim);
  });
  return dims;
}

const DIMENSIONS = 6;

/** One part for each place along the shortest dimensions, as many as are too many. */
function atMostSix(part: Part): Part[] {
  if (part.dims.length <= DIMENSIONS) return [part];
  const shortest = part.dims.reduce((a, b) => (b.n < a.n ? b : a));
  const dims = part.dims.filter((dim) => dim !== shortest);
  return Array.from({ length: shortest.n }, (_, i) =>
    atMostSix({ dims, x: part.x + i * shortest.x, y: part.y + i * shortest.y }),
  ).flat();
}

function instruction(x: CompiledNode, y: CompiledNode, part: Part): Instruction {
  const turned = turnedLast(part.dims);
  const dims = [...(turned ?? longLoops(part.dims))];
  while (dims.length < DIMENSIONS) dims.unshift({ n: 1, x: 0, y: 0 });
  const n = size(dims.map((dim) => dim.n));
  const [rows, columns] = [dims[4]!.n, dims[5]!.n];
  return {
    opcode: turned ? 'turn' : 'copy',
    tiles: turned ? (n / (rows * columns)) * Math.ceil(rows / Limit.elements) : Math.ceil(n / Limit.copied),
    fields: {
      x,
      y,
      offsetX: part.x,
      offsetY: part.y,
      ...Object.fromEntries(
        dims.flatMap((dim, i) => [
          [`d${i}`, dim.n],
          [`x${i}`, dim.x],
          [`y${i}`, dim.y],
        ]),
      ),
    },
    writes: ['y'],
  };
}

/**
 * The dimensions in an order that ends with the one along which elements of x lie side by side and the one along which
 * those of y do, if these differ and are worth blocks of 4 × 4.
 */
function turnedLast(dims: readonly Dim[]): Dim[] | undefined {
  const along = dims.find((dim) => dim.x === 1 && dim.y !== 1 && dim.n >= 4);
  const last = dims.at(-1);
  if (!along || !last || last.y !== 1 || last.x === 0 || last.n < 4) return undefined;
  return [...dims.filter((dim) => dim !== along && dim !== last), along, last];
}

/**
 * The dimensions in an order in which the last but one, the kernel's inner loop over lines, is no short one: otherwise
 * upsampling by 2 copies two lines a turn, at half the speed for 32 channels and an eighth for 4.
 */
function longLoops(dims: readonly Dim[]): readonly Dim[] {
  const SHORT = 8;
  const [loop, line] = [dims.at(-2), dims.at(-1)];
  if (!loop || loop.n >= SHORT) return dims;
  const long = dims
    .slice(0, -2)
    .reverse()
    .find(({ n }) => n >= SHORT);
  return long ? [...dims.filter((dim) => dim !== long && dim !== line), long, line!] : dims;
}
