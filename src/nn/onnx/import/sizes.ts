import { type OnnxWindow, sizeAfter } from '../../../formats/onnx/windows.js';
import { paddingOf } from '../../../ops/window.js';
import type { Pad, Sizes } from '../../layer-specs.js';
import { imageSizeOf, type Step } from './step.js';

interface Moving {
  readonly kernel: Sizes;
  readonly stride?: Sizes;
  readonly pad?: Pad;
  readonly dilation?: Sizes;
}

/**
 * A window as layers have it, without what is their default: stride 1 and the pad given. Where windows may begin within
 * an image and end beyond it, that is as much padding.
 */
export function specOfWindow(step: Step, window: OnnxWindow, usual: 'same' | 0): Moving {
  const [kernel, stride, dilation] = [window.kernel, window.stride, window.dilation].map(pair) as [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  if (window.pads.some((pad) => pad < 0)) throw step.refused('has a padding below 0, which ours have not');
  const pads = padsOf(window, imageSizeOf(step));
  const same = paddingOf(usual, [...kernel], [...dilation], 'the import').join() === pads.join();
  return {
    kernel: sizes(kernel),
    ...(stride.some((n) => n > 1) && { stride: sizes(stride) }),
    ...(!same && { pad: pads.every((n) => n === pads[0]) ? pads[0] : pads }),
    ...(dilation.some((n) => n > 1) && { dilation: sizes(dilation) }),
  } as Moving;
}

/** [top, left, bottom, right], so that as many windows fit as ONNX has of them. */
export function padsOf(window: OnnxWindow, size: readonly number[]): readonly number[] {
  const made = sizeAfter(size, window);
  return window.pads.map((pad, side) => {
    if (side < 2) return pad;
    const axis = side - 2;
    const span = window.dilation[axis]! * (window.kernel[axis]! - 1) + 1;
    const needed = (made[axis]! - 1) * window.stride[axis]! + span;
    const there = size[axis]! + window.pads[axis]! + pad;
    return window.ceil && needed > there ? pad + needed - there : pad;
  });
}

function pair(list: readonly number[]): readonly [number, number] {
  return [list[0]!, list[1]!];
}

function sizes([y, x]: readonly [number, number]): Sizes {
  return y === x ? y : [y, x];
}
