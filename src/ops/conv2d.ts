import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { Pair, WindowAttributes } from '../graph/names.js';
import type { Shape } from '../graph/shape.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import {
  type Geometry,
  inputCases,
  inputOf,
  outputCases,
  outputOf,
  weightCases,
  weightOf,
} from './convolution.js';
import type { Operator } from './operator.js';
import {
  checkImages,
  checkMade,
  type DilatedOptions,
  eachTap,
  pairOf,
  sizeOf,
  windowAttributes,
  windowedSize,
} from './window.js';

/*
 * Convolution is linear in images and in weights; each of these three operators computes one of y, x's gradient and w's
 * gradient from the other two, so the gradients of each are the others, to any order.
 */

/** y[n, i, j, f] = Σ x[n, i·stride + ky·dilation − padding, …, c]·w[ky, kx, c, f]. */
export const conv2dRule: ShapeRule<'conv2d'> = {
  name: 'conv2d',
  infer: ([x, w], attributes) => {
    checkImages('conv2d', x!);
    const [kh, kw, channels, filters] = checkWeights('conv2d', w!);
    demand(
      channels === x!.shape[3],
      () => `conv2d: the weights take ${channels} channels, but the images have ${x!.shape[3]}`,
    );
    const [rows, columns] = windowedSize(sizeOf(x!.shape), { ...attributes, kernel: [kh, kw] }, 'conv2d');
    return { shape: [x!.shape[0]!, rows, columns, filters], dtype: 'f32' };
  },
};

/** x's gradient from y's and w, for images of height and width `size`. */
export const conv2dInputRule: ShapeRule<'conv2dInput'> = {
  name: 'conv2dInput',
  infer: ([y, w], attributes) => {
    checkImages('conv2dInput', y!);
    const [kh, kw, channels, filters] = checkWeights('conv2dInput', w!);
    const made = windowedSize(attributes.size, { ...attributes, kernel: [kh, kw] }, 'conv2dInput');
    checkMade('conv2dInput', y!, [y!.shape[0]!, ...made, filters]);
    return { shape: [y!.shape[0]!, ...attributes.size, channels], dtype: 'f32' };
  },
};

/** w's gradient from x and y's, for kernels of height and width `kernel`. */
export const conv2dWeightRule: ShapeRule<'conv2dWeight'> = {
  name: 'conv2dWeight',
  infer: ([x, y], attributes) => {
    checkImages('conv2dWeight', x!);
    checkImages('conv2dWeight', y!);
    const made = windowedSize(sizeOf(x!.shape), attributes, 'conv2dWeight');
    checkMade('conv2dWeight', y!, [x!.shape[0]!, ...made, y!.shape[3]!]);
    return { shape: [...attributes.kernel, x!.shape[3]!, y!.shape[3]!], dtype: 'f32' };
  },
};

function checkWeights(op: string, w: Tensor): [number, number, number, number] {
  demand(
    w.dtype === 'f32' && w.shape.length === 4,
    () => `${op}: weights must be f32 [height, width, channels, filters], not ${w.dtype} [${w.shape}]`,
  );
  return [...w.shape] as [number, number, number, number];
}

/** Visits all products of a convolution, given the shapes of x, w and y. */
function convolve(
  x: Shape,
  w: Shape,
  y: Shape,
  attributes: WindowAttributes,
  visit: (x: number, w: number, y: number) => void,
): void {
  const [n, height, width, channels] = x as [number, number, number, number];
  const [, rows, columns, filters] = y as [number, number, number, number];
  const window = { ...attributes, kernel: [w[0]!, w[1]!] as Pair };
  for (let image = 0; image < n; image++)
    eachTap([height, width], [rows, columns], window, (pixel, output, tap) => {
      const xi = (image * height * width + pixel) * channels;
      const yi = (image * rows * columns + output) * filters;
      for (let c = 0; c < channels; c++)
        for (let f = 0; f < filters; f++) visit(xi + c, (tap * channels + c) * filters + f, yi + f);
    });
}

/** Odd sizes, 1 × 1 images and kernels, short runs, channels around the tile, strides, dilation, uneven padding. */
const geometries = (): Geometry[] =>
  (
    [
      [
        [1, 1, 1, 1],
        [1, 1, 1],
      ],
      [[2, 1, 1, 3], [3, 3, 5], { padding: 'same' }],
      [[2, 5, 5, 1], [3, 3, 8], { padding: 'same' }],
      [[3, 7, 6, 3], [3, 3, 4], { padding: 'same' }],
      [
        [2, 8, 8, 4],
        [5, 5, 12],
      ],
      [[1, 9, 9, 1], [5, 5, 17], { padding: 'same' }],
      [[2, 6, 7, 17], [3, 3, 3], { padding: 'same' }],
      [[2, 4, 4, 16], [3, 3, 16], { padding: 'same' }],
      [
        [1, 4, 5, 70],
        [3, 3, 13],
      ],
      [
        [3, 5, 4, 33],
        [1, 1, 19],
      ],
      [[2, 8, 8, 5], [3, 3, 9], { stride: 2, padding: 'same' }],
      [[2, 7, 9, 3], [3, 3, 8], { stride: 2 }],
      [[1, 9, 8, 6], [1, 1, 10], { stride: 2 }],
      [[2, 11, 11, 2], [5, 5, 4], { stride: 3, padding: 1 }],
      [[1, 9, 9, 4], [3, 3, 5], { dilation: 2, padding: 'same' }],
      [[1, 9, 7, 3], [3, 2, 5], { stride: [2, 1], padding: [1, 0, 2, 1], dilation: [1, 2] }],
      [[1, 6, 5, 2], [4, 4, 3], { padding: 'same' }],
      [[1, 5, 5, 2], [2, 2, 3], { stride: 3 }],
      [[2, 1, 1, 3], [3, 3, 4], { stride: 2, padding: 'same' }],
      [[1, 2, 3, 4], [3, 5, 5], { stride: [3, 4], padding: 'same' }],
      // Of one and two channels in groups of pixels: a backend may make several at a time.
      [
        [2, 9, 12, 1],
        [5, 5, 3],
      ],
      [[1, 6, 8, 1], [3, 3, 5], { padding: 'same' }],
      [[2, 7, 8, 1], [5, 5, 2], { stride: 2, padding: [2, 1, 2, 2] }],
      [[1, 5, 8, 1], [3, 6, 3], { stride: [1, 4], padding: [1, 3, 1, 3] }],
      [[2, 5, 6, 2], [3, 4, 3], { stride: [2, 1], padding: [1, 2, 1, 1], dilation: [2, 1] }],
      [[1, 4, 8, 2], [3, 3, 9], { stride: [1, 2], padding: 'same' }],
    ] as [Shape, [number, number, number], DilatedOptions?][]
  ).map(([x, [kh, kw, filters], options = {}]) => {
    const w = [kh, kw, x[3]!, filters];
    const attributes = windowAttributes(options, [kh, kw], 'conv2d');
    const made = windowedSize(sizeOf(x), { ...attributes, kernel: [kh, kw] }, 'conv2d');
    return { x, w, y: [x[0]!, ...made, filters], attributes };
  });

export const conv2dOp: Operator<'conv2d'> = {
  rule: conv2dRule,
  reference: (inputs, node) => outputOf(convolve, inputs, node),
  cases: () => outputCases(geometries()),
};

export const conv2dInputOp: Operator<'conv2dInput'> = {
  rule: conv2dInputRule,
  reference: (inputs, node) => inputOf(convolve, inputs, node),
  cases: () => inputCases(geometries()),
};

export const conv2dWeightOp: Operator<'conv2dWeight'> = {
  rule: conv2dWeightRule,
  reference: (inputs, node) => weightOf(convolve, inputs, node),
  cases: () => weightCases(geometries()),
};

/**
 * Cross-correlation of images with filters, as the field's "convolution" is: x [n, height, width, channels], w [kernel
 * height, kernel width, channels, filters] → [n, rows, columns, filters], rows = ⌊(height + padding −
 * dilation·(kernel − 1) − 1) / stride⌋ + 1.
 * @throws DistillError 'bad-argument' for shapes that don't fit and a kernel larger than the padded image.
 */
export function conv2d(x: Tensor, w: Tensor, options: DilatedOptions = {}): Tensor {
  return apply(conv2dRule, [x, w], checkedAttributes(w, options, 'conv2d', 'filters'));
}

export interface Conv2dTransposeOptions extends DilatedOptions {
  /** Rows and columns that are added at the bottom and right, each less than the stride (default 0). */
  outputPadding?: number | Pair;
}

/**
 * Transposed convolution: what conv2d's gradient does to its input. x [n, rows, columns, channels], w [kernel height,
 * kernel width, filters, channels] → [n, height, width, filters], height = (rows − 1)·stride − padding +
 * dilation·(kernel − 1) + 1 + outputPadding, as PyTorch's ConvTranspose2d.
 * @throws DistillError 'bad-argument' for shapes that don't fit.
 */
export function conv2dTranspose(x: Tensor, w: Tensor, options: Conv2dTransposeOptions = {}): Tensor {
  const attributes = checkedAttributes(w, options, 'conv2dTranspose', 'channels');
  checkTensor(x, 'conv2dTranspose');
  checkImages('conv2dTranspose', x);
  demand(
    w.shape[3] === x.shape[3],
    () => `conv2dTranspose: the weights take ${w.shape[3]} channels, but the images have ${x.shape[3]}`,
  );
  const { stride, padding, dilation } = attributes;
  const more = pairOf(options.outputPadding ?? 0, 'the output padding of conv2dTranspose', 0);
  const along = (axis: 0 | 1) =>
    (x.shape[axis + 1]! - 1) * stride[axis] -
    padding[axis] -
    padding[axis === 0 ? 2 : 3] +
    dilation[axis] * (w.shape[axis]! - 1) +
    1 +
    more[axis];
  const made: Pair = [along(0), along(1)];
  demand(
    made.every((n) => n >= 1) && more[0] < stride[0] && more[1] < stride[1],
    () =>
      `conv2dTranspose: ${x.shape[1]} × ${x.shape[2]} would become ${made.join(' × ')} with an output padding of ${more.join(', ')}: sizes are at least 1, and output padding is less than the stride`,
  );
  return apply(conv2dInputRule, [x, w], { ...attributes, size: made });
}

function checkedAttributes(w: Tensor, options: DilatedOptions, op: string, last: string): WindowAttributes {
  checkNames(options, op, ['stride', 'padding', 'dilation', ...(op === 'conv2d' ? [] : ['outputPadding'])]);
  checkTensor(w, op);
  demand(
    w.shape.length === 4,
    () =>
      `${op}: weights must be [height, width, ${last === 'filters' ? 'channels' : 'filters'}, ${last}], not [${w.shape}]`,
  );
  return windowAttributes(options, [w.shape[0]!, w.shape[1]!], op);
}
