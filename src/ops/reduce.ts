import { ReduceKind } from '../runtime/layout.js';
import { apply } from './apply.js';
import { binary, div, mul } from './binary.js';
import { broadcastTo } from './broadcast.js';
import { type Case, elementTiles, type Operator } from './operator.js';
import { reshapeTo } from './reshape.js';
import { normalAxis, require, type Shape, sameShape, size, type Tensor } from './tensor.js';
import { scale, unary } from './unary.js';

type Kind = keyof typeof ReduceKind;

/** Sum or maximum over one axis, which disappears. Several axes are several nodes. */
export const reduce: Operator = {
  name: 'reduce',
  infer: ([x], attributes) => {
    require(x!.dtype === 'f32', 'reduce: the input must be f32');
    const axis = attributes.axis as number;
    return { shape: x!.shape.filter((_, i) => i !== axis), dtype: 'f32' };
  },
  gradient: (node, up) => {
    const [x] = node.inputs;
    const axis = node.attributes.axis as number;
    const kept = x!.shape.map((n, i) => (i === axis ? 1 : n));
    const spread = (t: Tensor) => broadcastTo(reshapeTo(t, kept), x!.shape);
    if (node.attributes.kind === 'sum') return [spread(up)];
    // Equal maxima share the gradient.
    const ties = equal(x!, spread(node));
    return [mul(spread(div(up, sum(ties, axis))), ties)];
  },
  lower: (node) => {
    const { outer, length, inner } = split(node);
    const tiles = inner === 1 ? outer : outer * elementTiles(inner);
    const kind = ReduceKind[node.attributes.kind as Kind];
    return {
      opcode: 'reduce',
      tiles,
      fields: { kind, outer, length, inner, x: node.inputs[0], y: node },
      writes: ['y'],
    };
  },
  reference: ([x], node) => {
    const { outer, length, inner } = split(node);
    const join = node.attributes.kind === 'sum' ? (a: number, b: number) => a + b : Math.max;
    const y = new Float64Array(outer * inner);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let value = node.attributes.kind === 'sum' ? 0 : -Infinity;
        for (let r = 0; r < length; r++) value = join(value, x![(o * length + r) * inner + i]!);
        y[o * inner + i] = value;
      }
    }
    return y;
  },
  cases: (['sum', 'max'] as const).flatMap((kind): Case[] => [
    { inputs: [{ shape: [1] }], attributes: { kind, axis: 0 } },
    { inputs: [{ shape: [17] }], attributes: { kind, axis: 0 } },
    { inputs: [{ shape: [3, 70] }], attributes: { kind, axis: 1 } },
    { inputs: [{ shape: [33, 19] }], attributes: { kind, axis: 0 } },
    { inputs: [{ shape: [3, 5, 7] }], attributes: { kind, axis: 1 } },
  ]),
};

function split(node: Tensor): { outer: number; length: number; inner: number } {
  const shape = node.inputs[0]!.shape;
  const axis = node.attributes.axis as number;
  return { outer: size(shape.slice(0, axis)), length: shape[axis]!, inner: size(shape.slice(axis + 1)) };
}

/** 1 where a = b, else 0, for a ≤ b. */
function equal(a: Tensor, b: Tensor): Tensor {
  return apply(unary, [apply(unary, [apply(binary, [a, b], { kind: 'sub' })], { kind: 'sign', value: 0 })], {
    kind: 'shift',
    value: 1,
  });
}

/** Sum over one axis, which disappears. */
export function sum(x: Tensor, axis: number): Tensor {
  return apply(reduce, [x], { kind: 'sum', axis: normalAxis(axis, x.shape.length, 'sum') });
}

/** Maximum over one axis, which disappears; its gradient is shared by equal maxima. */
export function max(x: Tensor, axis: number): Tensor {
  return apply(reduce, [x], { kind: 'max', axis: normalAxis(axis, x.shape.length, 'max') });
}

/** Mean over one axis, or over all elements (a scalar) without one. */
export function mean(x: Tensor, axis?: number): Tensor {
  if (axis === undefined) return scale(sumTo(x, []), 1 / size(x.shape));
  return scale(sum(x, axis), 1 / x.shape[normalAxis(axis, x.shape.length, 'mean')]!);
}

/** Sums x down to a shape that broadcasts to x's: the gradient of a broadcast. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (shape.length === 0) return sum(reshapeTo(x, [size(x.shape)]), 0);
  const front = x.shape.length - shape.length;
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    if (axis < front || (shape[axis - front] === 1 && x.shape[axis] !== 1))
      return sumTo(reduceKeeping(x, axis, axis >= front), shape);
  }
  return reshapeTo(x, shape);
}

function reduceKeeping(x: Tensor, axis: number, keep: boolean): Tensor {
  const y = sum(x, axis);
  return keep
    ? reshapeTo(
        y,
        x.shape.map((n, i) => (i === axis ? 1 : n)),
      )
    : y;
}
