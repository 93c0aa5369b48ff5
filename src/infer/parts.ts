import type { Padding } from '../graph/names.js';
import type { LayerWindow } from '../nn/windows.js';
import type { Conv, Deconv, Dims } from './layers.js';
import type { Runs } from './pack.js';

/** How images lie in memory: the distances between rows and pixels, in numbers. */
export interface Strides {
  row: number;
  pixel: number;
}

/**
 * A product of some pixels of an image with some filters: y(pixel, filter) = Σ over runs of `depth` numbers of x, each
 * times its weight. Distances are in numbers, from the image's first.
 */
export interface Part {
  /** Pixels down and across. */
  rows: number;
  columns: number;
  /** Where pixel (i, j) of y begins in x, and lies in y. */
  from(i: number, j: number): number;
  to(i: number, j: number): number;
  /** Distances from there at which runs begin. */
  runs: number[];
  /** The first filter. */
  filter: number;
  weights: Runs;
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** A convolution, group by group. `isWhole` says whether x has no other channels. */
export function partsOfConv(
  { window, groups, output }: Conv,
  channels: number,
  x: Strides,
  isWhole: boolean,
  y: Strides,
): Part[] {
  const { kernel, stride, padding, dilation } = window;
  const [rows, columns, all] = output;
  const filters = all / groups;
  const own = channels / groups;
  // What lies side by side in a row of the image is one run.
  const together = groups === 1 && dilation[1] === 1 && isWhole ? kernel[1] : 1;
  const runs = range(kernel[0]).flatMap((ky) =>
    range(kernel[1] / together).map((kx) => ky * dilation[0] * x.row + kx * dilation[1] * x.pixel),
  );
  const depth = own * together;
  return range(groups).map((g) => ({
    rows,
    columns,
    from: (i, j) => (i * stride[0] - padding[0]) * x.row + (j * stride[1] - padding[1]) * x.pixel + g * own,
    to: (i, j) => i * y.row + j * y.pixel,
    runs,
    filter: g * filters,
    weights: {
      starts: runs.map((_, run) => run * depth * all + g * filters),
      ...{ depth, outputs: filters, along: all, across: 1 },
    },
  }));
}

/**
 * A transposed convolution by phases: pixels of y that are a stride apart meet the same taps of the kernel, and are a
 * convolution with these.
 */
export function partsOfDeconv({ window, output }: Deconv, channels: number, x: Strides, y: Strides): Part[] {
  const { stride } = window;
  const [height, width, filters] = output;
  return range(Math.min(stride[0], height)).flatMap((py) =>
    range(Math.min(stride[1], width)).map((px): Part => {
      const taps = tapsOf(window, 0, py).flatMap(([ky, dy]) =>
        tapsOf(window, 1, px).map(([kx, dx]) => ({
          at: dy * x.row + dx * x.pixel,
          tap: ky * window.kernel[1] + kx,
        })),
      );
      // Only the bias is left: a run of zeros.
      if (taps.length === 0) taps.push({ at: 0, tap: Infinity });
      return {
        rows: Math.ceil((height - py) / stride[0]),
        columns: Math.ceil((width - px) / stride[1]),
        from: (i, j) => i * x.row + j * x.pixel,
        to: (i, j) => (py + i * stride[0]) * y.row + (px + j * stride[1]) * y.pixel,
        runs: taps.map(({ at }) => at),
        filter: 0,
        weights: {
          starts: taps.map(({ tap }) => tap * filters * channels),
          ...{ depth: channels, outputs: filters, along: 1, across: channels },
        },
      };
    }),
  );
}

/** The taps that pixels p, p + stride, … of y meet, and for each how many pixels of x from the pixel's number. */
function tapsOf(
  { kernel, stride, padding, dilation }: LayerWindow,
  axis: 0 | 1,
  p: number,
): [number, number][] {
  return range(kernel[axis]).flatMap((k): [number, number][] => {
    const distance = p + padding[axis] - k * dilation[axis];
    return distance % stride[axis] === 0 ? [[k, distance / stride[axis]]] : [];
  });
}

/** How far a layer reads beyond an image of x: above, left, below, right. */
export function haloOf(window: LayerWindow, transposed: boolean, x: Dims, y: Dims): Padding {
  const [top, bottom] = along(window, transposed, 0, x[0], y[0]);
  const [left, right] = along(window, transposed, 1, x[1], y[1]);
  return [top, left, bottom, right];
}

function along(
  window: LayerWindow,
  transposed: boolean,
  axis: 0 | 1,
  from: number,
  to: number,
): [number, number] {
  const { kernel, stride, padding, dilation } = window;
  const last = dilation[axis] * (kernel[axis] - 1) - padding[axis];
  if (!transposed) return [padding[axis], Math.max(0, (to - 1) * stride[axis] + last - (from - 1))];
  const reach = range(Math.min(stride[axis], to)).flatMap((p) => {
    const pixels = Math.ceil((to - p) / stride[axis]);
    return tapsOf(window, axis, p).map(([, distance]) => [-distance, pixels + distance - from]);
  });
  return [Math.max(0, ...reach.map(([before]) => before!)), Math.max(0, ...reach.map(([, after]) => after!))];
}
