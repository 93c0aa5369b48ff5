import { checkList } from '../../../checks.js';
import { DistillError } from '../../../errors.js';
import type { OnnxLayout } from '../../../formats/onnx/describe.js';
import { ONNX_FORMAT, type OnnxValue } from '../../../formats/onnx/model.js';
import { isFloat } from '../../../formats/onnx/types.js';
import type { InputSpec, Normalization } from '../../specs.js';
import type { Affine, Branch } from './branch.js';
import { shortest, shortestInverse } from './digits.js';
import { composed } from './elementwise.js';
import { type Form, imageForm, ownShape, plain, rowForm } from './form.js';

/** How samples lie in a graph's input. @throws DistillError 'bad-file' for one of unknown size, or no samples of ours */
export function inputForm(
  { name, shape, type }: OnnxValue,
  layout: OnnxLayout | undefined,
  file: string,
): Form {
  const sizes = shape?.slice(1) ?? [];
  const wrong = (what: string) =>
    new DistillError(
      'bad-file',
      `${file} can't become layers: its input ${JSON.stringify(name.slice(0, 80))} ${what}`,
    );
  if (type && type !== 'u8' && !isFloat(type)) throw wrong(`takes ${type}, which are no numbers of samples`);
  if (shape?.length === 0 || shape?.length === 1) throw wrong('is one sample, or a row without a batch');
  if (!shape || !sizes.every((size): size is number => typeof size === 'number'))
    throw wrong(
      `is [${shape?.map((size) => size ?? '?') ?? 'of any shape'}]: all sizes but the first must be told; export it for one`,
    );
  if (sizes.length === 1) return rowForm(sizes[0]!);
  const [first, second, third] = sizes as [number, number, number];
  if (sizes.length === 2) {
    if (second === 1) return rowForm(first, 2, 0);
    return first === 1
      ? rowForm(second, 2, 1)
      : plain({ axes: [first, second, 1], flat: false, dims: [[0], [1]] });
  }
  if (sizes.length !== 3) throw wrong(`has ${sizes.length + 1} dimensions, where rows and images are known`);
  return layout === 'nhwc'
    ? plain({ axes: sizes, flat: false, dims: [[0], [1], [2]] })
    : imageForm([second, third, first]);
}

/** What the network's input is: as the caller says, then as the graph scales it. */
export function inputSpec(
  start: Branch,
  end: Branch,
  { type }: OnnxValue,
  metadata: Readonly<Record<string, string>>,
  given: Pick<InputSpec, 'values' | 'normalization'> | undefined,
  file: string,
): InputSpec {
  // A row may have become an image; nothing else changes what comes in.
  const { axes } = end.inputForm ?? start.form;
  const { mean, deviation } = given?.normalization ?? { mean: [0], deviation: [1] };
  for (const list of [mean, deviation])
    checkList(list, 'the mean and deviation of importOnnx', 'numbers', Number.isFinite);
  const own: Affine = {
    factor: each(deviation, mean.length).map((d) => 1 / d),
    shift: each(mean, deviation.length).map((m, i) => -m / deviation[i % deviation.length]!),
  };
  const whole = composed(own, end.input ?? { factor: [1], shift: [0] });
  const values = given?.values ?? (type === 'u8' || saysBytes(metadata) ? 'bytes' : 'floats');
  const normalization = normalizationOf(whole, file);
  return { shape: ownShape({ ...start.form, axes }), values, ...(normalization && { normalization }) };
}

/** One number for all as one for each, where another list has one for each. */
function each(list: readonly number[], count: number): readonly number[] {
  return list.length === 1 ? Array.from({ length: count }, () => list[0]!) : list;
}

/** Files of ours say what the data set has, though ONNX takes floats. */
function saysBytes({ format, input = '' }: Readonly<Record<string, string>>): boolean {
  return format === ONNX_FORMAT && /"values":"bytes"/.test(input);
}

function normalizationOf({ factor, shift }: Affine, file: string): Normalization | undefined {
  if (factor.every((f) => f === 1) && shift.every((s) => s === 0)) return undefined;
  if (!factor.every((f) => f > 0))
    throw new DistillError(
      'bad-file',
      `${file} can't become layers: it scales its input by ${factor.find((f) => !(f > 0))}, where ours is divided by a positive deviation`,
    );
  return {
    mean: shift.map((s, i) => shortest(-s / factor[i]!) || 0),
    deviation: factor.map((f) => shortestInverse(f)),
  };
}
