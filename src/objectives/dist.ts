import { checkBoolean, checkNames, checkTemperature } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { add, divide, multiply, square, subtract } from '../ops/binary.js';
import { broadcastTo } from '../ops/broadcast.js';
import { mean, sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { softmax } from '../ops/softmax.js';
import { transpose } from '../ops/transpose.js';
import { scale, shift } from '../ops/unary.js';
import { checkLogits, rootOf } from './matrices.js';
import type { Objective } from './objective.js';
import { clippedRate } from './rate.js';
import { maybeStandardized, type Standardizing } from './standardized.js';
import { LOGITS_SOURCE, type LogitsSource, teacherLogits } from './teacher-logits.js';
import { checkWeights } from './weights.js';

export interface DistWeights {
  /** τ of both softmaxes (default 1). */
  temperature?: number | undefined;
  /** Of the relations between classes within a sample (default 1). */
  beta?: number | undefined;
  /** Of the relations between samples within a class (default 1). */
  gamma?: number | undefined;
}

export type DistOptions = DistWeights & Standardizing & LogitsSource;

/** What the authors' code adds to the product of norms. */
const EPSILON = 1e-8;

/**
 * DIST by sample (Huang et al., NeurIPS 2022, equations 6 to 9): τ²·(β·(1 − ρ of the sample's probabilities with the
 * teacher's) + γ·(1 − mean over the classes of ρ over the batch)), ρ being Pearson's correlation. The second term is one
 * number for the batch. The paper and its code have τ = 1; τ² is torchdistill's.
 */
export function distLoss(logits: Tensor, teacher: Tensor, options: DistWeights = {}): Tensor {
  checkNames(options, 'distLoss', ['temperature', 'beta', 'gamma']);
  checkLogits('distLoss', logits, teacher);
  const { temperature = 1, beta = 1, gamma = 1 } = options;
  demand(
    gamma === 0 || logits.shape[0]! > 1,
    'DIST compares the samples of a batch, which takes at least 2: give a larger batch or more samples, or gamma 0',
  );
  const s = softmax(logits, temperature);
  const t = softmax(teacher, temperature);
  const within = correlation(s, t);
  const between = mean(correlation(transpose(s), transpose(t)));
  const apart = add(scale(within, -beta), broadcastTo(scale(between, -gamma), within.shape));
  return scale(shift(apart, beta + gamma), temperature * temperature);
}

/** Pearson's correlation of each row of a with that of b: [rows]. */
function correlation(a: Tensor, b: Tensor): Tensor {
  const [x, y] = [centered(a), centered(b)];
  const norms = rootOf(multiply(sum(square(x), 1), sum(square(y), 1)));
  return divide(sum(multiply(x, y), 1), shift(norms, EPSILON));
}

function centered(x: Tensor): Tensor {
  return subtract(x, column(mean(x, 1)));
}

/** DIST as an objective (docs/objectives.md): add labels() to it by weightedSum(). @throws DistillError 'bad-argument' */
export function dist(options: DistOptions): Objective {
  checkNames(options, 'dist', [...LOGITS_SOURCE, 'temperature', 'beta', 'gamma', 'standardize']);
  const { temperature = 1, beta = 1, gamma = 1, standardize = false, ...source } = options;
  checkTemperature(temperature);
  checkBoolean(standardize, 'standardize');
  checkWeights({ beta, gamma }, 'dist');
  const teacher = teacherLogits(source);
  const as = maybeStandardized(standardize);
  return {
    spec: { kind: 'dist', temperature, beta, gamma, ...(standardize && { standardize }) },
    rate: clippedRate,
    ...teacher.needs,
    loss: (step) => distLoss(as(step.student.logits), as(teacher.of(step)), { temperature, beta, gamma }),
  };
}
