import { apply } from '../graph/apply.js';
import type { BinaryKind, OpName, Pair, UnaryKind } from '../graph/names.js';
import { fill, type Node, type Tensor } from '../graph/tensor.js';
import { averagePoolRule, averagePoolSpreadRule } from '../ops/average-pool.js';
import { centeredSums, rowOf, rowsOf } from '../ops/batch-norm.js';
import { add, divide, mask, multiply, square, subtract } from '../ops/binary.js';
import { broadcastTo } from '../ops/broadcast.js';
import { concat } from '../ops/concat.js';
import { conv2dInputRule, conv2dRule, conv2dWeightRule } from '../ops/conv2d.js';
import { depthwiseInputRule, depthwiseRule, depthwiseWeightRule } from '../ops/depthwise.js';
import { dropoutRule } from '../ops/dropout.js';
import { flip } from '../ops/flip.js';
import { kdInputs, kdLossGradient } from '../ops/kd-loss.js';
import { matmul } from '../ops/matmul.js';
import { maxPoolGatherRule, maxPoolScatterRule } from '../ops/max-pool.js';
import { oneHot } from '../ops/one-hot.js';
import { pad } from '../ops/pad.js';
import { sum, sumTo } from '../ops/reduce.js';
import { column, reshape } from '../ops/reshape.js';
import { slice } from '../ops/slice.js';
import { logSoftmax, softmax } from '../ops/softmax.js';
import { transpose } from '../ops/transpose.js';
import { exp, scale, shift, sign, sqrt } from '../ops/unary.js';
import { sizeOf } from '../ops/window.js';
import { angleLossRule, angleLossSecond } from './angle-loss.js';

/**
 * The gradient of each input as graph nodes, given the output's; undefined for an input that receives none (indices,
 * targets held constant). Rules are written from operators, so gradients can be differentiated again.
 */
export type Rule<K extends OpName> = (node: Node<K>, upstream: Tensor) => readonly (Tensor | undefined)[];

/** 'none': no gradient flows through it. 'refused': one would, but the rule hasn't been written yet. */
export const rules: { readonly [K in OpName]: 'none' | 'refused' | Rule<K> } = {
  angleLoss: angleLossRule,
  angleLossGradient: angleLossSecond,
  averagePool: ({ inputs: [x], attributes }, up) => [
    apply(averagePoolSpreadRule, [up], { ...attributes, size: sizeOf(x!.shape) }),
  ],
  averagePoolSpread: ({ attributes: { size: _, ...attributes } }, up) => [
    apply(averagePoolRule, [up], attributes),
  ],
  batchedMatmul: productRule,
  binary: ({ attributes: { kind }, inputs: [a, b] }, up) => binaryRules[kind](a!, b!, up),
  broadcast: ({ inputs: [x] }, up) => [sumTo(up, x!.shape)],
  centeredSums: ({ inputs: [y, x, own] }, up) => {
    const [toSum, toCentered] = [rowOf(up, 0), rowOf(up, 1)];
    const toX = multiply(y!, broadcastTo(toCentered, y!.shape));
    return [
      add(broadcastTo(toSum, y!.shape), multiply(broadcastTo(toCentered, y!.shape), centered(x!, own!))),
      toX,
      pairOfRows(scale(sumTo(toX, toCentered.shape), -1), fill(0, toSum.shape)),
    ];
  },
  concat: ({ inputs: [a, b], attributes: { axis } }, up) => {
    const start = a!.shape.map((n, i) => (i === axis ? n : 0));
    return [slice(up, { start: start.map(() => 0), shape: a!.shape }), slice(up, { start, shape: b!.shape })];
  },
  conv2d: ({ inputs: [x, w], attributes }, up) => [
    apply(conv2dInputRule, [up, w!], { ...attributes, size: sizeOf(x!.shape) }),
    apply(conv2dWeightRule, [x!, up], { ...attributes, kernel: kernelOf(w!) }),
  ],
  conv2dInput: ({ inputs: [y, w], attributes: { size: _, ...attributes } }, up) => [
    apply(conv2dRule, [up, w!], attributes),
    apply(conv2dWeightRule, [up, y!], { ...attributes, kernel: kernelOf(w!) }),
  ],
  conv2dWeight: ({ inputs: [x, y], attributes: { kernel: _, ...attributes } }, up) => [
    apply(conv2dInputRule, [y!, up], { ...attributes, size: sizeOf(x!.shape) }),
    apply(conv2dRule, [x!, up], attributes),
  ],
  depthwise: ({ inputs: [x, w], attributes }, up) => [
    apply(depthwiseInputRule, [up, w!], { ...attributes, size: sizeOf(x!.shape) }),
    apply(depthwiseWeightRule, [x!, up], { ...attributes, kernel: kernelOf(w!) }),
  ],
  depthwiseInput: ({ inputs: [y, w], attributes: { size: _, ...attributes } }, up) => [
    apply(depthwiseRule, [up, w!], attributes),
    apply(depthwiseWeightRule, [up, y!], { ...attributes, kernel: kernelOf(w!) }),
  ],
  depthwiseWeight: ({ inputs: [x, y], attributes: { kernel: _, ...attributes } }, up) => [
    apply(depthwiseInputRule, [y!, up], { ...attributes, size: sizeOf(x!.shape) }),
    apply(depthwiseRule, [x!, up], attributes),
  ],
  // The same elements are dropped, as the mask follows from the stream.
  dropout: ({ attributes }, up) => [apply(dropoutRule, [up], attributes)],
  flip: ({ attributes: { axis } }, up) => [flip(up, axis)],
  gather: 'refused',
  gatherImages: 'refused',
  kdLoss: (node, up) => {
    const { soft, labels } = kdInputs(node);
    const { temperature, beta } = node.attributes;
    const toSoft = soft && scale(multiply(logSoftmax(node.inputs[0]!, temperature), column(up)), -beta);
    return [kdLossGradient(node, up), ...(soft ? [toSoft] : []), ...(labels ? [undefined] : [])];
  },
  kdLossGradient: kdLossSecond,
  matmul: productRule,
  maxPool: ({ inputs: [x], attributes }, up) => [apply(maxPoolScatterRule, [x!, up], attributes)],
  maxPoolGather: ({ inputs: [x], attributes }, up) => [
    undefined,
    apply(maxPoolScatterRule, [x!, up], attributes),
  ],
  maxPoolScatter: ({ inputs: [x], attributes }, up) => [
    undefined,
    apply(maxPoolGatherRule, [x!, up], attributes),
  ],
  moments: (node, up) => {
    const [x] = node.inputs;
    const toMean = scale(rowOf(up, 0), 1 / rowsOf(x!));
    const toVariance = scale(rowOf(up, 1), 2 / rowsOf(x!));
    return [
      add(
        broadcastTo(toMean, x!.shape),
        multiply(broadcastTo(toVariance, x!.shape), centered(x!, node as Tensor)),
      ),
    ];
  },
  normalize: ({ inputs: [x, own, gamma], attributes: { epsilon } }, up) => {
    const inverse = divide(fill(1, gamma!.shape), sqrt(shift(rowOf(own!, 1), epsilon)));
    const slope = multiply(gamma!, inverse);
    const sums = centeredSums(up, x!, own!);
    const [toShift, sum] = [rowOf(sums, 0), rowOf(sums, 1)];
    const toMean = scale(multiply(slope, toShift), -1);
    const toVariance = scale(multiply(multiply(slope, square(inverse)), sum), -0.5);
    return [
      multiply(up, broadcastTo(slope, x!.shape)),
      pairOfRows(toMean, toVariance),
      multiply(sum, inverse),
      toShift,
    ];
  },
  oneHot: 'none',
  permutation: 'none',
  random: 'none',
  reduce: (node, up) => {
    const [x] = node.inputs;
    const { kind, axis } = node.attributes;
    const kept = x!.shape.map((n, i) => (i === axis ? 1 : n));
    const spread = (t: Tensor) => broadcastTo(reshape(t, kept), x!.shape);
    if (kind === 'sum') return [spread(up)];
    // Equal maxima share the gradient. No element is above its maximum: the sign of the difference is −1 or 0.
    const ties = shift(sign(subtract(x!, spread(node as Tensor))), 1);
    return [multiply(spread(divide(up, sum(ties, axis))), ties)];
  },
  reshape: ({ inputs: [x] }, up) => [reshape(up, x!.shape)],
  slice: ({ inputs: [x], attributes: { start } }, up) => [pad(up, { start, shape: x!.shape })],
  softmax: (node, up) => {
    const { log, temperature } = node.attributes;
    const y = node as Tensor;
    const rowSum = (x: Tensor) => column(sum(x, 1));
    const toScaled = log
      ? subtract(up, multiply(exp(y), rowSum(up)))
      : multiply(subtract(up, rowSum(multiply(up, y))), y);
    return [scale(toScaled, 1 / temperature)];
  },
  stepRead: 'refused',
  stopGradient: 'none',
  sumOfSquares: ({ inputs }, up) => inputs.map((x) => scale(multiply(x, broadcastTo(up, x.shape)), 2)),
  transpose: ({ attributes: { order } }, up) => [
    transpose(
      up,
      order.map((_, i) => order.indexOf(i)),
    ),
  ],
  unary: (node, up) => {
    const { kind, value } = node.attributes;
    return [unaryRules[kind](node.inputs[0]!, node as Tensor, up, value)];
  },
  viewIndex: 'none',
};

/** Of two matrices, or of two for each sample. */
function productRule(
  { inputs: [a, b], attributes: { transposeA, transposeB } }: Node<'matmul'> | Node<'batchedMatmul'>,
  up: Tensor,
): Tensor[] {
  return [
    transposeA
      ? matmul(b!, up, { transposeA: transposeB, transposeB: true })
      : matmul(up, b!, { transposeB: !transposeB }),
    transposeB
      ? matmul(up, a!, { transposeA: true, transposeB: transposeA })
      : matmul(a!, up, { transposeA: !transposeA }),
  ];
}

/** x minus each channel's mean, the first row of its moments. */
function centered(x: Tensor, own: Tensor): Tensor {
  return subtract(x, broadcastTo(rowOf(own, 0), x.shape));
}

/** Two rows [c] as [2, c]. */
function pairOfRows(first: Tensor, second: Tensor): Tensor {
  return concat(
    [first, second].map((row) => reshape(row, [1, row.shape[0]!])),
    0,
  );
}

/** Height and width of convolution's weights. */
function kernelOf(w: Tensor): Pair {
  return [w.shape[0]!, w.shape[1]!];
}

/** Given x, y = f(x), the gradient of y, and the constant of scale and shift. */
const unaryRules: Record<UnaryKind, (x: Tensor, y: Tensor, up: Tensor, v: number) => Tensor | undefined> = {
  scale: (_x, _y, up, v) => scale(up, v),
  shift: (_x, _y, up) => up,
  relu: (_x, y, up) => mask(up, y),
  leakyRelu: (x, _y, up, v) => add(scale(up, v), scale(mask(up, x), 1 - v)),
  sigmoid: (_x, y, up) => multiply(up, multiply(y, shift(scale(y, -1), 1))),
  tanh: (_x, y, up) => multiply(up, shift(scale(square(y), -1), 1)),
  exp: (_x, y, up) => multiply(up, y),
  log: (x, _y, up) => divide(up, x),
  sqrt: (_x, y, up) => scale(divide(up, y), 0.5),
  abs: (x, _y, up) => multiply(up, sign(x)),
  sign: () => undefined,
};

const binaryRules: Record<BinaryKind, (a: Tensor, b: Tensor, up: Tensor) => (Tensor | undefined)[]> = {
  add: (_a, _b, up) => [up, up],
  subtract: (_a, _b, up) => [up, scale(up, -1)],
  multiply: (a, b, up) => [multiply(up, b), multiply(up, a)],
  divide: (a, b, up) => [divide(up, b), scale(divide(multiply(up, a), square(b)), -1)],
  mask: (_a, b, up) => [mask(up, b), undefined],
};

/** Derivatives of upstream[r]·(Σt·softmax(z/T) − t)/T by the logits, the soft targets and upstream. */
function kdLossSecond(node: Node<'kdLossGradient'>, up: Tensor): (Tensor | undefined)[] {
  const { logits, soft, labels } = kdInputs(node);
  const { temperature, alpha, beta } = node.attributes;
  const upstream = node.inputs.at(-1)!;
  const hard = labels && scale(oneHot(labels, logits.shape[1]!), alpha);
  const parts = [...(soft ? [scale(soft, beta)] : []), ...(hard ? [hard] : [])];
  const target = parts.reduce(add);
  const weight = column(sum(target, 1));
  const q = softmax(logits, temperature);
  const scaled = multiply(up, column(upstream));
  const centered = subtract(scaled, column(sum(multiply(scaled, q), 1)));
  const toLogits = scale(multiply(multiply(centered, q), weight), 1 / (temperature * temperature));
  const toSoft = scale(centered, -beta / temperature);
  const toUpstream = scale(sum(multiply(up, subtract(multiply(q, weight), target)), 1), 1 / temperature);
  return [toLogits, ...(soft ? [toSoft] : []), ...(labels ? [undefined] : []), toUpstream];
}
