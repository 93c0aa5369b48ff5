import { apply } from './apply.js';
import { add, mul, sub } from './binary.js';
import { oneHotRows } from './one-hot.js';
import type { Case, CaseInput, Instruction, Operator } from './operator.js';
import { sum } from './reduce.js';
import { reshapeTo } from './reshape.js';
import { checkTemperature, logSoftmax, logSoftmaxRow, softmaxAt } from './softmax.js';
import { require, type Tensor } from './tensor.js';
import { scale } from './unary.js';

interface KdAttributes {
  temperature: number;
  /** Weight of the hard part, of one-hot labels. */
  alpha: number;
  /** Weight of the soft part. */
  beta: number;
  soft: boolean;
  labels: boolean;
}

/**
 * Cross-entropy of softmax(z/T) with the fused target t = alpha·onehot(label) + beta·soft, for each sample:
 * L = −Σ_c t_c·log softmax(z/T)_c. Inputs [logits, soft?, labels?].
 *
 * Where a label is −1 the hard part is zero, and so Σ t = beta·Σ soft: the target isn't rescaled, and the gradient
 * (Σt·softmax − t)/T stays the exact derivative of the loss.
 */
export const kdLoss: Operator = {
  name: 'kdLoss',
  infer: (inputs, attributes) => ({
    shape: [checked(inputs, attributes as unknown as KdAttributes).shape[0]!],
    dtype: 'f32',
  }),
  gradient: (node, up) => {
    const { temperature, beta, soft, labels } = node.attributes as unknown as KdAttributes;
    const toLogits = apply(kdLossGradient, [...node.inputs, up], node.attributes);
    const toSoft = scale(mul(logSoftmax(node.inputs[0]!, temperature), column(up)), -beta);
    return [toLogits, ...(soft ? [toSoft] : []), ...(labels ? [undefined] : [])];
  },
  lower: (node) => kdInstruction(node, node, undefined),
  reference: (inputs, node) => {
    const [z] = inputs;
    const columns = node.inputs[0]!.shape[1]!;
    const { temperature } = node.attributes as unknown as KdAttributes;
    const targets = referenceTargets(inputs, node);
    return Float64Array.from({ length: node.shape[0]! }, (_, r) => {
      const logs = logSoftmaxRow(z!.subarray(r * columns, (r + 1) * columns), temperature);
      return logs.reduce(
        (loss, log, c) => (targets[r * columns + c] === 0 ? loss : loss - targets[r * columns + c]! * log),
        0,
      );
    });
  },
  cases: casesWith([]),
};

/** upstream[r]·(Σt·softmax(z/T) − t)/T. Inputs [logits, soft?, labels?, upstream]. */
export const kdLossGradient: Operator = {
  name: 'kdLossGradient',
  infer: (inputs, attributes) => ({
    shape: checked(inputs.slice(0, -1), attributes as unknown as KdAttributes).shape,
    dtype: 'f32',
  }),
  gradient: (node, up) => {
    const logits = node.inputs[0]!;
    const upstream = node.inputs.at(-1)!;
    const { temperature, beta, soft, labels } = node.attributes as unknown as KdAttributes;
    const target = targetOf(node);
    const weight = column(sum(target, 1));
    const q = softmaxAt(logits, temperature);
    const scaled = mul(up, column(upstream));
    const centered = sub(scaled, column(sum(mul(scaled, q), 1)));
    const toLogits = scale(mul(mul(centered, q), weight), 1 / (temperature * temperature));
    const toSoft = scale(centered, -beta / temperature);
    const toUpstream = scale(sum(mul(up, sub(mul(q, weight), target)), 1), 1 / temperature);
    return [toLogits, ...(soft ? [toSoft] : []), ...(labels ? [undefined] : []), toUpstream];
  },
  lower: (node) => kdInstruction(node, undefined, node),
  reference: (inputs, node) => {
    const [rows, columns] = node.shape as [number, number];
    const { temperature } = node.attributes as unknown as KdAttributes;
    const targets = referenceTargets(inputs, node);
    const result = new Float64Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      const q = logSoftmaxRow(inputs[0]!.subarray(r * columns, (r + 1) * columns), temperature).map(Math.exp);
      const t = targets.subarray(r * columns, (r + 1) * columns);
      const weight = t.reduce((a, b) => a + b, 0);
      q.forEach((p, c) => {
        result[r * columns + c] = (inputs.at(-1)![r]! * (weight * p - t[c]!)) / temperature;
      });
    }
    return result;
  },
  cases: casesWith(['upstream']),
};

/** One pass makes the loss, the gradient or both: lowering joins the two nodes where they share their inputs. */
export function kdInstruction(
  node: Tensor,
  loss: Tensor | undefined,
  gradient: Tensor | undefined,
): Instruction {
  const { temperature, alpha, beta, soft, labels } = node.attributes as unknown as KdAttributes;
  const logits = node.inputs[0]!;
  const [rows, columns] = logits.shape as [number, number];
  return {
    opcode: 'kdLoss',
    tiles: rows,
    fields: {
      ...{ rows, columns, temperature, alpha, beta, logits, loss, gradient },
      soft: soft ? node.inputs[1] : undefined,
      labels: labels ? node.inputs[soft ? 2 : 1] : undefined,
      upstream: gradient?.inputs.at(-1),
    },
    writes: ['loss', 'gradient'],
    local: ['logits', 'soft', 'labels', 'upstream', 'loss', 'gradient'],
    scratch: (columns + 1) * 32,
  };
}

function checked(inputs: readonly Tensor[], { temperature, soft, labels }: KdAttributes): Tensor {
  const [logits, ...targets] = inputs as [Tensor, ...Tensor[]];
  checkTemperature(temperature, 'kdLoss');
  require(logits.shape.length === 2 &&
    logits.dtype === 'f32', 'kdLoss: logits must be an f32 matrix, a row for each sample');
  require(targets.length === Number(soft) + Number(labels) &&
    targets.length > 0, 'kdLoss: soft targets, labels or both are needed');
  if (soft)
    require(targets[0]!.shape.join() ===
      logits.shape.join(), `kdLoss: soft targets [${targets[0]!.shape}] don't fit logits [${logits.shape}]`);
  if (labels)
    require(targets.at(-1)!.dtype === 'i32' &&
      targets.at(-1)!.shape.join() ===
        `${logits.shape[0]}`, 'kdLoss: labels must be one i32 for each row of logits');
  return logits;
}

function column(x: Tensor): Tensor {
  return reshapeTo(x, [x.shape[0]!, 1]);
}

function targetOf(node: Tensor): Tensor {
  const { alpha, beta, soft, labels } = node.attributes as unknown as KdAttributes;
  const parts: Tensor[] = [];
  if (soft) parts.push(scale(node.inputs[1]!, beta));
  if (labels) parts.push(scale(oneHotRows(node.inputs[soft ? 2 : 1]!, node.inputs[0]!.shape[1]!), alpha));
  return parts.reduce(add);
}

function referenceTargets(inputs: readonly Float64Array[], node: Tensor): Float64Array {
  const { alpha, beta, soft, labels } = node.attributes as unknown as KdAttributes;
  const columns = node.inputs[0]!.shape[1]!;
  const targets = soft ? inputs[1]!.map((t) => t * beta) : new Float64Array(inputs[0]!.length);
  const hard = labels ? inputs[soft ? 2 : 1]! : new Float64Array(0);
  hard.forEach((label, r) => {
    if (label >= 0 && label < columns) targets[r * columns + label]! += alpha;
  });
  return targets;
}

function casesWith(extra: string[]): Case[] {
  const sizes = [
    [1, 1],
    [3, 10],
    [17, 3],
    [5, 70],
  ] as const;
  const kinds = [
    { soft: true, labels: false, alpha: 0, beta: 1, temperature: 20 },
    { soft: false, labels: true, alpha: 1, beta: 0, temperature: 1 },
    { soft: true, labels: true, alpha: 0.1, beta: 0.9, temperature: 4 },
  ];
  return kinds.flatMap((attributes) =>
    sizes.map(([rows, columns]) => {
      const inputs: CaseInput[] = [{ shape: [rows, columns] }];
      if (attributes.soft) inputs.push({ shape: [rows, columns], data: 'probabilities' });
      if (attributes.labels) inputs.push({ shape: [rows], data: { labels: columns }, dtype: 'i32' });
      for (const _ of extra) inputs.push({ shape: [rows] });
      return { inputs, attributes };
    }),
  );
}

export interface KdLossOptions {
  /** Soft targets [n, classes]: the teachers' probabilities at the same temperature. */
  soft?: Tensor;
  /** Hard labels [n], i32; −1 = unlabeled. */
  labels?: Tensor;
  /** T of the student's softmax (default 1). */
  temperature?: number;
  /** Weight a of the hard part (default 0.1 beside soft targets, else 1). */
  alpha?: number;
  /** Weight b of the soft part (default 1 − a). */
  beta?: number;
}

/**
 * The distillation loss by sample: logits [n, classes] → [n]. With both kinds of targets this is label fusion,
 * a·hard + b·soft; the two-term form of the paper is the sum of one with `soft` (times T²) and one with `labels`.
 * No factor T² is applied.
 */
export function kdLossBySample(logits: Tensor, options: KdLossOptions): Tensor {
  const { soft, labels, temperature = 1, alpha = soft ? (labels ? 0.1 : 0) : 1 } = options;
  const beta = options.beta ?? (soft ? 1 - alpha : 0);
  const inputs = [logits, ...(soft ? [soft] : []), ...(labels ? [labels] : [])];
  return apply(kdLoss, inputs, {
    temperature,
    alpha,
    beta,
    soft: soft !== undefined,
    labels: labels !== undefined,
  });
}
