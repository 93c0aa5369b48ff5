import { expect } from 'vitest';
import type { Engine } from 'wasm-distill';
import { gradients, ops, type Tensor, type Variable, variable } from 'wasm-distill/graph';
import {
  type AttentionMaps,
  angleLoss,
  attentionLoss,
  congruenceLoss,
  darkRankLoss,
  decoupledLoss,
  distanceLoss,
  distillationLoss,
  distLoss,
  divergence,
  type FspForm,
  fspLoss,
  gradientAttentionLoss,
  gradientMap,
  hintLoss,
  logitRegression,
  mutualLoss,
  neighborLoss,
  probabilisticLoss,
  shallowLoss,
  similarityLoss,
  smoothedLoss,
  standardizeLogits,
  virtualTeacherLoss,
} from 'wasm-distill/objectives';
import { evaluate, type Input, readGolden } from './golden-values.ts';

/** Nested lists, as PyTorch gave them in float64. */
type Nested = number | readonly Nested[];

interface Golden {
  /** Those in records are of rows on a network of their own. */
  inputs: Record<string, Nested | Record<string, Nested>>;
  rows: Record<string, { loss: number; grad: Record<string, Nested> }>;
}

const golden = readGolden<Golden>('objectives.json');
const ourRows = readGolden<Pick<Golden, 'rows'>>('self-distillation.json').rows;

const flat = (x: Nested): number[] => (typeof x === 'number' ? [x] : x.flatMap(flat));
const shapeOf = (x: Nested): number[] => (typeof x === 'number' ? [] : [x.length, ...shapeOf(x[0]!)]);

/** Of the gradients by inputs, in the rows' own names: a convolution, its activation and a dense layer. */
const names = {
  ...{ x: 'x', y: 'y', cw: 'conv_w', cb: 'conv_b', dw: 'dense_w' },
  ...{ tcw: 'teacher_conv_w', tcb: 'teacher_conv_b', tdw: 'teacher_dense_w' },
};
const onNetwork = Object.fromEntries(
  Object.entries(names).map(([name, given]) => [name, (golden.inputs.gat as Record<string, Nested>)[given]!]),
);

/** What a row is computed from. */
function numbersOf(name: string): Record<string, Nested> {
  if (/^at_(gradient|symmetric)/.test(name)) return onNetwork;
  const numbers = Object.entries(golden.inputs).filter(([, value]) => Array.isArray(value));
  const again = Object.entries(ALIASES).map(([alias, of]) => [alias, golden.inputs[of]!] as const);
  return Object.fromEntries([...numbers, ...again]) as Record<string, Nested>;
}

/** Inputs that a row knows by another name. */
const ALIASES: Record<string, string> = { w: 'regressor', z1: 'zs', z2: 'zt' };

type Inputs = Record<string, Variable<'f32'>>;

/** Losses by sample of the rows' inputs. */
const losses: Record<string, (of: Inputs, labels: Tensor) => Tensor> = {
  ce: ({ zs }, labels) => ops.kdLoss(zs!, { labels }),
  kd: ({ zs, zt }) => divergence(zs!, zt!, 4),
  dkd: ({ zs, zt }, labels) =>
    decoupledLoss({ logits: zs!, teacher: zt!, labels }, { temperature: 4, alpha: 1, beta: 8 }),
  dist: ({ zs, zt }) => distLoss(zs!, zt!),
  dist_cifar: ({ zs, zt }) => distLoss(zs!, zt!, { temperature: 4, beta: 2, gamma: 2 }),
  logit_standardisation: ({ zs, zt }) =>
    ops.scale(divergence(standardizeLogits(zs!), standardizeLogits(zt!), 2), 9),
  label_smoothing: ({ zs }, labels) => smoothedLoss(zs!, labels, 0.1),
  tf_kd_reg: ({ zs }, labels) => virtualTeacherLoss(zs!, labels),
  born_again_ce: ({ zs, zt }, labels) =>
    distillationLoss({ logits: zs!, soft: ops.softmax(zt!), labels }, { temperature: 1, alpha: 0 }),
  dml_net1: ({ z1, z2 }, labels) => mutualLoss({ logits: z1!, peers: [z2!], labels }),
  dml_net2: ({ z1, z2 }, labels) => mutualLoss({ logits: z2!, peers: [z1!], labels }),
  hint_paper: (of) => hintLoss(regressed(of), last(of.ft!)),
  hint_code: (of) => hintLoss(regressed(of), last(of.ft!), { form: 'common' }),
  self: ({ zs, zt }, labels) => shallowLoss({ logits: zs!, deepest: zt!, labels }),
  self_half: ({ zs, zt }, labels) =>
    shallowLoss({ logits: zs!, deepest: zt!, labels }, { alpha: 0.5, temperature: 1 }),
  // The mean over everything, where ours is half the sum over the classes.
  logits_mse: ({ zs, zt }) => ops.scale(logitRegression(zs!, zt!), 2 / 4),
  at_sum2_paper: maps({}),
  at_sum2_code: maps({ form: 'common' }),
  at_mean2_paper: maps({ over: 'mean' }),
  at_mean2_code: maps({ over: 'mean', form: 'common' }),
  at_max2_paper: maps({ over: 'max' }),
  at_max2_code: maps({ over: 'max', form: 'common' }),
  at_sum1_paper: maps({ power: 1 }),
  at_sum1_code: maps({ power: 1, form: 'common' }),
  at_sum4_paper: maps({ power: 4 }),
  at_sum4_code: maps({ power: 4, form: 'common' }),
  sp: ({ fs, ft }) => similarityLoss(rows(fs!), rows(ft!)),
  cc_taylor_rbf: ({ es, et }) => congruenceLoss(es!, et!),
  cc_repdistiller: ({ es2, et }) => neighborLoss(es2!, et!),
  pkt: ({ es, et }) => probabilisticLoss(es!, et!, { form: 'common' }),
  rkd_distance: ({ es, et }) => distanceLoss(es!, et!),
  rkd_angle: ({ es, et }) => angleLoss(es!, et!),
  darkrank_hard: ({ es, et }) => darkRankLoss(es!, et!, { length: 3 }),
  darkrank_soft: ({ es, et }) => darkRankLoss(es!, et!, { ranking: 'soft', length: 3 }),
  fsp_paper: sections({}),
  fsp_code: sections({ form: 'common' }),
  fsp_iterated_paper: (of) => ops.add(sections({})(of), sections({}, 'f', 'f3')(of)),
  at_gradient_relu: byInputs(ops.relu, 'squared'),
  at_gradient_relu_norm: byInputs(ops.relu, 'paper'),
  at_gradient_tanh: byInputs(ops.tanh, 'squared'),
  at_gradient_tanh_norm: byInputs(ops.tanh, 'paper'),
  at_symmetric_relu: mirrored(ops.relu),
  at_symmetric_tanh: mirrored(ops.tanh),
};

/** A 1 × 1 convolution and ReLU: PyTorch's weights are [to, from]. */
function regressed({ fs, w }: Inputs): Tensor {
  const x = last(fs!);
  const [n, height, width, channels] = x.shape as [number, number, number, number];
  const pixels = ops.reshape(x, [n * height * width, channels]);
  const made = ops.relu(ops.matmul(pixels, w!, { transposeB: true }));
  return ops.reshape(made, [n, height, width, w!.shape[0]!]);
}

/** Two channels of one magnitude: our maximum's gradient is shared by both, PyTorch's goes to the first. */
const ties = (name: string): number[][] => (name.startsWith('at_max') ? [[13, 21]] : []);

/** One regressed number is 3e-17, which f32 rounds to the other side of its ReLU: what depends on it isn't compared there. */
const kinks = (name: string, key: string): number[] =>
  (name.startsWith('hint') && { fs: [3, 7, 11], w: [6, 7, 8] }[key]) || [];

/** PyTorch has the channels before height and width. */
const last = (x: Tensor) => ops.transpose(x, [0, 2, 3, 1]);

function maps(options: AttentionMaps) {
  return ({ fs, ft }: Inputs) => attentionLoss(last(fs!), last(ft!), options);
}

/** Of the maps with these names, of the student (s) and the teacher (t). */
function sections(options: FspForm, from = 'f1', to = 'f') {
  return (of: Inputs) => {
    const section = (whose: string) => [last(of[from + whose]!), last(of[to + whose]!)] as const;
    return fspLoss(section('s'), section('t'), options);
  };
}

type Activation = (x: Tensor) => Tensor;

/** Logits of images by the weights of a convolution and of a dense layer. */
function logitsBy(x: Tensor, [conv, bias, dense]: readonly Tensor[], activation: Activation): Tensor {
  const filters = ops.transpose(conv!, [2, 3, 1, 0]);
  const hidden = activation(ops.add(ops.conv2d(last(x), filters), bias!));
  return ops.matmul(rows(ops.transpose(hidden, [0, 3, 1, 2])), dense!, { transposeB: true });
}

function byInputs(activation: Activation, form: 'paper' | 'squared') {
  return ({ x, cw, cb, dw, tcw, tcb, tdw }: Inputs, labels: Tensor) => {
    const of = (...weights: Tensor[]) =>
      gradientMap({ logits: logitsBy(x!, weights, activation), labels, inputs: x! });
    return gradientAttentionLoss(of(cw!, cb!, dw!), of(tcw!, tcb!, tdw!), { form });
  };
}

function mirrored(activation: Activation) {
  return ({ x, cw, cb, dw }: Inputs, labels: Tensor) => {
    const of = (seen: Tensor) =>
      gradientMap({ logits: logitsBy(seen, [cw!, cb!, dw!], activation), labels, inputs: x! });
    return gradientAttentionLoss(of(x!), of(ops.flip(x!, 3)), { form: 'squared' });
  };
}

function rows(x: Tensor): Tensor {
  return ops.reshape(x, [x.shape[0]!, x.shape.slice(1).reduce((a, b) => a * b)]);
}

/** The mean loss and its gradients, row-major. */
async function computed(name: string, wrt: readonly string[], on?: Engine) {
  const { y, ...numbers } = numbersOf(name);
  const given = Object.fromEntries(
    Object.entries(numbers).map(([key, value]) => [key, variable(key, shapeOf(value))]),
  );
  const labels = variable('labels', shapeOf(y!), 'i32');
  const loss = ops.mean(losses[name]!(given, labels));
  const asked = gradients(
    loss,
    wrt.map((key) => given[key]!),
  );
  // The float64 reference takes the numbers as they are, and a graph's constants, such as 1/3, too.
  const inputs = [
    ...Object.entries(given).map(([key, v]) => ({ variable: v, values: asInput(numbers[key]!, on) })),
    { variable: labels, values: Int32Array.from(flat(y!)) },
  ] as Input[];
  const [value, ...slopes] = await evaluate(on, inputs, [loss, ...asked]);
  return { value: value![0]!, slopes };
}

function asInput(values: Nested, on: Engine | undefined): Float32Array {
  const numbers = flat(values);
  return on ? Float32Array.from(numbers) : (Float64Array.from(numbers) as unknown as Float32Array);
}

export const rowNames = Object.keys(losses);

/** Holds an engine's loss and gradients of a row, or those in float64, against PyTorch's. */
export async function expectRow(name: string, on: Engine | undefined, tolerance: number): Promise<void> {
  const { loss, grad } = (golden.rows[name] ?? ourRows[name])!;
  const wrt = Object.keys(grad);
  const { value, slopes } = await computed(name, wrt, on);
  expect(Math.abs(value - loss)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(loss)));
  for (const [i, key] of wrt.entries()) {
    const expected = flat(grad[key]!);
    const scale = Math.max(...expected.map(Math.abs));
    for (const pair of ties(name)) {
      const shared = (of: ArrayLike<number>) => pair.reduce((sum, k) => sum + Math.abs(of[k]!), 0);
      expect(Math.abs(shared(slopes[i]!) - shared(expected))).toBeLessThanOrEqual(4 * tolerance * scale);
    }
    const left = [...ties(name).flat(), ...(on ? kinks(name, key) : [])];
    for (const [k, slope] of expected.entries())
      if (!left.includes(k))
        expect(Math.abs(slopes[i]![k]! - slope)).toBeLessThanOrEqual(2 * tolerance * Math.max(scale, 0.01));
  }
}
