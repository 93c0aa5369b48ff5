import { checkNames, checkTemperature } from '../checks.js';
import type { Tensor } from '../graph/tensor.js';
import { divide, multiply, square, subtract } from '../ops/binary.js';
import { mean, sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { logSoftmax, softmax } from '../ops/softmax.js';
import { scale, shift } from '../ops/unary.js';
import { checkLogits, checkMatrices, rootOf } from './matrices.js';
import type { Objective } from './objective.js';
import { clippedRate } from './rate.js';
import { LOGITS_SOURCE, type LogitsSource, teacherLogits } from './teacher-logits.js';

export type StandardizedOptions = { temperature: number } & LogitsSource;

/** Of objectives that compare logits. */
export interface Standardizing {
  /** Compare logits of mean 0 and deviation 1 (Sun et al., CVPR 2024; default false). */
  standardize?: boolean | undefined;
}

/** What the authors' code adds to the deviation. */
const EPSILON = 1e-7;

/**
 * Each row of logits minus its mean, over its deviation (with classes − 1): then T is the only scale of a softmax, and a
 * small student needn't reach its teacher's (Sun et al., Logit Standardization in Knowledge Distillation, CVPR 2024,
 * equation 13). `decoupled` and `dist` do it with `standardize`; for losses of your own, give them standardized logits of both.
 */
export function standardizeLogits(logits: Tensor): Tensor {
  checkMatrices('standardizeLogits', logits);
  const centered = subtract(logits, column(mean(logits, 1)));
  const variance = scale(sum(square(centered), 1), 1 / Math.max(1, logits.shape[1]! - 1));
  return divide(centered, column(shift(rootOf(variance), EPSILON)));
}

/** What an objective compares: logits as they are, or standardized where that is asked for. */
export function maybeStandardized(standardize: boolean): (logits: Tensor) => Tensor {
  return standardize ? standardizeLogits : (logits) => logits;
}

/** T²·KL(teacher at T ‖ student at T) by sample. */
export function divergence(logits: Tensor, teacher: Tensor, temperature: number): Tensor {
  checkLogits('divergence', logits, teacher);
  checkTemperature(temperature);
  const apart = subtract(logSoftmax(teacher, temperature), logSoftmax(logits, temperature));
  return scale(sum(multiply(softmax(teacher, temperature), apart), 1), temperature * temperature);
}

/**
 * T²·KL of standardized logits (docs/objectives.md); the paper's weight of it is 9, beside 0.1·labels().
 * @throws DistillError 'bad-argument'
 */
export function standardized(options: StandardizedOptions): Objective {
  checkNames(options, 'standardized', [...LOGITS_SOURCE, 'temperature']);
  const { temperature, ...source } = options;
  checkTemperature(temperature);
  const teacher = teacherLogits(source);
  return {
    spec: { kind: 'standardized', temperature },
    rate: clippedRate,
    ...teacher.needs,
    loss: (step) =>
      divergence(standardizeLogits(step.student.logits), standardizeLogits(teacher.of(step)), temperature),
  };
}
