import { checkNames, checkNumber, checkTemperature, checkWord, shown } from '../checks.js';
import { viewCount } from '../data/augment/index.js';
import type { Column } from '../data/column.js';
import type { Labeled } from '../data/stream.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { meanProbabilities } from '../nn/ensemble.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add } from '../ops/binary.js';
import { kdLoss } from '../ops/kd-loss.js';
import { scale } from '../ops/unary.js';
import { checkAligned, checkSoftTargets, type SoftTargets } from '../teachers/soft-targets.js';
import { type Bounds, labelBounds, softBounds, sumOfBounds } from './bounds.js';
import type { Objective } from './objective.js';
import { clippedRate } from './rate.js';
import { checkedTeachers, checkTeaches } from './teachers.js';
import { checkWeights } from './weights.js';

/** How soft targets and labels make one loss (docs/losses.md). */
export interface KdOptions {
  /** T of the student's softmax while it learns; it deploys at 1. */
  temperature: number;
  /** Weight a of the hard labels (default 0.1); soft targets have b = 1 − a. The form 'sum' has none. */
  alpha?: number | undefined;
  /**
   * 'fusion' (the default): T²·cross-entropy at T with a·hard + b·soft. 'two-term': b·T²·CE(soft at T) +
   * a·CE(hard at 1), the form of Hinton, Vinyals, Dean 2015, section 2. 'sum': CE(soft at T) + CE(hard at 1), without
   * weights or T²: at high temperatures nearly labels alone.
   */
  form?: 'fusion' | 'two-term' | 'sum' | undefined;
  /** For 'two-term': weight of the soft term in place of b·T² (docs/losses.md lists other implementations' weights). */
  softWeight?: number | undefined;
}

export const FORMS = ['fusion', 'two-term', 'sum'] as const;

/**
 * Where the soft targets come from: stored ones, made for the training's augmentations, or teachers that compute them
 * in each step for the images as the student sees them. Both give the same bits.
 */
export type SoftSource =
  | { soft: SoftTargets; teachers?: undefined }
  | { soft?: undefined; teachers: readonly TrainedModel[] };

export type DistillationOptions = KdOptions & SoftSource;

/** The targets of a batch. */
export interface KdBatch {
  /** [batch, classes] */
  logits: Tensor;
  /** [batch] i32, −1 = unlabeled. */
  labels: Tensor;
  /** [batch, classes]: the teachers' probabilities at the same temperature. */
  soft: Tensor;
}

/**
 * The distillation loss per sample. T² offsets the gradient's decline as T grows (Hinton, Vinyals, Dean 2015, section
 * 2): the gradient with respect to the logits falls with 1/T², except for the hard part. It doesn't bound the
 * gradient's size: the default recipe's clip does.
 */
export function distillationLoss(batch: KdBatch, options: KdOptions): Tensor {
  checkNames(batch, "distillationLoss's batch", ['logits', 'labels', 'soft']);
  const { logits, labels, soft } = batch;
  checkNames(options, 'distillationLoss', KD_NAMES);
  const { temperature, form = 'fusion' } = checked(options);
  if (form === 'fusion') {
    const { alpha = 0.1 } = options;
    return scale(kdLoss(logits, { soft, labels, temperature, alpha }), temperature * temperature);
  }
  const weights = weightsOf(options);
  const softTerm = kdLoss(logits, { soft, temperature, alpha: 0, beta: weights.soft });
  return add(softTerm, kdLoss(logits, { labels, alpha: weights.hard }));
}

/** Weights of the two terms, the soft one at T and the hard one at 1. */
function weightsOf({ temperature, alpha = 0.1, form, softWeight }: KdOptions): {
  soft: number;
  hard: number;
} {
  if (form === 'sum') return { soft: 1, hard: 1 };
  return { soft: softWeight ?? (1 - alpha) * (temperature * temperature), hard: alpha };
}

/**
 * Soft targets beside the labels, fused into one target unless `form` says otherwise; either stored or computed by teachers in the
 * step.
 * @throws DistillError 'bad-argument' for invalid options; training with it throws 'mismatch' for soft targets of other
 * samples, another order, another temperature or other augmentations.
 */
export function distillation(options: DistillationOptions): Objective {
  checkNames(options, 'distillation', DISTILLATION_NAMES);
  const { soft, teachers, ...kd } = options;
  const { temperature, alpha = 0.1, form = 'fusion', softWeight } = checked(kd);
  const spec = {
    kind: 'distillation',
    temperature,
    ...(form !== 'sum' && { alpha }),
    form,
    ...(softWeight !== undefined && { softWeight }),
  };
  const shared = { rate: clippedRate };
  checkSource(soft, teachers);
  if (teachers)
    return {
      ...shared,
      spec,
      teachers,
      check: (data) => checkTeaches(teachers, data),
      loss: (step) =>
        distillationLoss(
          {
            logits: step.student.logits,
            labels: step.labels,
            soft: meanProbabilities(
              step.teachers.map(({ logits }) => logits),
              temperature,
            ),
          },
          kd,
        ),
    };
  return {
    ...shared,
    spec: { ...spec, soft: soft!.transferSet, by: soft!.teachers },
    columns: { soft: columnOf(soft!) },
    checkSamples: (data, augment) => checkAligned(soft!, data, { temperature, augment }),
    bounds: (data) => boundsOf(soft!, data, kd),
    loss: (step) =>
      distillationLoss({ logits: step.student.logits, labels: step.labels, soft: step.columns.soft! }, kd),
  };
}

function boundsOf({ probabilities, augment }: SoftTargets, data: Labeled, kd: KdOptions): Bounds | undefined {
  const { temperature, alpha = 0.1, form = 'fusion' } = kd;
  const views = viewCount(augment);
  if (form === 'fusion')
    return sumOfBounds([[temperature * temperature, softBounds(probabilities, data, { views, alpha })]]);
  const weights = weightsOf(kd);
  return sumOfBounds([
    [weights.soft, softBounds(probabilities, data, { views, alpha: 0 })],
    [weights.hard, labelBounds(data)],
  ]);
}

function columnOf({ probabilities, classes }: SoftTargets): Column {
  return { values: probabilities, shape: [classes], views: true };
}

const KD_NAMES = ['temperature', 'alpha', 'form', 'softWeight'] as const;
export const DISTILLATION_NAMES = ['soft', 'teachers', ...KD_NAMES] as const;

function checked(options: KdOptions): KdOptions {
  const { temperature, alpha = 0.1, form = 'fusion', softWeight } = options;
  checkTemperature(temperature);
  demand(
    form !== 'sum' || options.alpha === undefined,
    () =>
      `alpha of ${shown(alpha)} was given for the form sum, which adds up both terms as they are: leave it out, or take the form two-term`,
  );
  checkNumber(alpha, 'alpha', 'a number from 0 to 1', (a) => a >= 0 && a <= 1);
  checkWord(form, 'form', FORMS);
  demand(
    softWeight === undefined ||
      (form === 'two-term' && typeof softWeight === 'number' && softWeight >= 0 && softWeight < Infinity),
    () =>
      `a soft weight of ${shown(softWeight)} was given: it must be a number of at least 0, and the form two-term`,
  );
  if (softWeight !== undefined) checkWeights({ alpha, softWeight }, 'distillation');
  return options;
}

function checkSource(soft: unknown, teachers: unknown): void {
  demand(
    soft === undefined || teachers === undefined,
    'soft targets and teachers that make others in the step are given: give one of the two',
  );
  if (teachers !== undefined) {
    checkedTeachers(teachers as readonly TrainedModel[]);
    return;
  }
  demand(
    soft !== undefined,
    'distillation needs soft targets as softTargets() makes them, or teachers that make them in the step',
  );
  checkSoftTargets(soft);
}
