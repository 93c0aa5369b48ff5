import { intOf, intsOf, textOf } from '../../../formats/onnx/attributes.js';
import type { Pair } from '../../../graph/names.js';
import type { SpecOf } from '../../layer-specs.js';
import { transposedWindowOf } from '../../windows.js';
import { withLayer } from './branch.js';
import { imageForm } from './form.js';
import { imageSizeOf, type Rule, type Step, weightsOf } from './step.js';
import { biasOf, filtersLast, parameters, withoutBias } from './weighted.js';

/** Weights [channels, filters, kh, kw], bias [filters]. */
export const convTranspose: Rule = (step) => {
  const { node, branch, file } = step;
  const { shape, data } = weightsOf(step, 1, 4);
  const [channels, filters, kh, kw] = shape as [number, number, number, number];
  if (intOf(node, 'group', 1, file) !== 1)
    throw step.refused('has channels in groups, where the layer deconv has one group');
  const size = imageSizeOf(step);
  if (channels !== branch.form.axes[2])
    throw step.refused(`has weights for ${channels} channels, but its images have ${branch.form.axes[2]}`);
  const spec = { deconv: filters, ...windowOf(step, [kh, kw], size) };
  const { kernel, stride, padding, dilation, outputPadding } = transposedWindowOf(spec);
  const made = size.map(
    (length, k) =>
      (length - 1) * stride[k]! +
      dilation[k]! * (kernel[k]! - 1) +
      (1 - padding[k]! - padding[k + 2]! + outputPadding[k]!),
  );
  const bias = biasOf(step, 2, filters);
  // As a convolution's, with channels and filters in each other's place.
  const weight = filtersLast(data, channels, filters, kh * kw);
  return withLayer(
    branch,
    { ...spec, ...withoutBias(bias) },
    imageForm([...made, filters]),
    parameters(weight, bias),
  );
};

/** What of the layer's window isn't its default. */
function windowOf(step: Step, weights: Pair, size: readonly number[]): Omit<SpecOf<'deconv'>, 'deconv'> {
  const pair = (name: string, usual: Pair) => {
    const [y, x, more] = intsOf(step.node, name, step.file) ?? usual;
    if (!(y! >= 1 && x! >= 1) || more !== undefined) throw step.refused(`has ${name} of other directions`);
    return [y!, x!] as const;
  };
  const kernel = pair('kernel_shape', weights);
  if (kernel.join() !== weights.join()) throw step.refused('has weights of another size than its kernel');
  const [stride, dilation] = [pair('strides', [1, 1]), pair('dilations', [1, 1])];
  const sizes = ([y, x]: Pair) => (y === x ? y : ([y, x] as const));
  const moving = {
    ...(kernel.join() !== '3,3' && { kernel: sizes(kernel) }),
    ...(stride.join() !== '1,1' && { stride: sizes(stride) }),
    ...(dilation.join() !== '1,1' && { dilation: sizes(dilation) }),
  };
  const { padding, outputPadding } = transposedWindowOf({ deconv: 1, ...moving });
  const same = cut(padding, outputPadding);
  const own = cutOf(step, { kernel, stride, dilation }, size);
  if (own.join() === same.join()) return moving;
  if (own.some((n) => n < 0))
    throw step.refused("adds zeros behind what it makes, which the layer deconv does with pad 'same' alone");
  return { ...moving, pad: own as [number, number, number, number] };
}

/** Rows and columns taken off at each side; output padding puts as many back at the end. */
function cut(pads: readonly number[], more: readonly number[]): readonly number[] {
  return pads.map((pad, side) => (side < 2 ? pad : pad - (more[side - 2] ?? 0)));
}

function cutOf(
  step: Step,
  { kernel, stride, dilation }: Record<'kernel' | 'stride' | 'dilation', Pair>,
  size: readonly number[],
): readonly number[] {
  const { node, file } = step;
  const auto = textOf(node, 'auto_pad', 'NOTSET', file);
  const more = intsOf(node, 'output_padding', file) ?? [0, 0];
  if (intsOf(node, 'output_shape', file))
    throw step.refused('says how large its images are, not its padding');
  if (auto === 'NOTSET' || auto === '' || auto === 'VALID') {
    const pads = (auto !== 'VALID' && intsOf(node, 'pads', file)) || [0, 0, 0, 0];
    if (pads.length !== 4) throw step.refused(`has ${pads.length} pads`);
    return cut(pads, more);
  }
  // Sizes become size·stride.
  const total = size.map((_, k) => more[k]! + dilation[k]! * (kernel[k]! - 1) + 1 - stride[k]!);
  if (total.some((n) => n % 2 !== 0))
    throw step.refused(`has auto_pad ${auto} of an odd padding, which runtimes divide differently`);
  return cut(
    [...total, ...total].map((n) => n / 2),
    more,
  );
}
