import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { Pair, PoolAttributes } from '../graph/names.js';
import { type Shape, size } from '../graph/shape.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import { poolAttributes, pooled } from './max-pool.js';
import type { Case, Operator } from './operator.js';
import { mean } from './reduce.js';
import { reshape } from './reshape.js';
import {
  checkImages,
  checkMade,
  eachTap,
  pairOf,
  sizeOf,
  type WindowOptions,
  windowedSize,
} from './window.js';

/** The mean of each window, channel by channel; padding counts as zeros. */
export const averagePoolRule: ShapeRule<'averagePool'> = {
  name: 'averagePool',
  infer: ([x], attributes) => ({ shape: pooled('averagePool', x!, attributes), dtype: 'f32' }),
};

/** Its gradient, for images of height and width `size`: each number is spread evenly over its window. */
export const averagePoolSpreadRule: ShapeRule<'averagePoolSpread'> = {
  name: 'averagePoolSpread',
  infer: ([y], attributes) => {
    checkImages('averagePoolSpread', y!);
    const [n, , , channels] = y!.shape as [number, number, number, number];
    const made = windowedSize(attributes.size, attributes, 'averagePoolSpread');
    checkMade('averagePoolSpread', y!, [n, ...made, channels]);
    return { shape: [n, ...attributes.size, channels], dtype: 'f32' };
  },
};

export const averagePoolOp: Operator<'averagePool'> = {
  rule: averagePoolRule,
  reference: ([x], node) => {
    const y = new Float64Array(size(node.shape));
    average(node.inputs[0]!.shape, node.shape, node.attributes, (xi, yi, share) => {
      y[yi]! += x![xi]! * share;
    });
    return y;
  },
  cases: () => geometries().map(({ x, attributes }) => ({ inputs: [{ shape: x }], attributes })),
};

export const averagePoolSpreadOp: Operator<'averagePoolSpread'> = {
  rule: averagePoolSpreadRule,
  reference: ([y], node) => {
    const x = new Float64Array(size(node.shape));
    average(node.shape, node.inputs[0]!.shape, node.attributes, (xi, yi, share) => {
      x[xi]! += y![yi]! * share;
    });
    return x;
  },
  cases: () =>
    geometries().map(
      ({ x, y, attributes }): Case<'averagePoolSpread'> => ({
        inputs: [{ shape: y }],
        attributes: { ...attributes, size: sizeOf(x) },
      }),
    ),
};

function average(
  x: Shape,
  y: Shape,
  attributes: PoolAttributes,
  visit: (x: number, y: number, share: number) => void,
): void {
  const [n, height, width, channels] = x as [number, number, number, number];
  const made = sizeOf(y);
  const share = 1 / size(attributes.kernel);
  for (let image = 0; image < n; image++)
    eachTap([height, width], made, attributes, (pixel, output) => {
      const xi = (image * height * width + pixel) * channels;
      const yi = (image * made[0] * made[1] + output) * channels;
      for (let c = 0; c < channels; c++) visit(xi + c, yi + c, share);
    });
}

const geometries = () =>
  (
    [
      [[1, 1, 1, 1], 1],
      [[2, 4, 4, 1], 2],
      [[2, 6, 8, 17], 2],
      [[2, 7, 5, 3], 2],
      [[2, 8, 8, 32], 4],
      [[1, 6, 6, 5], 3, { stride: 2, padding: 1 }],
      [[1, 5, 4, 33], [3, 2], { stride: [1, 3], padding: [1, 0, 0, 1] }],
    ] as [Shape, number | Pair, WindowOptions?][]
  ).map(([x, kernel, options = {}]) => {
    const attributes = poolAttributes(kernel, options, 'averagePool');
    const made = windowedSize(sizeOf(x), attributes, 'averagePool');
    return { x, y: [x[0]!, ...made, x[3]!], attributes };
  });

/**
 * The mean of each window, channel by channel: x [n, height, width, channels] → [n, rows, columns, channels]. Padding
 * counts as zeros.
 * @throws DistillError 'bad-argument' for a window that is larger than the padded image, and padding as large as it.
 */
export function averagePool(x: Tensor, kernel: number | Pair, options: WindowOptions = {}): Tensor {
  return apply(averagePoolRule, [x], poolAttributes(kernel, options, 'averagePool'));
}

/** The mean over all pixels, channel by channel: x [n, height, width, channels] → [n, channels]. */
export function globalAveragePool(x: Tensor): Tensor {
  checkTensor(x, 'globalAveragePool');
  checkImages('globalAveragePool', x);
  const [n, height, width, channels] = x.shape as [number, number, number, number];
  return mean(reshape(x, [n, height * width, channels]), 1);
}

/**
 * Averages down to `rows` × `columns`, whole divisors of the image's height and width.
 * @throws DistillError 'bad-argument' for sizes that don't divide.
 */
export function adaptiveAveragePool(x: Tensor, made: Pair): Tensor {
  checkTensor(x, 'adaptiveAveragePool');
  checkImages('adaptiveAveragePool', x);
  const [rows, columns] = pairOf(made, 'the size of adaptiveAveragePool');
  const [height, width] = sizeOf(x.shape);
  demand(
    rows >= 1 && columns >= 1 && height % rows === 0 && width % columns === 0,
    () => `adaptiveAveragePool: ${height} × ${width} can't be divided evenly into ${rows} × ${columns}`,
  );
  return averagePool(x, [height / rows, width / columns]);
}
