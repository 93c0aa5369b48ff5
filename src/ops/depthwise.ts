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
  sizeOf,
  windowAttributes,
  windowedSize,
} from './window.js';

// A trio closed under differentiation, as that of conv2d.

/** y[n, i, j, c] = Σ x[n, i·stride + ky·dilation − padding, …, c]·w[ky, kx, c]. */
export const depthwiseRule: ShapeRule<'depthwise'> = {
  name: 'depthwise',
  infer: ([x, w], attributes) => {
    checkImages('depthwise', x!);
    const kernel = kernelOf('depthwise', w!, x!.shape[3]!);
    const made = windowedSize(sizeOf(x!.shape), { ...attributes, kernel }, 'depthwise');
    return { shape: [x!.shape[0]!, ...made, x!.shape[3]!], dtype: 'f32' };
  },
};

/** x's gradient from y's and w, for images of height and width `size`. */
export const depthwiseInputRule: ShapeRule<'depthwiseInput'> = {
  name: 'depthwiseInput',
  infer: ([y, w], attributes) => {
    checkImages('depthwiseInput', y!);
    const [n, , , channels] = y!.shape as [number, number, number, number];
    const kernel = kernelOf('depthwiseInput', w!, channels);
    const made = windowedSize(attributes.size, { ...attributes, kernel }, 'depthwiseInput');
    checkMade('depthwiseInput', y!, [n, ...made, channels]);
    return { shape: [n, ...attributes.size, channels], dtype: 'f32' };
  },
};

/** w's gradient from x and y's, for kernels of height and width `kernel`. */
export const depthwiseWeightRule: ShapeRule<'depthwiseWeight'> = {
  name: 'depthwiseWeight',
  infer: ([x, y], attributes) => {
    checkImages('depthwiseWeight', x!);
    checkImages('depthwiseWeight', y!);
    const made = windowedSize(sizeOf(x!.shape), attributes, 'depthwiseWeight');
    checkMade('depthwiseWeight', y!, [x!.shape[0]!, ...made, x!.shape[3]!]);
    return { shape: [...attributes.kernel, x!.shape[3]!], dtype: 'f32' };
  },
};

function kernelOf(op: string, w: Tensor, channels: number): Pair {
  demand(
    w.dtype === 'f32' && w.shape.length === 3 && w.shape[2] === channels,
    () => `${op}: weights must be f32 [height, width, ${channels}], not ${w.dtype} [${w.shape}]`,
  );
  return [w.shape[0]!, w.shape[1]!];
}

/** Visits all products of a depthwise convolution, given the shapes of x, w and y. */
function convolve(
  x: Shape,
  w: Shape,
  y: Shape,
  attributes: WindowAttributes,
  visit: (x: number, w: number, y: number) => void,
): void {
  const [n, height, width, channels] = x as [number, number, number, number];
  const made = sizeOf(y);
  const window = { ...attributes, kernel: [w[0]!, w[1]!] as Pair };
  for (let image = 0; image < n; image++)
    eachTap([height, width], made, window, (pixel, output, tap) => {
      const xi = (image * height * width + pixel) * channels;
      const yi = (image * made[0] * made[1] + output) * channels;
      for (let c = 0; c < channels; c++) visit(xi + c, tap * channels + c, yi + c);
    });
}

const geometries = (): Geometry[] =>
  (
    [
      [
        [1, 1, 1, 1],
        [1, 1],
      ],
      [[2, 1, 1, 5], [3, 3], { padding: 'same' }],
      [[2, 5, 5, 1], [3, 3], { padding: 'same' }],
      [[2, 7, 6, 17], [3, 3], { padding: 'same' }],
      [[1, 6, 6, 32], [3, 3], { padding: 'same' }],
      [[1, 9, 8, 16], [3, 3], { stride: 2, padding: 'same' }],
      [[2, 9, 9, 3], [5, 5], { padding: 'same' }],
      [[1, 8, 7, 6], [3, 2], { stride: [2, 1], padding: [1, 0, 2, 1], dilation: [1, 2] }],
      [[1, 9, 9, 20], [3, 3], { dilation: 2 }],
      [[1, 5, 5, 3], [2, 2], { stride: 3 }],
      [[2, 2, 1, 5], [3, 3], { stride: [3, 2], padding: 'same' }],
    ] as [Shape, Pair, DilatedOptions?][]
  ).map(([x, kernel, options = {}]) => {
    const attributes = windowAttributes(options, kernel, 'depthwise');
    const made = windowedSize(sizeOf(x), { ...attributes, kernel }, 'depthwise');
    return { x, w: [...kernel, x[3]!], y: [x[0]!, ...made, x[3]!], attributes };
  });

export const depthwiseOp: Operator<'depthwise'> = {
  rule: depthwiseRule,
  reference: (inputs, node) => outputOf(convolve, inputs, node),
  cases: () => outputCases(geometries()),
};

export const depthwiseInputOp: Operator<'depthwiseInput'> = {
  rule: depthwiseInputRule,
  reference: (inputs, node) => inputOf(convolve, inputs, node),
  cases: () => inputCases(geometries()),
};

export const depthwiseWeightOp: Operator<'depthwiseWeight'> = {
  rule: depthwiseWeightRule,
  reference: (inputs, node) => weightOf(convolve, inputs, node),
  cases: () => weightCases(geometries()),
};

/**
 * Convolution of each channel with its own kernel: x [n, height, width, channels], w [kernel height, kernel width,
 * channels] → [n, rows, columns, channels].
 * @throws DistillError 'bad-argument' for shapes that don't fit and a kernel larger than the padded image.
 */
export function depthwise(x: Tensor, w: Tensor, options: DilatedOptions = {}): Tensor {
  checkNames(options, 'depthwise', ['stride', 'padding', 'dilation']);
  checkTensor(w, 'depthwise');
  demand(
    w.shape.length === 3,
    () => `depthwise: weights must be [height, width, channels], not [${w.shape}]`,
  );
  return apply(depthwiseRule, [x, w], windowAttributes(options, [w.shape[0]!, w.shape[1]!], 'depthwise'));
}
