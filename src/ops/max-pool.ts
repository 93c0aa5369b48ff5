import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { Pair, PoolAttributes } from '../graph/names.js';
import type { Shape } from '../graph/shape.js';
import type { Node, Tensor } from '../graph/tensor.js';
import type { Case, Operator } from './operator.js';
import {
  checkImages,
  checkMade,
  eachTap,
  paddingOf,
  pairOf,
  sizeOf,
  type WindowOptions,
  windowedSize,
} from './window.js';

/*
 * Of equal maxima in a window the first in row-major order counts. maxPoolScatter and maxPoolGather are linear in their
 * second input, and each is the other's gradient; where the maxima lie is found again from x, so no indices are kept.
 */

/** The greatest pixel of each window, channel by channel. */
export const maxPoolRule: ShapeRule<'maxPool'> = {
  name: 'maxPool',
  infer: ([x], attributes) => ({ shape: pooled('maxPool', x!, attributes), dtype: 'f32' }),
};

/** Inputs x and y's gradient: adds each number of it to the place in x where its window's maximum lies. */
export const maxPoolScatterRule: ShapeRule<'maxPoolScatter'> = {
  name: 'maxPoolScatter',
  infer: ([x, y], attributes) => {
    checkMade('maxPoolScatter', y!, pooled('maxPoolScatter', x!, attributes));
    return { shape: x!.shape, dtype: 'f32' };
  },
};

/** Inputs x and v of its shape: from each window v at the place where x is greatest. */
export const maxPoolGatherRule: ShapeRule<'maxPoolGather'> = {
  name: 'maxPoolGather',
  infer: ([x, v], attributes) => {
    checkMade('maxPoolGather', v!, x!.shape);
    return { shape: pooled('maxPoolGather', x!, attributes), dtype: 'f32' };
  },
};

/** The shape that pooling makes of images. */
export function pooled(op: string, x: Tensor, attributes: PoolAttributes): Shape {
  checkImages(op, x);
  const { kernel, padding } = attributes;
  // Otherwise a window could lie wholly outside the image.
  demand(
    padding.every((p, side) => p < kernel[side % 2]!),
    () => `${op}: the padding ${padding.join(', ')} must be less than the window of ${kernel.join(' × ')}`,
  );
  const [rows, columns] = windowedSize(sizeOf(x.shape), attributes, op);
  return [x.shape[0]!, rows, columns, x.shape[3]!];
}

export const maxPoolOp: Operator<'maxPool'> = {
  rule: maxPoolRule,
  reference: ([x], node) => placesOfMaxima(x!, node).map((place) => x![place]!),
  cases: () => geometries().map(({ x, attributes }) => ({ inputs: [{ shape: x }], attributes })),
};

export const maxPoolScatterOp: Operator<'maxPoolScatter'> = {
  rule: maxPoolScatterRule,
  reference: ([x, y], node) => {
    const result = new Float64Array(x!.length);
    placesOfMaxima(x!, node).forEach((place, i) => {
      result[place]! += y![i]!;
    });
    return result;
  },
  cases: () =>
    geometries().map(
      ({ x, y, attributes }): Case<'maxPoolScatter'> => ({
        inputs: [{ shape: x }, { shape: y }],
        attributes,
      }),
    ),
};

export const maxPoolGatherOp: Operator<'maxPoolGather'> = {
  rule: maxPoolGatherRule,
  reference: ([x, v], node) => placesOfMaxima(x!, node).map((place) => v![place]!),
  cases: () =>
    geometries().map(
      ({ x, attributes }): Case<'maxPoolGather'> => ({ inputs: [{ shape: x }, { shape: x }], attributes }),
    ),
};

/** For each output, the index in x of its window's first maximum; of a NaN if there is one. */
function placesOfMaxima(
  x: Float64Array,
  node: Node<'maxPool'> | Node<'maxPoolScatter'> | Node<'maxPoolGather'>,
): Float64Array {
  const shape = node.inputs[0]!.shape;
  const [n, height, width, channels] = shape as [number, number, number, number];
  const made = windowedSize([height, width], node.attributes, node.op);
  const outputs = made[0] * made[1];
  const places = new Float64Array(n * outputs * channels).fill(-1);
  for (let image = 0; image < n; image++)
    eachTap([height, width], made, node.attributes, (pixel, output) => {
      for (let c = 0; c < channels; c++) {
        const at = (image * height * width + pixel) * channels + c;
        const slot = (image * outputs + output) * channels + c;
        const best = places[slot]!;
        const isGreater = best < 0 || x[at]! > x[best]! || (Number.isNaN(x[at]!) && !Number.isNaN(x[best]!));
        if (isGreater) places[slot] = at;
      }
    });
  return places;
}

const geometries = () =>
  (
    [
      [[1, 1, 1, 1], 1],
      [[2, 4, 4, 1], 2],
      [[2, 6, 8, 17], 2],
      [[1, 5, 7, 3], 2],
      [[2, 4, 4, 32], 2],
      [[2, 7, 7, 4], 3, { stride: 2 }],
      [[1, 6, 6, 5], 3, { stride: 2, padding: 1 }],
      [[1, 5, 4, 33], [3, 2], { stride: [1, 3], padding: [1, 0, 0, 1] }],
      [[1, 9, 9, 2], 2, { stride: 4 }],
      [[1, 7, 7, 3], 7],
    ] as [Shape, number | Pair, WindowOptions?][]
  ).map(([x, kernel, options = {}]) => {
    const attributes = poolAttributes(kernel, options, 'maxPool');
    const made = windowedSize(sizeOf(x), attributes, 'maxPool');
    return { x, y: [x[0]!, ...made, x[3]!], attributes };
  });

/**
 * The greatest number of each window, channel by channel: x [n, height, width, channels] → [n, rows, columns, channels].
 * Of equal ones the first in row-major order receives the gradient. Padding is never the greatest.
 * @throws DistillError 'bad-argument' for a window that is larger than the padded image, and padding as large as it.
 */
export function maxPool(x: Tensor, kernel: number | Pair, options: WindowOptions = {}): Tensor {
  return apply(maxPoolRule, [x], poolAttributes(kernel, options, 'maxPool'));
}

/** @throws DistillError 'bad-argument'; the stride is by default the kernel. */
export function poolAttributes(kernel: number | Pair, options: WindowOptions, op: string): PoolAttributes {
  checkNames(options, op, ['stride', 'padding']);
  const window = pairOf(kernel, `the window of ${op}`);
  return {
    kernel: window,
    stride: options.stride === undefined ? window : pairOf(options.stride, `the stride of ${op}`),
    padding: paddingOf(options.padding ?? 0, window, [1, 1], op),
  };
}
