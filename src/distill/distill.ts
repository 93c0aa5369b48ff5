import type { Engine } from '../backends/backend.js';
import { DistillError } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add } from '../ops/binary.js';
import { kdLoss } from '../ops/kd-loss.js';
import { scale } from '../ops/unary.js';
import { type RunControl, train } from '../train/train.js';
import type { Batch, TrainOptions } from '../train/trainer.js';
import { checkAligned, type SoftTargets } from './soft-targets.js';

export interface KdOptions {
  /** T of the student's softmax while it learns; it deploys at 1. */
  temperature: number;
  /** Weight a of the hard labels (default 0.1); soft targets have b = 1 − a. */
  alpha?: number | undefined;
  /**
   * 'fusion' (the default): cross-entropy at T with a·hard + b·soft, times T. 'two-term': b·T²·CE(soft at T) +
   * a·CE(hard at 1), the form of Hinton, Vinyals, Dean 2015, section 2.
   */
  form?: 'fusion' | 'two-term' | undefined;
  /** Of two terms: weight of the soft one in place of b·T² (docs/losses.md has those of other codes). */
  softWeight?: number | undefined;
}

/**
 * The distillation loss by sample. Fusion is multiplied by T so that the gradient by the logits is
 * softmax(z/T) − target, of the same size at any temperature: the learning rate then needs no retuning.
 */
export function distillationLoss(
  { logits, labels, soft }: Pick<Batch, 'logits' | 'labels' | 'soft'>,
  { temperature, alpha = 0.1, form = 'fusion', softWeight }: KdOptions,
): Tensor {
  if (!(alpha >= 0 && alpha <= 1))
    throw new DistillError('bad-argument', `alpha must lie between 0 and 1, not ${alpha}`);
  if (softWeight !== undefined && (form === 'fusion' || !(softWeight >= 0 && softWeight < Infinity)))
    throw new DistillError(
      'bad-argument',
      `a soft weight of ${softWeight} was given: it must be a number of at least 0, and the form two-term`,
    );
  if (!soft) throw new DistillError('bad-argument', 'distillation needs soft targets');
  if (form === 'fusion') return scale(kdLoss(logits, { soft, labels, temperature, alpha }), temperature);
  const softTerm = kdLoss(logits, {
    soft,
    temperature,
    alpha: 0,
    beta: softWeight ?? (1 - alpha) * temperature * temperature,
  });
  return add(softTerm, kdLoss(logits, { labels, alpha }));
}

/**
 * Where the soft targets come from: kept ones, made for the training's jitter, or teachers that make them in each step of
 * the images as they are shifted there. Both give the same bits.
 */
export type SoftSource =
  | { soft: SoftTargets; teachers?: never }
  | { soft?: never; teachers: readonly TrainedModel[] };

export type DistillOptions = Omit<TrainOptions, 'soft' | 'relabel' | 'loss'> & KdOptions & SoftSource;

/**
 * Trains a student on soft targets fused with the labels.
 * @throws DistillError 'mismatch' for soft targets of other samples, another order, another temperature or another jitter.
 */
export async function distill(
  engine: Engine,
  options: DistillOptions,
  control: RunControl = {},
): Promise<TrainedModel> {
  const { soft, teachers, temperature, alpha, form, softWeight, ...rest } = options;
  const loss = (batch: Batch) => distillationLoss(batch, { temperature, alpha, form, softWeight });
  if (teachers) return train(engine, { ...rest, relabel: { teachers, temperature }, loss }, control);
  await checkAligned(soft, options.data, { temperature, jitter: options.jitter });
  return train(engine, { ...rest, soft: soft.probabilities, loss }, control);
}
