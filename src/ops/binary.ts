import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { BinaryKind } from '../graph/names.js';
import { type Shape, sameShape } from '../graph/shape.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import { broadcastTo } from './broadcast.js';
import type { Case, Operator } from './operator.js';

const functions: Record<BinaryKind, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  mask: (a, b) => (b > 0 ? a : 0),
};

const kinds = Object.keys(functions) as BinaryKind[];

const binaryRule: ShapeRule<'binary'> = {
  name: 'binary',
  infer: ([a, b], { kind }) => {
    demand(
      a!.dtype === 'f32' && b!.dtype === 'f32' && sameShape(a!.shape, b!.shape),
      () =>
        `${kind}: both inputs must be f32 of one shape, not ${a!.dtype} [${a!.shape}] and ${b!.dtype} [${b!.shape}]`,
    );
    return { shape: a!.shape, dtype: 'f32' };
  },
};

export const binaryOp: Operator<'binary'> = {
  rule: binaryRule,
  reference: ([a, b], { attributes: { kind } }) => a!.map((x, i) => functions[kind](x, b![i]!)),
  cases: () =>
    kinds.flatMap((kind): Case<'binary'>[] =>
      [[1], [3], [17], [4, 33], [2, 3, 5]].map((shape) => ({
        inputs: [{ shape }, { shape, data: kind === 'divide' ? 'positive' : 'normal' }],
        attributes: { kind },
      })),
    ),
};

/** Elementwise a + b; shapes broadcast as in NumPy. */
export const add = (a: Tensor, b: Tensor): Tensor => broadcasting('add', a, b);
/** Elementwise a − b; shapes broadcast as in NumPy. */
export const subtract = (a: Tensor, b: Tensor): Tensor => broadcasting('subtract', a, b);
/** Elementwise a·b; shapes broadcast as in NumPy. */
export const multiply = (a: Tensor, b: Tensor): Tensor => broadcasting('multiply', a, b);
/** Elementwise a / b; shapes broadcast as in NumPy. */
export const divide = (a: Tensor, b: Tensor): Tensor => broadcasting('divide', a, b);
/** x where `by` is above 0, else 0; shapes broadcast as in NumPy. No gradient flows to `by`. */
export const mask = (x: Tensor, by: Tensor): Tensor => broadcasting('mask', x, by);
/** x². */
export const square = (x: Tensor): Tensor => multiply(x, x);

function broadcasting(kind: BinaryKind, a: Tensor, b: Tensor): Tensor {
  for (const x of [a, b]) checkTensor(x, kind);
  const shape = commonShape(kind, a.shape, b.shape);
  return apply(binaryRule, [broadcastTo(a, shape), broadcastTo(b, shape)], { kind });
}

function commonShape(kind: BinaryKind, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    demand(m === n || m === 1 || n === 1, () => `${kind}: shapes [${a}] and [${b}] don't broadcast`);
    return Math.max(m, n);
  });
}
