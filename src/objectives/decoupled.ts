import { checkBoolean, checkNames, checkTemperature } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { add, multiply, subtract } from '../ops/binary.js';
import { oneHot } from '../ops/one-hot.js';
import { sum } from '../ops/reduce.js';
import { logSoftmax, softmax } from '../ops/softmax.js';
import { exp, scale } from '../ops/unary.js';
import { checkLabels, checkLogits } from './matrices.js';
import type { Objective } from './objective.js';
import { clippedRate } from './rate.js';
import { maybeStandardized, type Standardizing } from './standardized.js';
import { LOGITS_SOURCE, type LogitsSource, teacherLogits } from './teacher-logits.js';
import { checkWeights } from './weights.js';

export interface DecoupledWeights {
  temperature: number;
  /** Of TCKD, how sure the teacher is of the label (default 1). */
  alpha?: number | undefined;
  /** Of NCKD, what it says of the other classes (default 1; the paper's 8 for CIFAR-100 kills small students). */
  beta?: number | undefined;
}

export type DecoupledOptions = DecoupledWeights & Standardizing & LogitsSource;

/** [batch, classes] each, [batch] i32. */
export interface LabeledLogits {
  logits: Tensor;
  teacher: Tensor;
  labels: Tensor;
}

/** What takes a class out of a softmax: its probability becomes 0 exactly. */
const OUT = -1e30;

/**
 * Decoupled distillation by sample: T²·(α·TCKD + β·NCKD) (Zhao et al., CVPR 2022, equations 5 to 7). TCKD is the
 * divergence of the two probabilities of the label and of all else, NCKD that of the probabilities of the other classes
 * among themselves: KD weighs the latter by 1 − p(label), and so learns least where the teacher is sure. Unlabeled
 * samples contribute nothing.
 */
export function decoupledLoss(batch: LabeledLogits, options: DecoupledWeights): Tensor {
  checkNames(batch, "decoupledLoss's batch", ['logits', 'teacher', 'labels']);
  checkNames(options, 'decoupledLoss', ['temperature', 'alpha', 'beta']);
  const { logits, teacher, labels } = batch;
  checkLogits('decoupledLoss', logits, teacher);
  checkLabels('decoupledLoss', labels, logits);
  checkTemperature(options.temperature);
  const { temperature, alpha = 1, beta = 1 } = options;
  const label = oneHot(labels, logits.shape[1]!);
  const [s, t] = [logits, teacher].map((z) => parted(z, label, temperature)) as [Parted, Parted];
  const target = add(
    multiply(exp(t.label), subtract(t.label, s.label)),
    multiply(exp(t.rest), subtract(t.rest, s.rest)),
  );
  const others = sum(multiply(t.others, subtract(t.logOthers, s.logOthers)), 1);
  const both = add(scale(target, alpha), scale(others, beta));
  return scale(multiply(both, sum(label, 1)), temperature * temperature);
}

/** Of a batch's logits at T: [batch] the logarithms of p(label) and 1 − p(label), [batch, classes] p given another class. */
interface Parted {
  label: Tensor;
  rest: Tensor;
  others: Tensor;
  logOthers: Tensor;
}

function parted(logits: Tensor, label: Tensor, temperature: number): Parted {
  const z = scale(logits, 1 / temperature);
  const logs = logSoftmax(z);
  const without = add(z, scale(label, OUT));
  const others = softmax(without);
  const logOthers = logSoftmax(without);
  // log Σ exp(z) is z − log p of any class: here its mean over the other classes, which takes no logarithm of a small number.
  const logSum = (p: Tensor, of: Tensor, log: Tensor) => sum(multiply(p, subtract(of, log)), 1);
  return {
    label: sum(multiply(label, logs), 1),
    rest: subtract(logSum(others, without, logOthers), logSum(softmax(z), z, logs)),
    others,
    logOthers,
  };
}

/**
 * Decoupled distillation as an objective (docs/objectives.md): add labels() to it by weightedSum().
 * @throws DistillError 'bad-argument'
 */
export function decoupled(options: DecoupledOptions): Objective {
  checkNames(options, 'decoupled', [...LOGITS_SOURCE, 'temperature', 'alpha', 'beta', 'standardize']);
  const { temperature, alpha = 1, beta = 1, standardize = false, ...source } = options;
  checkTemperature(temperature);
  checkBoolean(standardize, 'standardize');
  checkWeights({ alpha, beta }, 'decoupled');
  const teacher = teacherLogits(source);
  const as = maybeStandardized(standardize);
  return {
    spec: { kind: 'decoupled', temperature, alpha, beta, ...(standardize && { standardize }) },
    rate: clippedRate,
    ...teacher.needs,
    check: async (data, augment) => {
      await teacher.needs.check(data, augment);
      demand(
        data.labels.some((label) => label >= 0),
        'decoupled distillation tells the label from the other classes, but no sample has a label: take distillation()',
      );
    },
    loss: (step) =>
      decoupledLoss(
        { logits: as(step.student.logits), teacher: as(teacher.of(step)), labels: step.labels },
        { temperature, alpha, beta },
      ),
  };
}
