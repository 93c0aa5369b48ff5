import type { BinaryKind, EffectName, OpName, UnaryKind } from '../../graph/names.js';
import { size } from '../../graph/shape.js';
import type { Computed, Node, Tensor } from '../../graph/tensor.js';
import { square } from '../../ops/binary.js';
import { broadcastTo } from '../../ops/broadcast.js';
import { concat } from '../../ops/concat.js';
import { mean } from '../../ops/reduce.js';
import { column, reshape } from '../../ops/reshape.js';
import { abs, scale } from '../../ops/unary.js';

/**
 * How far a result may be from wasm's: `within` as a share of each number, of the largest of all, or of a tensor of its
 * shape, which is what rounding errors grow with where terms cancel.
 */
export interface Tolerance {
  readonly within: number;
  readonly of: 'each' | 'largest' | Tensor;
}

/** Half a unit in the last place of 1. */
const ROUNDING = 2 ** -24;

/** Moved, compared, drawn. */
const EXACT: Tolerance = { within: 0, of: 'each' };
/** Sums and products of two: WGSL rounds right, but doesn't say in which direction. */
const ROUNDED: Tolerance = { within: 4 * ROUNDING, of: 'each' };
/** Quotients and roots, off by some units in the last place (WGSL 15.7.4), and our functions, which are made of them. */
const FUNCTION: Tolerance = { within: 2e-6, of: 'each' };
/** Several of these. */
const SEVERAL: Tolerance = { within: 1e-5, of: 'largest' };

/** Of a whole plan: errors of all operators add up, and a ReLU may fall on the other side of zero. */
export const PLAN: Tolerance = { within: 1e-3, of: 'largest' };

const unary: Readonly<Record<UnaryKind, Tolerance>> = {
  abs: EXACT,
  exp: FUNCTION,
  leakyRelu: ROUNDED,
  log: FUNCTION,
  relu: EXACT,
  scale: ROUNDED,
  shift: ROUNDED,
  sigmoid: FUNCTION,
  sign: EXACT,
  sqrt: FUNCTION,
  tanh: FUNCTION,
};

const binary: Readonly<Record<BinaryKind, Tolerance>> = {
  add: ROUNDED,
  divide: FUNCTION,
  mask: EXACT,
  multiply: ROUNDED,
  subtract: ROUNDED,
};

type Rule<K extends OpName> = Tolerance | ((node: Node<K>) => Tolerance);

/** The tolerance of every operator; a missing entry is a compile error. */
const operators: { readonly [K in OpName]: Rule<K> } = {
  angleLoss: SEVERAL,
  angleLossGradient: SEVERAL,
  averagePool: (node) => sums(node, size(node.attributes.kernel) + 1),
  averagePoolSpread: (node) => sums(node, size(node.attributes.kernel) + 1),
  batchedMatmul: (node) => sums(node, node.inputs[0]!.shape[node.attributes.transposeA ? 1 : 2]!),
  binary: ({ attributes }) => binary[attributes.kind],
  broadcast: EXACT,
  centeredSums,
  concat: EXACT,
  conv2d: (node) => sums(node, size(node.inputs[1]!.shape.slice(0, -1))),
  conv2dInput: (node) => sums(node, size(node.inputs[1]!.shape) / node.inputs[1]!.shape[2]!),
  conv2dWeight: (node) => sums(node, size(node.inputs[1]!.shape.slice(0, -1))),
  depthwise: (node) => sums(node, size(node.inputs[1]!.shape.slice(0, -1))),
  depthwiseInput: (node) => sums(node, size(node.inputs[1]!.shape.slice(0, -1))),
  depthwiseWeight: (node) => sums(node, size(node.inputs[1]!.shape.slice(0, -1))),
  dropout: EXACT,
  flip: EXACT,
  gather: EXACT,
  gatherImages: EXACT,
  kdLoss: SEVERAL,
  kdLossGradient,
  matmul: (node) => sums(node, node.inputs[0]!.shape[node.attributes.transposeA ? 0 : 1]!),
  maxPool: EXACT,
  maxPoolGather: EXACT,
  maxPoolScatter: SEVERAL,
  moments,
  normalize: SEVERAL,
  oneHot: EXACT,
  permutation: EXACT,
  // Of normal numbers wasm takes the cosine in f64.
  random: ({ attributes: { kind } }) => (kind === 'uniform' ? EXACT : SEVERAL),
  reduce: (node) =>
    node.attributes.kind === 'max' ? EXACT : sums(node, node.inputs[0]!.shape[node.attributes.axis]!),
  reshape: EXACT,
  slice: EXACT,
  softmax: SEVERAL,
  stepRead: EXACT,
  stopGradient: EXACT,
  sumOfSquares: (node) =>
    sums(
      node,
      node.inputs.reduce((terms, { shape }) => terms + size(shape), 0),
    ),
  transpose: EXACT,
  unary: ({ attributes }) => unary[attributes.kind],
  viewIndex: EXACT,
};

/** Of what steps write. */
const effects: { readonly [K in EffectName]: Tolerance } = {
  adam: SEVERAL,
  assign: EXACT,
  maxNorm: SEVERAL,
  rowsWrite: EXACT,
  sgd: SEVERAL,
  stepWrite: EXACT,
};

export function operatorTolerance(node: Computed): Tolerance {
  return ruled(node);
}

function ruled<K extends OpName>(node: Node<K>): Tolerance {
  const rule = operators[node.op];
  return typeof rule === 'function' ? rule(node) : rule;
}

export const effectTolerance = (effect: EffectName): Tolerance => effects[effect];

/** Of sums of k terms: 2·k·2⁻²⁴ of the sums of their magnitudes, which the operator itself makes from magnitudes. */
function sums<K extends OpName>(node: Node<K>, terms: number, inputs = node.inputs.map(abs)): Tolerance {
  // As in apply: TypeScript can't see that Node<K> for one K is a member of the union over all of them.
  return { within: 2 * terms * ROUNDING, of: { ...node, inputs } as unknown as Tensor };
}

/** Σ y and Σ y·(x − mean): |x| + |mean| is x − mean of magnitudes and of negative ones. */
function centeredSums(node: Node<'centeredSums'>): Tolerance {
  const [y, x, own] = node.inputs as [Tensor, Tensor, Tensor];
  return sums(node, size(x.shape) / x.shape.at(-1)! + 1, [abs(y), abs(x), scale(abs(own), -1)]);
}

/** A mean's error grows with the mean magnitude, a variance's with the mean square. */
function moments({ inputs: [x] }: Node<'moments'>): Tolerance {
  const columns = x!.shape.at(-1)!;
  const rows = reshape(x!, [size(x!.shape) / columns, columns]);
  const row = (values: Tensor) => reshape(mean(values, 0), [1, columns]);
  return { within: 1e-5, of: concat([row(abs(rows)), row(square(rows))], 0) };
}

/** Weighted probabilities less others, times the sample's own gradient: next to nothing may be left of them. */
function kdLossGradient({ inputs, shape, attributes }: Node<'kdLossGradient'>): Tolerance {
  const { alpha, beta, temperature } = attributes;
  const upstream = scale(abs(inputs.at(-1)!), (Math.abs(alpha) + Math.abs(beta)) / temperature);
  return { within: 1e-5, of: broadcastTo(column(upstream), shape) };
}
