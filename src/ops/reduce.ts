import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import { checkShape, normalAxis, type Shape, sameShape, size } from '../graph/shape.js';
import { checkTensor, type Node, type Tensor } from '../graph/tensor.js';
import { square, subtract } from './binary.js';
import type { Case, Operator } from './operator.js';
import { reshape } from './reshape.js';
import { scale } from './unary.js';

/** Sum or maximum over one axis, which disappears. Several axes are several nodes. */
const reduceRule: ShapeRule<'reduce'> = {
  name: 'reduce',
  infer: ([x], { kind, axis }) => {
    demand(x!.dtype === 'f32', () => `${kind}: the input must be f32, not ${x!.dtype}`);
    return { shape: x!.shape.filter((_, i) => i !== axis), dtype: 'f32' };
  },
};

export const reduceOp: Operator<'reduce'> = {
  rule: reduceRule,
  reference: ([x], node) => {
    const { outer, length, inner } = splitAtAxis(node);
    const isSum = node.attributes.kind === 'sum';
    const join = isSum ? (a: number, b: number) => a + b : Math.max;
    const y = new Float64Array(outer * inner);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let value = isSum ? 0 : -Infinity;
        for (let r = 0; r < length; r++) value = join(value, x![(o * length + r) * inner + i]!);
        y[o * inner + i] = value;
      }
    }
    return y;
  },
  cases: () =>
    (['sum', 'max'] as const).flatMap((kind): Case<'reduce'>[] => [
      { inputs: [{ shape: [1] }], attributes: { kind, axis: 0 } },
      { inputs: [{ shape: [17] }], attributes: { kind, axis: 0 } },
      { inputs: [{ shape: [3, 70] }], attributes: { kind, axis: 1 } },
      { inputs: [{ shape: [33, 19] }], attributes: { kind, axis: 0 } },
      { inputs: [{ shape: [3, 5, 7] }], attributes: { kind, axis: 1 } },
    ]),
};

/** Elements before, along and after the axis that is reduced. */
export function splitAtAxis(node: Node<'reduce'>): { outer: number; length: number; inner: number } {
  const { shape } = node.inputs[0]!;
  const { axis } = node.attributes;
  return { outer: size(shape.slice(0, axis)), length: shape[axis]!, inner: size(shape.slice(axis + 1)) };
}

/** Sum over one axis, which disappears. */
export function sum(x: Tensor, axis: number): Tensor {
  checkTensor(x, 'sum');
  return apply(reduceRule, [x], { kind: 'sum', axis: normalAxis(axis, x.shape.length, 'sum') });
}

/** Maximum over one axis, which disappears; its gradient is shared by equal maxima. */
export function max(x: Tensor, axis: number): Tensor {
  checkTensor(x, 'max');
  return apply(reduceRule, [x], { kind: 'max', axis: normalAxis(axis, x.shape.length, 'max') });
}

/** Mean over one axis, or over all elements (a scalar) without one. */
export function mean(x: Tensor, axis?: number): Tensor {
  checkTensor(x, 'mean');
  if (axis === undefined) return scale(sumTo(x, []), 1 / size(x.shape));
  return scale(sum(x, axis), 1 / x.shape[normalAxis(axis, x.shape.length, 'mean')]!);
}

/** Sums x down to a shape that broadcasts to x's: the gradient of a broadcast. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  checkTensor(x, 'sumTo');
  checkShape('sumTo', shape);
  if (sameShape(x.shape, shape)) return x;
  if (shape.length === 0) return sum(reshape(x, [size(x.shape)]), 0);
  const front = x.shape.length - shape.length;
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    if (axis < front || (shape[axis - front] === 1 && x.shape[axis] !== 1))
      return sumTo(reduceKeeping(x, axis, axis >= front), shape);
  }
  return reshape(x, shape);
}

/** Mean over all elements of (a − b)². */
export function meanSquaredError(a: Tensor, b: Tensor): Tensor {
  return mean(square(subtract(a, b)));
}

function reduceKeeping(x: Tensor, axis: number, keep: boolean): Tensor {
  const y = sum(x, axis);
  if (!keep) return y;
  return reshape(
    y,
    x.shape.map((n, i) => (i === axis ? 1 : n)),
  );
}
