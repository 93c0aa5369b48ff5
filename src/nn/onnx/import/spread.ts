import { type Form, onnxShape, ownShape, placesOf, wholeDim } from './form.js';
import type { Floats } from './step.js';

/**
 * Numbers that ONNX spreads over a tensor, by channel of ours: one for each entry of our last axis, or a single one for
 * all. undefined where they differ otherwise, by pixel or sample.
 */
export function byChannel({ shape, data }: Floats, form: Form): Float32Array | undefined {
  // As NumPy broadcasts, from the back; before the samples' dimensions is the batch's.
  const rank = form.dims.length + 1;
  if (shape.length > rank) return undefined;
  if (data.length === 1) return data;
  const wide = shape.flatMap((size, k) => (size === 1 ? [] : [k + rank - shape.length]));
  const at = wide[0]! - 1;
  if (wide.length !== 1 || at < 0 || onnxShape(form)[at] !== data.length) return undefined;
  const channels = ownShape(form).at(-1)!;
  if (channels !== data.length) return undefined;
  const last = form.axes.length - 1;
  if (!form.flat) return form.dims[at]!.join() === String(last) ? data : undefined;
  if (wholeDim(form) !== at) return undefined;
  const turned = new Float32Array(channels);
  placesOf(form).forEach((place, i) => {
    turned[place] = data[i]!;
  });
  return turned;
}
