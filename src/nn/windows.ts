/**
 * The windows of layers' specs, with defaults filled in, and the sizes they make. Lightweight, as wasm-distill/infer
 * loads it.
 */
import { demand } from '../errors.js';
import type { Pair } from '../graph/names.js';
import { paddingOf, pairOf, type Window, windowedSize } from '../ops/window.js';
import type { Pad, Sizes, SpecOf } from './layer-specs.js';

export type LayerWindow = Required<Window>;

/** A transposed convolution's window, and the rows and columns of zeros that follow what it makes. */
export interface TransposedWindow extends LayerWindow {
  readonly outputPadding: Pair;
}

/** Layers whose outputs are each computed from one window of the image. */
type Windowed = SpecOf<'conv'> | SpecOf<'depthwise'> | SpecOf<'pool'> | SpecOf<'avg'>;

/** @throws DistillError never for a checked spec. */
export function windowOf(spec: Windowed): LayerWindow {
  if ('conv' in spec) return window(spec.kernel ?? 3, spec.stride ?? 1, spec.pad ?? 'same', spec.dilation);
  if ('depthwise' in spec) return window(spec.depthwise, spec.stride ?? 1, spec.pad ?? 'same', spec.dilation);
  const kernel = 'pool' in spec ? spec.pool : spec.avg;
  return window(kernel, spec.stride ?? kernel, spec.pad ?? 0);
}

function window(kernel: Sizes, stride: Sizes, pad: Pad, dilation: Sizes = 1): LayerWindow {
  const [own, apart] = [pairOf(kernel, 'the kernel'), pairOf(dilation, 'the dilation')];
  return {
    kernel: own,
    stride: pairOf(stride, 'the stride'),
    padding: paddingOf(pad, own, apart, 'the layer'),
    dilation: apart,
  };
}

/**
 * With pad 'same' sizes become size·stride: the padding is dilation·(kernel − 1) + 1 − stride, half of it (rounded
 * down) before; where that is negative there is output padding instead.
 */
export function transposedWindowOf({
  kernel = 3,
  stride = 1,
  pad = 'same',
  dilation = 1,
}: SpecOf<'deconv'>): TransposedWindow {
  const plain = window(kernel, stride, pad === 'same' ? 0 : pad, dilation);
  if (pad !== 'same') return { ...plain, outputPadding: [0, 0] };
  const [y, x] = [excess(plain, 0), excess(plain, 1)];
  const [top, left] = [Math.max(0, y) >> 1, Math.max(0, x) >> 1];
  return {
    ...plain,
    padding: [top, left, Math.max(0, y) - top, Math.max(0, x) - left],
    outputPadding: [Math.max(0, -y), Math.max(0, -x)],
  };
}

/** How many pixels a window spans beyond its stride. */
function excess({ kernel, stride, dilation }: LayerWindow, axis: 0 | 1): number {
  return dilation[axis] * (kernel[axis] - 1) + 1 - stride[axis];
}

/**
 * Height and width of what a layer's window makes of an image.
 * @throws DistillError 'bad-argument' if it is larger than the padded image, or could lie wholly in a pool's padding.
 */
export function sizeAfter(size: Pair, spec: Windowed, what: string): Pair {
  const own = windowOf(spec);
  const { kernel, padding } = own;
  demand(
    !('pool' in spec || 'avg' in spec) || padding.every((p, side) => p < kernel[side % 2]!),
    () => `${what}: the padding ${padding.join(', ')} must be less than the window of ${kernel.join(' × ')}`,
  );
  return windowedSize(size, own, what);
}

/**
 * Height and width of what a transposed convolution makes: (size − 1)·stride − padding + dilation·(kernel − 1) + 1 +
 * output padding.
 * @throws DistillError 'bad-argument' if nothing is left.
 */
export function sizeAfterTransposed(size: Pair, spec: SpecOf<'deconv'>, what: string): Pair {
  const { kernel, stride, padding, dilation, outputPadding } = transposedWindowOf(spec);
  const along = (axis: 0 | 1) =>
    (size[axis] - 1) * stride[axis] -
    (padding[axis] + padding[axis === 0 ? 2 : 3]) +
    dilation[axis] * (kernel[axis] - 1) +
    1 +
    outputPadding[axis];
  const made: Pair = [along(0), along(1)];
  demand(
    made[0] >= 1 && made[1] >= 1,
    () =>
      `${what}: nothing is left of an image of ${size.join(' × ')} with a padding of ${padding.join(', ')} around what a kernel of ${kernel.join(' × ')} makes of it`,
  );
  return made;
}
