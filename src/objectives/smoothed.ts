import { checkNames, checkNumber, checkTemperature } from '../checks.js';
import type { Labeled } from '../data/stream.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { add, multiply, subtract } from '../ops/binary.js';
import { kdLoss } from '../ops/kd-loss.js';
import { oneHot } from '../ops/one-hot.js';
import { mean, sum } from '../ops/reduce.js';
import { logSoftmax, softmax } from '../ops/softmax.js';
import { scale, shift } from '../ops/unary.js';
import { checkLabels, checkMatrices } from './matrices.js';
import type { Objective } from './objective.js';

/**
 * Cross-entropy with (1 − ε)·label + ε/classes by sample (Szegedy et al., Rethinking the Inception Architecture, CVPR
 * 2016, section 7). What a teacher that knows nothing of the sample would add: the control for soft targets.
 */
export function smoothedLoss(logits: Tensor, labels: Tensor, epsilon: number): Tensor {
  checkMatrices('smoothedLoss', logits);
  checkLabels('smoothedLoss', labels, logits);
  checkNumber(epsilon, 'epsilon', 'a number from 0 to 1', (e) => e >= 0 && e <= 1);
  const labeled = sum(oneHot(labels, logits.shape[1]!), 1);
  const even = multiply(scale(mean(logSoftmax(logits), 1), -epsilon), labeled);
  return add(kdLoss(logits, { labels, alpha: 1 - epsilon }), even);
}

/** Labels, a share `epsilon` of each spread evenly (default 0.1). @throws DistillError 'bad-argument' */
export function smoothedLabels(options: { epsilon?: number | undefined } = {}): Objective {
  checkNames(options, 'smoothedLabels', ['epsilon']);
  const { epsilon = 0.1 } = options;
  checkNumber(epsilon, 'epsilon', 'a number from 0 to 1', (e) => e >= 0 && e <= 1);
  return {
    spec: { kind: 'smoothed labels', epsilon },
    check: (data) => checkSome(data, 'smoothed labels'),
    loss: ({ student, labels }) => smoothedLoss(student.logits, labels, epsilon),
  };
}

function checkSome({ labels }: Labeled, what: string): void {
  demand(
    labels.some((label) => label >= 0),
    () => `${what} tells of labels alone, but no sample has one: take distillation() or logits()`,
  );
}

export interface VirtualTeacherOptions {
  /** Its probability of the label, before it is softened (default 0.99). */
  correct?: number | undefined;
  /** T of its softmax (default 20). */
  temperature?: number | undefined;
}

/**
 * KL(virtual teacher at T ‖ student at 1) by sample: a teacher by hand, sure of the label and even on all else (Yuan et
 * al., Revisiting Knowledge Distillation via Label Smoothing Regularization, CVPR 2020, equation 10). Its softmax at T is
 * that of its probabilities, as in the authors' code.
 */
export function virtualTeacherLoss(
  logits: Tensor,
  labels: Tensor,
  options: VirtualTeacherOptions = {},
): Tensor {
  checkNames(options, 'virtualTeacherLoss', ['correct', 'temperature']);
  checkMatrices('virtualTeacherLoss', logits);
  checkLabels('virtualTeacherLoss', labels, logits);
  const { correct = 0.99, temperature = 20 } = options;
  const classes = logits.shape[1]!;
  const label = oneHot(labels, classes);
  const rest = (1 - correct) / Math.max(1, classes - 1);
  const teacher = shift(scale(label, correct - rest), rest);
  const apart = subtract(logSoftmax(teacher, temperature), logSoftmax(logits));
  return multiply(sum(multiply(softmax(teacher, temperature), apart), 1), sum(label, 1));
}

/** Distillation without a teacher: add labels() to it by weightedSum(). @throws DistillError 'bad-argument' */
export function virtualTeacher(options: VirtualTeacherOptions = {}): Objective {
  checkNames(options, 'virtualTeacher', ['correct', 'temperature']);
  const { correct = 0.99, temperature = 20 } = options;
  checkTemperature(temperature);
  checkNumber(correct, 'correct', 'a number above 0 and at most 1', (p) => p > 0 && p <= 1);
  return {
    spec: { kind: 'virtual teacher', correct, temperature },
    check: (data) => checkSome(data, 'a virtual teacher'),
    loss: ({ student, labels }) => virtualTeacherLoss(student.logits, labels, { correct, temperature }),
  };
}
