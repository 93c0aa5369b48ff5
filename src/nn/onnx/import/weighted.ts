/** Layers of weighted sums: convolutions and products. ONNX has their outputs first, ours last. */
import { floatOf, intOf } from '../../../formats/onnx/attributes.js';
import { onnxWindowOf, sizeAfter } from '../../../formats/onnx/windows.js';
import type { LayerSpecs, SpecOf } from '../../layer-specs.js';
import { type Branch, type Own, withLayer } from './branch.js';
import { type Form, imageForm, onnxShape, placesOf, rowForm, wholeDim } from './form.js';
import { specOfWindow } from './sizes.js';
import { type Floats, imageSizeOf, optionalOf, type Rule, type Step, weightsOf } from './step.js';

/** Weights [filters, channels/groups, kh, kw], bias [filters]. */
export const conv: Rule = (step) => {
  const { node, branch, file } = step;
  const weights = weightsOf(step, 1, 4);
  const [filters, own, kh, kw] = weights.shape as [number, number, number, number];
  const groups = intOf(node, 'group', 1, file);
  if (branch.form.axes.length === 1 && !branch.form.flat && kh * kw === 1 && groups === 1)
    return pointwise(step, weights);
  const size = imageSizeOf(step);
  const channels = branch.form.axes[2]!;
  if (own * groups !== channels || filters % groups !== 0)
    throw step.refused(`has weights for ${own * groups} channels, but its images have ${channels}`);
  const window = onnxWindowOf(node, size, [kh, kw], file);
  if (window.kernel.join() !== [kh, kw].join())
    throw step.refused('has weights of another size than its kernel');
  const made = sizeAfter(size, window);
  const bias = biasOf(step, 2, filters);
  const isDepthwise = groups === channels && filters === channels && groups > 1;
  const spec: SpecOf<'conv'> | SpecOf<'depthwise'> = isDepthwise
    ? { ...depthwiseOf(step, window), ...withoutBias(bias) }
    : { ...convOf(step, filters, window), ...(groups > 1 && { groups }), ...withoutBias(bias) };
  const weight = filtersLast(weights.data, filters, own, kh * kw);
  return withLayer(branch, spec, imageForm([...made, filters]), parameters(weight, bias));
};

function convOf(step: Step, filters: number, window: Parameters<typeof specOfWindow>[1]): SpecOf<'conv'> {
  const { kernel, ...moving } = specOfWindow(step, window, 'same');
  return { conv: filters, ...(kernel !== 3 && { kernel }), ...moving };
}

function depthwiseOf(step: Step, window: Parameters<typeof specOfWindow>[1]): SpecOf<'depthwise'> {
  const { kernel, ...moving } = specOfWindow(step, window, 'same');
  return { depthwise: kernel, ...moving };
}

/** A convolution of 1 × 1 of the single pixel that global pooling leaves. */
function pointwise(step: Step, { shape, data }: Floats): Branch {
  const [filters, channels] = shape as [number, number];
  const { form } = step.branch;
  if (channels !== form.axes[0] || wholeDim(form) !== 0)
    throw step.refused(`has weights for ${channels} channels, but its images have ${form.axes[0]}`);
  const bias = biasOf(step, 2, filters);
  const weight = filtersLast(data, filters, channels, 1);
  const made = rowForm(filters, form.dims.length, 0);
  return withLayer(step.branch, { dense: filters, ...withoutBias(bias) }, made, parameters(weight, bias));
}

/** [filters, channels, taps] as [taps, channels, filters]. */
export function filtersLast(
  data: Float32Array,
  filters: number,
  channels: number,
  taps: number,
): Float32Array {
  const turned = new Float32Array(data.length);
  let from = 0;
  for (let f = 0; f < filters; f++)
    for (let c = 0; c < channels; c++)
      for (let t = 0; t < taps; t++) turned[(t * channels + c) * filters + f] = data[from++]!;
  return turned;
}

/** alpha·x·W + beta·b for rows x. */
export const gemm: Rule = (step) => {
  const { node, file } = step;
  if (intOf(node, 'transA', 0, file) !== 0 || step.numbers(0))
    throw step.refused('has the weights before the samples, which is known of MatMul only');
  const weights = weightsOf(step, 1, 2);
  const matrix = intOf(node, 'transB', 0, file) === 0 ? weights : turned(weights);
  const scaled = scaledBy(matrix, floatOf(node, 'alpha', 1, file));
  const beta = floatOf(node, 'beta', 1, file);
  const bias = biasOf(step, 2, matrix.shape[1]!)?.map((b) => b * beta);
  return product(step, scaled, bias, step.branch.form.dims.length - 1);
};

/** x·W for rows x, or W·x for columns. */
export const matmul: Rule = (step) => {
  const { form } = step.branch;
  const { length } = form.dims;
  const right = step.numbers(1) !== undefined;
  const given = weightsOf(step, right ? 1 : 0);
  const shape = given.shape.slice(-2);
  if (shape.length !== 2 || given.data.length !== shape[0]! * shape[1]!)
    throw step.refused('multiplies by something else than one matrix');
  const weights = { shape, data: given.data };
  return right
    ? product(step, weights, undefined, length - 1)
    : product(step, turned(weights), undefined, length - 2);
};

/** A dense layer of [inputs, units], over the dimension `at`, which must have all numbers of a sample. */
function product(step: Step, weights: Floats, bias: Float32Array | undefined, at: number): Branch {
  const { form } = step.branch;
  const [inputs, units] = weights.shape as [number, number];
  if (at < 0 || wholeDim(form) !== at)
    throw step.refused(
      `multiplies a part of each sample, which here is [${onnxShape(form)}]: known are products over all of its numbers`,
    );
  const weight = new Float32Array(inputs * units);
  const places = placesOf(form);
  if (places.length !== inputs)
    throw step.refused(`has weights for ${inputs} inputs, but each sample has ${places.length}`);
  places.forEach((place, i) => {
    weight.set(weights.data.subarray(i * units, (i + 1) * units), place * units);
  });
  const made: Form = rowForm(units, form.dims.length, at);
  return withLayer(step.branch, { dense: units, ...withoutBias(bias) }, made, parameters(weight, bias));
}

function turned({ shape, data }: Floats): Floats {
  const [rows, columns] = shape as [number, number];
  return { shape: [columns, rows], data: filtersLast(data, rows, columns, 1) };
}

function scaledBy({ shape, data }: Floats, factor: number): Floats {
  return factor === 1 ? { shape, data } : { shape, data: data.map((w) => w * factor) };
}

/** Of [units], or of one number for all; with dimensions of size 1 before it. */
export function biasOf(step: Step, input: number, units: number): Float32Array | undefined {
  const found = optionalOf(step, input);
  if (!found) return undefined;
  const { shape, data } = found;
  if (data.length === 1) return new Float32Array(units).fill(data[0]!);
  if (data.length !== units || shape.at(-1) !== units)
    throw step.refused('has a bias that differs by sample');
  return data;
}

export function withoutBias(bias: Float32Array | undefined): Pick<LayerSpecs['dense'], 'bias'> {
  return bias ? {} : { bias: false };
}

export function parameters(weight: Float32Array, bias: Float32Array | undefined): Own {
  return bias ? { weight, bias } : { weight };
}
