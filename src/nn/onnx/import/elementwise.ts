import { floatOf, intOf } from '../../../formats/onnx/attributes.js';
import type { AtomSpec, LayerSpec } from '../../layer-specs.js';
import { type Affine, type Branch, type Made, withLast, withLayer } from './branch.js';
import { shortest } from './digits.js';
import { inOwnOrder, ownShape, wholeDim } from './form.js';
import { byChannel } from './spread.js';
import { optionalOf, type Rule, type Step, weightsOf } from './step.js';

/** A function of single numbers. */
function elementwise(step: Step, spec: AtomSpec): Branch {
  return withLayer(step.branch, spec, step.branch.form);
}

export const relu: Rule = (step) => elementwise(step, { relu: true });
export const sigmoid: Rule = (step) => elementwise(step, { sigmoid: true });
export const tanh: Rule = (step) => elementwise(step, { tanh: true });

export const leakyRelu: Rule = (step) => {
  const slope = floatOf(step.node, 'alpha', 0.01, step.file);
  return elementwise(step, { leakyRelu: shortest(slope) });
};

/** From 0 on it is a ReLU; no layer has an upper limit, such as that of a ReLU6. */
export const clip: Rule = (step) => {
  const limit = (input: number, name: string, absent: number) =>
    optionalOf(step, input)?.data[0] ?? floatOf(step.node, name, absent, step.file);
  const [least, most] = [limit(1, 'min', -Infinity), limit(2, 'max', Infinity)];
  if (least !== 0 || most < 3e38)
    throw step.refused(
      `limits numbers to ${least} to ${most}: of such limits a layer has 0 and none above, the ReLU`,
    );
  return relu(step);
};

/** Of numbers by channel: x·factor + shift goes into the layer of weighted sums before it, or into the network's input. */
export const arithmetic: Rule = (step) => {
  const { op } = step.node;
  const first = step.numbers(0) !== undefined;
  const values = byChannel(weightsOf(step, first ? 0 : 1), step.branch.form);
  if (!values) throw step.refused('takes numbers that differ by more than the channel');
  const list = Array.from(values);
  const ones = list.map(() => 1);
  const zeros = list.map(() => 0);
  if (op === 'Add') return affine(step, { factor: ones, shift: list });
  if (op === 'Mul') return affine(step, { factor: list, shift: zeros });
  if (op === 'Sub')
    return first
      ? affine(step, { factor: ones.map((n) => -n), shift: list })
      : affine(step, { factor: ones, shift: list.map((n) => -n) });
  if (first) throw step.refused('divides by what is computed');
  return affine(step, { factor: list.map((n) => 1 / n), shift: zeros });
};

function affine(step: Step, change: Affine): Branch {
  const { branch } = step;
  const last = branch.layers.at(-1);
  if (!last && branch.input) return { ...branch, input: composed(branch.input, change) };
  if (!last || !isWeighted(last.spec))
    throw step.refused(
      'scales or shifts numbers that come neither from the input nor from a convolution, dense layer or product',
    );
  return withLast(branch, scaled(last, change, branch.form.axes.at(-1)!));
}

function isWeighted(spec: LayerSpec): boolean {
  return 'conv' in spec || 'dense' in spec || 'depthwise' in spec;
}

/** First one, then the other. */
export function composed(first: Affine, then: Affine): Affine {
  const length = Math.max(...[first, then].flatMap(({ factor, shift }) => [factor.length, shift.length]));
  const at = (list: readonly number[], i: number) => list[i % list.length]!;
  const numbers = Array.from({ length }, (_, i) => i);
  return {
    factor: numbers.map((i) => at(first.factor, i) * at(then.factor, i)),
    shift: numbers.map((i) => at(first.shift, i) * at(then.factor, i) + at(then.shift, i)),
  };
}

/** Output channels are the weights' last dimension in all of these layers. */
function scaled({ spec, own }: Made, { factor, shift }: Affine, channels: number): Made {
  const at = (list: readonly number[], c: number) => list[c % list.length]!;
  const bias = (_: unknown, c: number) => (own.bias?.[c] ?? 0) * at(factor, c) + at(shift, c);
  const { bias: _, ...others } = spec as { readonly bias?: boolean };
  return {
    spec: others as LayerSpec,
    own: {
      weight: own.weight!.map((w, i) => w * at(factor, i % channels)),
      bias: Float32Array.from({ length: channels }, bias),
    },
  };
}

/** Without an effect in predictions, but for those who train on. */
export const dropout: Rule = (step) => {
  const rate = optionalOf(step, 1)?.data[0] ?? floatOf(step.node, 'ratio', 0.5, step.file);
  if (!(rate > 0 && rate < 1)) return step.branch;
  if (step.numbers(2)?.data[0]) throw step.refused('drops numbers in predictions too');
  return withLayer(step.branch, { dropout: shortest(rate) }, step.branch.form);
};

export const batchNorm: Rule = (step) => {
  const { node, file } = step;
  if (intOf(node, 'training_mode', 0, file) === 1) throw step.refused('is in training mode');
  const branch = asRow(step.branch);
  const channels = ownShape(branch.form).at(-1)!;
  const names = ['scale', 'shift', 'mean', 'variance'] as const;
  const own = names.map((name, i) => {
    const given = weightsOf(step, i + 1, 1);
    // Numbers by channel, whatever follows it.
    const shape = [...given.shape, ...branch.form.dims.slice(1).map(() => 1)];
    const values = byChannel({ shape, data: given.data }, branch.form);
    if (values?.length !== channels)
      throw step.refused(`has ${given.data.length} numbers for other channels`);
    return [name, values] as const;
  });
  const epsilon = shortest(floatOf(node, 'epsilon', 1e-5, file));
  const momentum = Number((1 - floatOf(node, 'momentum', 0.9, file)).toPrecision(6));
  const spec: AtomSpec = {
    norm: 'batch',
    ...(momentum !== 0.1 && momentum > 0 && { momentum }),
    ...(epsilon !== 1e-5 && { epsilon }),
  };
  return withLayer(branch, spec, branch.form, Object.fromEntries(own));
};

/** What ONNX has as a row is one of ours, too: by a layer where it is still an image. */
export function asRow(branch: Branch): Branch {
  const { form } = branch;
  const isRow = wholeDim(form) === 0 && form.dims.length === 1;
  if (!isRow || form.flat || form.axes.length === 1) return branch;
  return withLayer(branch, { flatten: true }, { ...form, flat: true });
}

/** The end of a network: one row of ours, in ONNX's order. */
export function asClasses(branch: Branch): Branch | undefined {
  const { form } = branch;
  if (wholeDim(form) === undefined || !inOwnOrder(form)) return undefined;
  if (form.axes.length === 1 || form.flat) return branch;
  return withLayer(branch, { flatten: true }, { ...form, flat: true });
}
