/** Operators that only say how numbers are arranged. They make no layers: see Form. */

import { intOf, intsOf } from '../../../formats/onnx/attributes.js';
import { isFloat, typeOfCode } from '../../../formats/onnx/types.js';
import { type Form, imageForm, onnxShape, regrouped, transposed } from './form.js';
import type { Rule, Step } from './step.js';

export const same: Rule = ({ branch }) => branch;

/** To floats: ours are of 32 bits. To whole numbers it would round off. */
export const cast: Rule = (step) => {
  const type = typeOfCode(intOf(step.node, 'to', 0, step.file)) ?? 'another type';
  if (!isFloat(type)) throw step.refused(`makes ${type} of its numbers, where layers compute with floats`);
  return step.branch;
};

export const transpose: Rule = (step) => {
  const { node, branch, file } = step;
  const rank = branch.form.dims.length + 1;
  const order = intsOf(node, 'perm', file) ?? Array.from({ length: rank }, (_, k) => rank - 1 - k);
  const form = transposed(branch.form, order);
  if (!form) throw step.refused('moves the batch from its place, or has no order of all dimensions');
  return { ...branch, form };
};

export const flatten: Rule = (step) => {
  const { node, branch, file } = step;
  const { length } = branch.form.dims;
  const axis = intOf(node, 'axis', 1, file);
  if ((axis < 0 ? axis + length + 1 : axis) !== 1)
    throw step.refused('joins the batch with other dimensions');
  return { ...branch, form: { ...branch.form, dims: [branch.form.dims.flat()] } };
};

export const reshape: Rule = (step) => {
  const wanted = step.integers(1) ?? intsOf(step.node, 'shape', step.file);
  if (!wanted) throw step.refused('takes a shape that is computed');
  return reshaped(step, sizesOf(step, wanted));
};

/** The sizes of one sample: 0 is what was there, −1 what is left, and the batch must stay first. */
export function sizesOf(step: Step, wanted: readonly number[]): readonly number[] {
  const shape = onnxShape(step.branch.form);
  const [first, ...rest] = wanted;
  const others = rest.map((size, k) => (size === 0 ? (shape[k] ?? 0) : size));
  const count = shape.reduce((a, b) => a * b, 1);
  const known = others.filter((size) => size >= 0).reduce((a, b) => a * b, 1);
  const sizes = others.map((size) => (size === -1 ? count / known : size));
  const keeps =
    first === 0 || first === step.batch || Number.isNaN(first) || (first === -1 && known === count);
  if (!keeps || sizes.reduce((a, b) => a * b, 1) !== count)
    throw step.refused(`makes [${wanted}] of samples of [${shape}], which joins or divides them`);
  return sizes;
}

function reshaped(step: Step, sizes: readonly number[]): ReturnType<Rule> {
  const { branch } = step;
  const form = regrouped(branch.form, sizes);
  const image = form ? undefined : imageOfRow(step, sizes);
  if (image) return { ...branch, form: image, inputForm: image };
  if (!form)
    throw step.refused(
      `makes [${sizes}] of samples of [${onnxShape(branch.form)}]: known are rows of whole images, and images of the input's row`,
    );
  return { ...branch, form };
}

/** The network's input may be an image where ONNX first has it as a row: of one channel both are in the same order. */
function imageOfRow({ branch }: Step, sizes: readonly number[]): Form | undefined {
  const { form, layers, input } = branch;
  const isInput = layers.length === 0 && input?.factor.length === 1;
  const [channels, height, width] = sizes;
  return isInput && form.axes.length === 1 && sizes.length === 3 && channels === 1
    ? imageForm([height!, width!, 1])
    : undefined;
}

export const squeeze: Rule = (step) => {
  const { node, branch, file } = step;
  const shape = [step.batch ?? Number.NaN, ...onnxShape(branch.form)];
  const given = intsOf(node, 'axes', file) ?? step.integers(1);
  const axes = given?.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const gone = (k: number) => (axes ? axes.includes(k) : shape[k] === 1);
  if (gone(0)) throw step.refused('takes the batch away');
  return reshaped(step, shape.filter((_, k) => !gone(k)).slice(1));
};

export const unsqueeze: Rule = (step) => {
  const { node, branch, file } = step;
  const shape = onnxShape(branch.form);
  const axes = intsOf(node, 'axes', file) ?? step.integers(1);
  if (!axes) throw step.refused('takes axes that are computed');
  const rank = shape.length + 1 + axes.length;
  const places = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  if (places.includes(0)) throw step.refused('puts something before the batch');
  const left = [...shape];
  return reshaped(
    step,
    Array.from({ length: rank - 1 }, (_, k) => (places.includes(k + 1) ? 1 : (left.shift() ?? 1))),
  );
};
