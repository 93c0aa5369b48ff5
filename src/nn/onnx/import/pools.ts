import { intOf, intsOf } from '../../../formats/onnx/attributes.js';
import { beginsBehind, onnxWindowOf, sizeAfter } from '../../../formats/onnx/windows.js';
import { withLayer } from './branch.js';
import { imageForm, rowForm } from './form.js';
import { padsOf, specOfWindow } from './sizes.js';
import { imageSizeOf, type Rule, type Step } from './step.js';

export const maxPool: Rule = (step) => {
  const { node, branch } = step;
  if (node.outputs.length > 1 && node.outputs[1] !== '') throw step.refused('gives the places of maxima too');
  const { spec, made } = pooled(step);
  return withLayer(branch, { pool: spec.kernel, ...spec.moving }, imageForm(made));
};

export const averagePool: Rule = (step) => {
  const { node, branch, file } = step;
  const { spec, made, pads, reached } = pooled(step);
  const asZeros = intOf(node, 'count_include_pad', 0, file) === 1;
  const grown = pads.some((pad, side) => pad !== spec.pads[side]);
  if (!reached) {
    const { pad: _, ...moving } = spec.moving;
    return withLayer(branch, { avg: spec.kernel, ...moving }, imageForm(made));
  }
  if (grown || !asZeros)
    throw step.refused('leaves padding out of its means, which the layer avg counts as zeros');
  return withLayer(branch, { avg: spec.kernel, ...spec.moving }, imageForm(made));
};

/** Pools move by their own size where they don't say otherwise. */
function pooled(step: Step) {
  const size = imageSizeOf(step);
  const window = onnxWindowOf(step.node, size, undefined, step.file);
  if (window.dilation.some((n) => n > 1))
    throw step.refused('has a dilated window, which our pools have not');
  if (beginsBehind(size, window))
    throw step.refused('has a last window that begins behind the image, which runtimes see differently');
  const { kernel, stride = 1, pad } = specOfWindow(step, window, 0);
  const usual = window.stride.join() === window.kernel.join();
  const moving = { ...(!usual && { stride }), ...(pad !== undefined && { pad }) };
  const sizes = sizeAfter(size, window);
  const made = [...sizes, step.branch.form.axes[2]!];
  // Whether any window has some padding in it: what is behind the last one has no effect.
  const reached = size.some((length, k) => {
    const [before, last] = [window.pads[k]!, (sizes[k]! - 1) * window.stride[k]! + window.kernel[k]!];
    return before > 0 || last > length;
  });
  return { spec: { kernel, moving, pads: window.pads }, made, pads: padsOf(window, size), reached };
}

export const globalAveragePool: Rule = (step) => {
  imageSizeOf(step);
  return withLayer(step.branch, { gap: true }, rowForm(step.branch.form.axes[2]!, 3, 0));
};

export const globalMaxPool: Rule = (step) => {
  const [height, width] = imageSizeOf(step);
  const kernel = height === width ? height : ([height, width] as const);
  return withLayer(step.branch, { pool: kernel }, imageForm([1, 1, step.branch.form.axes[2]!]));
};

/** The mean over height and width, wherever ONNX has them. */
export const reduceMean: Rule = (step) => {
  const { node, branch, file } = step;
  const { form } = branch;
  const rank = form.dims.length + 1;
  const axes = intsOf(node, 'axes', file) ?? step.integers(1) ?? [];
  const places = axes.map((axis) => (axis < 0 ? axis + rank : axis) - 1);
  const over = places.flatMap((place) => form.dims[place] ?? [Number.NaN]);
  const pixels = [0, 1].filter((axis) => form.axes[axis]! > 1);
  if (form.axes.length !== 3 || form.flat || [...over].sort().join() !== pixels.join() || axes.length !== 2)
    throw step.refused('is a mean over something else than height and width');
  const keeps = intOf(node, 'keepdims', 1, file) === 1;
  const left = form.dims.flatMap((own, k) => (places.includes(k) ? (keeps ? [[]] : []) : [own]));
  const dims = left.map((own) => own.map(() => 0));
  return withLayer(branch, { gap: true }, { axes: [form.axes[2]!], flat: false, dims });
};
