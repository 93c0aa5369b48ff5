import { UnaryKind } from '../runtime/layout.js';
import { apply } from './apply.js';
import { div, mul, where } from './binary.js';
import { type Case, elementTiles, type Operator } from './operator.js';
import { fill, require, size, type Tensor } from './tensor.js';

type Kind = keyof typeof UnaryKind;

/** A row for each: y = f(x) (v is the constant of scale and shift), and the gradient given x, y and that of y. */
const table: Record<
  Kind,
  {
    f: (x: number, v: number) => number;
    gradient: (x: Tensor, y: Tensor, up: Tensor, v: number) => Tensor | undefined;
  }
> = {
  scale: { f: (x, v) => x * v, gradient: (_x, _y, up, v) => scale(up, v) },
  shift: { f: (x, v) => x + v, gradient: (_x, _y, up) => up },
  relu: { f: (x) => Math.max(x, 0), gradient: (_x, y, up) => where(up, y) },
  exp: { f: Math.exp, gradient: (_x, y, up) => mul(up, y) },
  log: { f: Math.log, gradient: (x, _y, up) => div(up, x) },
  sqrt: { f: Math.sqrt, gradient: (_x, y, up) => scale(div(up, y), 0.5) },
  abs: { f: Math.abs, gradient: (x, _y, up) => mul(up, unaryNode('sign', x)) },
  sign: { f: Math.sign, gradient: () => undefined },
};

const kinds = Object.keys(table) as Kind[];

export const unary: Operator = {
  name: 'unary',
  infer: ([x]) => {
    require(x!.dtype === 'f32', 'unary: the input must be f32');
    return { shape: x!.shape, dtype: 'f32' };
  },
  gradient: (node, up) => [
    table[node.attributes.kind as Kind].gradient(node.inputs[0]!, node, up, node.attributes.value as number),
  ],
  lower: (node) => {
    const n = size(node.shape);
    const { kind, value } = node.attributes as { kind: Kind; value: number };
    return {
      opcode: 'unary',
      tiles: elementTiles(n),
      fields: { kind: UnaryKind[kind], n, x: node.inputs[0], y: node, value },
      writes: ['y'],
      local: ['x', 'y'],
    };
  },
  reference: ([x], node) => {
    const { kind, value } = node.attributes as { kind: Kind; value: number };
    return x!.map((v) => table[kind].f(v, value));
  },
  cases: kinds.flatMap((kind): Case[] =>
    [[1], [3], [17], [5, 33]].map((shape) => ({
      inputs: [{ shape, data: kind === 'log' || kind === 'sqrt' ? 'positive' : 'normal' }],
      attributes: { kind, value: 0.75 },
    })),
  ),
};

function unaryNode(kind: Kind, x: Tensor, value = 0): Tensor {
  return apply(unary, [x], { kind, value: Math.fround(value) });
}

/** x·factor. A constant is folded at once. */
export function scale(x: Tensor, factor: number): Tensor {
  if (x.op === 'fill') return fill((x.attributes.value as number) * factor, x.shape);
  return factor === 1 ? x : unaryNode('scale', x, factor);
}
/** x + amount. */
export const shift = (x: Tensor, amount: number): Tensor => unaryNode('shift', x, amount);
/** max(x, 0); NaN stays NaN. */
export const relu = (x: Tensor): Tensor => unaryNode('relu', x);
/** eˣ, within 1 ulp. */
export const exp = (x: Tensor): Tensor => unaryNode('exp', x);
/** Natural logarithm, within 1 ulp. */
export const log = (x: Tensor): Tensor => unaryNode('log', x);
export const sqrt = (x: Tensor): Tensor => unaryNode('sqrt', x);
/** |x|; its gradient at 0 is 0. */
export const abs = (x: Tensor): Tensor => unaryNode('abs', x);
