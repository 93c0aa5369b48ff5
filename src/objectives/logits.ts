import { checkNames } from '../checks.js';
import type { Tensor } from '../graph/tensor.js';
import { square, subtract } from '../ops/binary.js';
import { mean, sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { scale } from '../ops/unary.js';
import type { Objective } from './objective.js';
import { LOGITS_SOURCE, type LogitsSource, teacherLogits } from './teacher-logits.js';

/**
 * Regression on logits per sample: ½‖z − v‖², z [batch, classes] the student's, v the teachers' → [batch] (Ba & Caruana
 * 2014, equation 1). Distillation approaches it at high temperatures (Hinton, Vinyals, Dean 2015, section 2.1): the
 * gradient of T²·CE at T tends to 1/classes times this one's if both are centered, so the mean over the classes, to
 * which softmax is blind, doesn't count.
 */
export function logitRegression(
  logits: Tensor,
  targets: Tensor,
  options: { centered?: boolean } = {},
): Tensor {
  checkNames(options, 'logitRegression', ['centered']);
  const { centered = false } = options;
  const difference = subtract(logits, targets);
  return scale(sum(square(centered ? aboutMean(difference) : difference), 1), 0.5);
}

/** Each row minus its mean. */
function aboutMean(x: Tensor): Tensor {
  return subtract(x, column(mean(x, 1)));
}

/** The student's logits learn to match the teachers' averaged logits (not probabilities). Labels aren't read. */
export function logits(source: LogitsSource): Objective {
  checkNames(source, 'logits', LOGITS_SOURCE);
  const teacher = teacherLogits(source);
  return {
    spec: { kind: 'logits' },
    ...teacher.needs,
    loss: (step) => logitRegression(step.student.logits, teacher.of(step)),
  };
}
