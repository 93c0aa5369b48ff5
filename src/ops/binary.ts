import { BinaryKind } from '../runtime/layout.js';
import { apply } from './apply.js';
import { broadcastTo } from './broadcast.js';
import { type Case, elementTiles, type Operator } from './operator.js';
import { sumTo } from './reduce.js';
import { require, type Shape, sameShape, size, type Tensor } from './tensor.js';
import { scale } from './unary.js';

type Kind = keyof typeof BinaryKind;

/** A row for each: f(a, b), and the gradients given that of the output. */
const table: Record<
  Kind,
  {
    f: (a: number, b: number) => number;
    gradient: (a: Tensor, b: Tensor, up: Tensor) => (Tensor | undefined)[];
  }
> = {
  add: { f: (a, b) => a + b, gradient: (_a, _b, up) => [up, up] },
  sub: { f: (a, b) => a - b, gradient: (_a, _b, up) => [up, scale(up, -1)] },
  mul: { f: (a, b) => a * b, gradient: (a, b, up) => [mul(up, b), mul(up, a)] },
  div: { f: (a, b) => a / b, gradient: (a, b, up) => [div(up, b), scale(div(mul(up, a), mul(b, b)), -1)] },
  where: { f: (a, b) => (b > 0 ? a : 0), gradient: (_a, b, up) => [where(up, b), undefined] },
};

const kinds = Object.keys(table) as Kind[];

export const binary: Operator = {
  name: 'binary',
  infer: ([a, b]) => {
    require(a!.dtype === 'f32' &&
      b!.dtype === 'f32' &&
      sameShape(a!.shape, b!.shape), 'binary: both inputs must be f32 of one shape');
    return { shape: a!.shape, dtype: 'f32' };
  },
  gradient: (node, up) => table[node.attributes.kind as Kind].gradient(node.inputs[0]!, node.inputs[1]!, up),
  lower: (node) => {
    const n = size(node.shape);
    const [a, b] = node.inputs;
    const kind = BinaryKind[node.attributes.kind as Kind];
    return {
      opcode: 'binary',
      tiles: elementTiles(n),
      fields: { kind, n, a, b, c: node },
      writes: ['c'],
      local: ['a', 'b', 'c'],
    };
  },
  reference: ([a, b], node) => a!.map((x, i) => table[node.attributes.kind as Kind].f(x, b![i]!)),
  cases: kinds.flatMap((kind): Case[] =>
    [[1], [3], [17], [4, 33], [2, 3, 5]].map((shape) => ({
      inputs: [{ shape }, { shape, data: kind === 'div' ? 'positive' : 'normal' }],
      attributes: { kind },
    })),
  ),
};

/** Elementwise a + b; shapes broadcast as in NumPy. */
export const add = (a: Tensor, b: Tensor): Tensor => broadcasting('add', a, b);
/** Elementwise a − b; shapes broadcast as in NumPy. */
export const sub = (a: Tensor, b: Tensor): Tensor => broadcasting('sub', a, b);
/** Elementwise a·b; shapes broadcast as in NumPy. */
export const mul = (a: Tensor, b: Tensor): Tensor => broadcasting('mul', a, b);
/** Elementwise a / b; shapes broadcast as in NumPy. */
export const div = (a: Tensor, b: Tensor): Tensor => broadcasting('div', a, b);
/** a where b > 0, else 0. No gradient flows to b. */
export const where = (a: Tensor, b: Tensor): Tensor => broadcasting('where', a, b);
/** x². */
export const square = (x: Tensor): Tensor => mul(x, x);

function broadcasting(kind: Kind, a: Tensor, b: Tensor): Tensor {
  const shape = commonShape(kind, a.shape, b.shape);
  return apply(binary, [broadcastTo(a, shape), broadcastTo(b, shape)], { kind });
}

function commonShape(kind: Kind, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    require(m === n || m === 1 || n === 1, `${kind}: shapes [${a}] and [${b}] don't broadcast`);
    return Math.max(m, n);
  });
}

/** Mean over all elements of (a − b)². */
export function meanSquaredError(a: Tensor, b: Tensor): Tensor {
  const difference = square(sub(a, b));
  return scale(sumTo(difference, []), 1 / size(difference.shape));
}
