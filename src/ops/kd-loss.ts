import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { KdAttributes } from '../graph/names.js';
import { sameShape } from '../graph/shape.js';
import type { Node, Tensor } from '../graph/tensor.js';
import type { CaseInput, Operator } from './operator.js';
import { checkTemperature, logSoftmaxRow } from './softmax.js';

/**
 * Cross-entropy of softmax(z/T) with the fused target t = alpha·onehot(label) + beta·soft, for each sample:
 * L = −Σ_c t_c·log softmax(z/T)_c. Inputs [logits, soft?, labels?].
 *
 * If a label is −1 the hard part is zero, so Σ t = beta·Σ soft: the target isn't rescaled, and the gradient (Σt·softmax
 * − t)/T stays the exact derivative of the loss.
 */
const kdLossRule: ShapeRule<'kdLoss'> = {
  name: 'kdLoss',
  infer: (inputs, attributes) => ({ shape: [checked(inputs, attributes).shape[0]!], dtype: 'f32' }),
};

export const kdLossOp: Operator<'kdLoss'> = {
  rule: kdLossRule,
  reference: (inputs, node) => {
    const [z] = inputs;
    const columns = node.inputs[0]!.shape[1]!;
    const targets = referenceTargets(inputs, node);
    return Float64Array.from({ length: node.shape[0]! }, (_, r) => {
      const logs = logSoftmaxRow(z!.subarray(r * columns, (r + 1) * columns), node.attributes.temperature);
      return logs.reduce(
        (loss, log, c) => (targets[r * columns + c] === 0 ? loss : loss - targets[r * columns + c]! * log),
        0,
      );
    });
  },
  cases: () => casesWith([]),
};

/** upstream[r]·(Σt·softmax(z/T) − t)/T. Inputs [logits, soft?, labels?, upstream]. */
const kdLossGradientRule: ShapeRule<'kdLossGradient'> = {
  name: 'kdLossGradient',
  infer: (inputs, attributes) => ({ shape: checked(inputs.slice(0, -1), attributes).shape, dtype: 'f32' }),
};

export const kdLossGradientOp: Operator<'kdLossGradient'> = {
  rule: kdLossGradientRule,
  reference: (inputs, node) => {
    const [rows, columns] = node.shape as [number, number];
    const { temperature } = node.attributes;
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
  cases: () => casesWith(['upstream']),
};

function checked(inputs: readonly Tensor[], { temperature, soft, labels }: KdAttributes): Tensor {
  const [logits, ...targets] = inputs as [Tensor, ...Tensor[]];
  checkTemperature(temperature, 'kdLoss');
  demand(
    logits.shape.length === 2 && logits.dtype === 'f32',
    () =>
      `kdLoss: logits must be an f32 matrix, a row for each sample, not ${logits.dtype} [${logits.shape}]`,
  );
  demand(
    targets.length === Number(soft) + Number(labels) && targets.length > 0,
    'kdLoss: soft targets, labels or both are needed',
  );
  if (soft)
    demand(
      sameShape(targets[0]!.shape, logits.shape) && targets[0]!.dtype === 'f32',
      () => `kdLoss: soft targets [${targets[0]!.shape}] don't fit logits [${logits.shape}]`,
    );
  if (labels)
    demand(
      targets.at(-1)!.dtype === 'i32' && sameShape(targets.at(-1)!.shape, [logits.shape[0]!]),
      'kdLoss: labels must be one i32 for each row of logits',
    );
  return logits;
}

/** The inputs of either operator, by role. */
export function kdInputs({ inputs, attributes }: Node<'kdLoss'> | Node<'kdLossGradient'>) {
  const { soft, labels } = attributes;
  return {
    logits: inputs[0]!,
    soft: soft ? inputs[1] : undefined,
    labels: labels ? inputs[soft ? 2 : 1] : undefined,
  };
}

function referenceTargets(
  inputs: readonly Float64Array[],
  node: Node<'kdLoss'> | Node<'kdLossGradient'>,
): Float64Array {
  const { alpha, beta, soft, labels } = node.attributes;
  const columns = node.inputs[0]!.shape[1]!;
  const targets = soft ? inputs[1]!.map((t) => t * beta) : new Float64Array(inputs[0]!.length);
  const hard = labels ? inputs[soft ? 2 : 1]! : new Float64Array(0);
  hard.forEach((label, r) => {
    if (label >= 0 && label < columns) targets[r * columns + label]! += alpha;
  });
  return targets;
}

function casesWith(extra: readonly string[]): { inputs: CaseInput[]; attributes: KdAttributes }[] {
  const sizes = [
    [1, 1],
    [3, 10],
    [17, 3],
    [5, 70],
  ] as const;
  const kinds: KdAttributes[] = [
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
  soft?: Tensor | undefined;
  /** Hard labels [n], i32; −1 = unlabeled. */
  labels?: Tensor | undefined;
  /** T of the student's softmax (default 1). */
  temperature?: number;
  /** Weight a of the hard part (default 0.1 beside soft targets, else 1). */
  alpha?: number;
  /** Weight b of the soft part (default 1 − a). */
  beta?: number;
}

/**
 * The distillation loss per sample: logits [n, classes] → [n]. With both kinds of targets this is label fusion, a·hard
 * + b·soft; the two-term form of the paper is the sum of one with `soft` (times T²) and one with `labels`. No factor T²
 * is applied.
 */
export function kdLoss(logits: Tensor, options: KdLossOptions): Tensor {
  checkNames(options, 'kdLoss', ['soft', 'labels', 'temperature', 'alpha', 'beta']);
  const { soft, labels, temperature = 1, alpha = soft ? (labels ? 0.1 : 0) : 1 } = options;
  const beta = options.beta ?? (soft ? 1 - alpha : 0);
  const inputs = [logits, ...(soft ? [soft] : []), ...(labels ? [labels] : [])];
  return apply(kdLossRule, inputs, {
    temperature,
    alpha,
    beta,
    soft: soft !== undefined,
    labels: labels !== undefined,
  });
}

/**
 * The gradient of kdLoss with respect to the logits, [n, classes], given the gradient with respect to each loss [n].
 */
export function kdLossGradient(node: Node<'kdLoss'>, upstream: Tensor): Tensor {
  return apply(kdLossGradientRule, [...node.inputs, upstream], node.attributes);
}
