import { shown } from '../checks.js';
import { demand } from '../errors.js';
import type { Padding, Pair, WindowAttributes } from '../graph/names.js';
import { type Shape, sameShape } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';

/** A window of kernel sizes, moving over images by strides, its taps `dilation` pixels apart. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation?: Pair;
}

/** How a window moves, as users say it: one number for both directions, or [along y, along x]. */
export interface WindowOptions {
  /** Pixels from one window to the next (default 1). */
  stride?: number | Pair;
  /**
   * Pixels of zeros around the image: a number for all sides, [top, left, bottom, right], or 'same' (as many as keep
   * the size at stride 1) (default 0).
   */
  padding?: number | Padding | 'same';
}

export interface DilatedOptions extends WindowOptions {
  /** Pixels from one tap of the kernel to the next (default 1). */
  dilation?: number | Pair;
}

/** @throws DistillError 'bad-argument' for options that aren't what they should be; `op` is for messages. */
export function windowAttributes(
  { stride = 1, padding = 0, dilation = 1 }: DilatedOptions,
  kernel: Pair,
  op: string,
): WindowAttributes {
  const apart = pairOf(dilation, `the dilation of ${op}`);
  return {
    stride: pairOf(stride, `the stride of ${op}`),
    padding: paddingOf(padding, kernel, apart, op),
    dilation: apart,
  };
}

/** Refuses a y of another shape than what the window makes. */
export function checkMade(op: string, y: Tensor, shape: Shape): void {
  demand(sameShape(y.shape, shape), () => `${op}: the window makes [${shape}], not [${y.shape}]`);
}

/** How many pixels a window spans. */
function extent({ kernel, dilation = [1, 1] }: Window, axis: 0 | 1): number {
  return dilation[axis] * (kernel[axis] - 1) + 1;
}

/**
 * Height and width of what a window makes of an image.
 * @throws DistillError 'bad-argument' if the window is larger than the padded image.
 */
export function windowedSize([height, width]: Pair, window: Window, op: string): Pair {
  const { stride, padding, kernel } = window;
  const along = (axis: 0 | 1, size: number) => {
    const padded = size + padding[axis] + padding[axis === 0 ? 2 : 3];
    demand(
      extent(window, axis) <= padded,
      () =>
        `${op}: a window of ${kernel.join(' × ')}${window.dilation && (window.dilation[0] > 1 || window.dilation[1] > 1) ? `, dilated to ${extent(window, 0)} × ${extent(window, 1)},` : ''} is larger than the image of ${height} × ${width}${padding.some((p) => p > 0) ? `, padded by ${padding.join(', ')}` : ''}`,
    );
    return Math.floor((padded - extent(window, axis)) / stride[axis]) + 1;
  };
  return [along(0, height), along(1, width)];
}

/** One pair of a pixel and the tap that lies on it, for a window at an output's place; pixels are numbered row by row. */
type Visit = (pixel: number, output: number, tap: number) => void;

/** Visits all pairs of one image in the order of outputs, then of taps; what lies outside the image is left out. */
export function eachTap([height, width]: Pair, [rows, columns]: Pair, window: Window, visit: Visit): void {
  const { kernel, stride, padding, dilation = [1, 1] } = window;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        const y = i * stride[0] + ky * dilation[0] - padding[0];
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const x = j * stride[1] + kx * dilation[1] - padding[1];
          if (x >= 0 && x < width) visit(y * width + x, i * columns + j, ky * kernel[1] + kx);
        }
      }
    }
  }
}

/** Height and width of images [n, height, width, channels]. */
export function sizeOf(shape: Shape): Pair {
  return [shape[1]!, shape[2]!];
}

/** @throws DistillError 'bad-argument' for anything but images in f32, [n, height, width, channels]. */
export function checkImages(op: string, x: Tensor): void {
  demand(
    x.dtype === 'f32' && x.shape.length === 4,
    () => `${op}: images must be f32 [n, height, width, channels], not ${x.dtype} [${x.shape}]`,
  );
}

/** Both directions of what was given as one number or two. */
export function pairOf(value: number | Pair, what: string, least = 1): Pair {
  const pair = typeof value === 'number' ? [value, value] : value;
  demand(
    Array.isArray(pair) &&
      pair.length === 2 &&
      pair.every((n) => Number.isInteger(n) && n >= least && n < 65_536),
    () => `${what} must be a whole number from ${least}, or two of them, not ${shown(value)}`,
  );
  return [pair[0]!, pair[1]!];
}

/** All four sides of what was given as one number, four, or 'same'. */
export function paddingOf(
  value: number | Padding | 'same',
  kernel: Pair,
  dilation: Pair,
  op: string,
): Padding {
  if (value === 'same') {
    const [y, x] = [dilation[0] * (kernel[0] - 1), dilation[1] * (kernel[1] - 1)];
    return [y >> 1, x >> 1, y - (y >> 1), x - (x >> 1)];
  }
  const sides = typeof value === 'number' ? [value, value, value, value] : value;
  demand(
    Array.isArray(sides) &&
      sides.length === 4 &&
      sides.every((n) => Number.isInteger(n) && n >= 0 && n < 65_536),
    () =>
      `the padding of ${op} must be 'same', a whole number from 0, or four of them (top, left, bottom, right), not ${shown(value)}`,
  );
  return [sides[0]!, sides[1]!, sides[2]!, sides[3]!];
}
