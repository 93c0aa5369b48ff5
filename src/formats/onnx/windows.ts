import { intOf, intsOf, textOf } from './attributes.js';
import type { OnnxNode } from './model.js';
import { nameOf } from './order.js';
import { badOnnx } from './wire.js';

/** How the window of a convolution or pooling moves over images; one number for each direction. */
export interface OnnxWindow {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Before all directions, then after all of them: [top, left, bottom, right]. */
  readonly pads: readonly number[];
  /** Whether a last window may begin within the image and end beyond it. */
  readonly ceil: boolean;
}

/**
 * The window of a node over images of `size`, with what auto_pad makes of it; `kernel` is that of its weights, if it has
 * some.
 * @throws DistillError 'bad-file'
 */
export function onnxWindowOf(
  node: OnnxNode,
  size: readonly number[],
  kernel: readonly number[] | undefined,
  file: string,
): OnnxWindow {
  const given = intsOf(node, 'kernel_shape', file) ?? kernel ?? [];
  const ones = size.map(() => 1);
  const stride = intsOf(node, 'strides', file) ?? ones;
  const dilation = intsOf(node, 'dilations', file) ?? ones;
  const lists = [given, stride, dilation];
  if (lists.some((list) => list.length !== size.length || list.some((n) => n < 1)))
    throw badWindow(node, file, `doesn't move over images of ${size.length} directions`);
  const own = { kernel: given, stride, dilation, ceil: intOf(node, 'ceil_mode', 0, file) === 1 };
  return { ...own, pads: padsOf(node, size, own, file) };
}

function padsOf(
  node: OnnxNode,
  size: readonly number[],
  window: Pick<OnnxWindow, 'kernel' | 'stride' | 'dilation'>,
  file: string,
): readonly number[] {
  const auto = textOf(node, 'auto_pad', 'NOTSET', file);
  const none = [...size, ...size].map(() => 0);
  if (auto === 'VALID') return none;
  if (auto === 'NOTSET' || auto === '') {
    const pads = intsOf(node, 'pads', file) ?? none;
    if (pads.length !== 2 * size.length) throw badWindow(node, file, `has ${pads.length} pads`);
    return pads;
  }
  if (auto !== 'SAME_UPPER' && auto !== 'SAME_LOWER') throw badWindow(node, file, `has auto_pad ${auto}`);
  const total = size.map((length, k) => {
    const span = window.dilation[k]! * (window.kernel[k]! - 1) + 1;
    return Math.max(0, (Math.ceil(length / window.stride[k]!) - 1) * window.stride[k]! + span - length);
  });
  const less = total.map((pad) => Math.floor(pad / 2));
  const more = total.map((pad, k) => pad - less[k]!);
  return auto === 'SAME_UPPER' ? [...less, ...more] : [...more, ...less];
}

/** The size of what a window makes of images. */
export function sizeAfter(size: readonly number[], window: OnnxWindow): readonly number[] {
  const { stride, pads, ceil } = window;
  return stepsOver(size, window).map((steps, k) => {
    const last = ceil ? Math.ceil(steps) : Math.floor(steps);
    // A window that would begin in the padding after the image is left out.
    return ceil && last * stride[k]! >= size[k]! + pads[k]! ? last : last + 1;
  });
}

/** Whether a last window would begin behind the image, where some runtimes leave it out and others don't. */
export function beginsBehind(size: readonly number[], window: OnnxWindow): boolean {
  return sizeAfter(size, window).some(
    (n, k) => window.ceil && n < Math.ceil(stepsOver(size, window)[k]!) + 1,
  );
}

/** How often a window moves on until it ends where the padded image does. */
function stepsOver(size: readonly number[], window: OnnxWindow): readonly number[] {
  const { kernel, stride, dilation, pads } = window;
  return size.map((length, k) => {
    const span = dilation[k]! * (kernel[k]! - 1) + 1;
    return (length + pads[k]! + pads[size.length + k]! - span) / stride[k]!;
  });
}

function badWindow(node: OnnxNode, file: string, found: string) {
  return badOnnx(file, `is damaged: the node ${nameOf(node)} ${found}`);
}
