import { checkArray, checkNames, checkWhole, shown } from '../checks.js';
import type { Augmentation } from '../data/augment/index.js';
import { DistillError, demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { meanLogits } from '../nn/ensemble.js';
import type { TrainedModel } from '../nn/model-file.js';
import { square, subtract } from '../ops/binary.js';
import { mean, sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { scale } from '../ops/unary.js';
import type { Objective } from './objective.js';
import { checkedTeachers, checkTeaches } from './teachers.js';

/** The teachers' logits for every sample, stored ([size, classes]), or teachers that compute them in the step. */
export type LogitsSource =
  | { logits: Float32Array; classes: number; teachers?: undefined }
  | { logits?: undefined; teachers: readonly TrainedModel[] };

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
  checkNames(source, 'logits', ['logits', 'classes', 'teachers']);
  demand(
    source.teachers === undefined || source.logits === undefined,
    'logits and teachers that make others in the step are given: give one of the two',
  );
  const spec = { kind: 'logits' };
  if (source.teachers)
    return {
      spec,
      teachers: checkedTeachers(source.teachers),
      check: (data) => checkTeaches(source.teachers, data),
      loss: ({ student, teachers }) =>
        logitRegression(student.logits, meanLogits(teachers.map((teacher) => teacher.logits))),
    };
  checkFinite(source.logits, "the teachers' logits");
  checkWhole(source.classes, 'classes', 1, Infinity);
  return {
    spec,
    columns: { logits: { values: source.logits, shape: [source.classes] } },
    check: (_, augment) => checkPlain(augment, 'kept logits', ', or give teachers, which run in the step'),
    loss: ({ student, columns }) => logitRegression(student.logits, columns.logits!),
  };
}

/** Refuses augmented samples for what teachers said of them as they are. @throws DistillError 'mismatch' */
export function checkPlain(augment: readonly Augmentation[], what: string, otherwise = ''): void {
  demand(
    augment.length === 0,
    () =>
      `${what} are of the samples as they are, not as the student sees them: leave out augment${otherwise}`,
    'mismatch',
  );
}

/** @throws DistillError 'bad-argument' */
export function checkFinite(values: Float32Array, what: string): void {
  checkArray(values, what, 'Float32Array');
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw new DistillError(
      'bad-argument',
      `${what} must be finite numbers: number ${bad} is ${shown(values[bad])}`,
    );
}
