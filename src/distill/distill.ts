import { DistillError } from '../errors.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add } from '../ops/binary.js';
import { kdLossBySample } from '../ops/kd-loss.js';
import type { Tensor } from '../ops/tensor.js';
import { scale } from '../ops/unary.js';
import type { Engine } from '../runtime/engine.js';
import { type RunControl, train } from '../train/train.js';
import type { Batch, TrainOptions } from '../train/trainer.js';
import { checkAligned, type SoftTargets } from './soft-targets.js';

export interface KdOptions {
  /** T of the student's softmax while it learns; it deploys at 1. */
  temperature: number;
  /** Weight a of the hard labels (default 0.1); soft targets have b = 1 − a. */
  alpha?: number;
  /**
   * 'fusion' (the default): cross-entropy at T with a·hard + b·soft, times T. 'two-term': b·T²·CE(soft at T) +
   * a·CE(hard at 1), the form of Hinton, Vinyals, Dean 2015, section 2.
   */
  form?: 'fusion' | 'two-term';
}

/**
 * The distillation loss by sample. Fusion is multiplied by T so that the gradient by the logits is
 * softmax(z/T) − target, of the same size at any temperature: the learning rate then needs no retuning.
 */
export function distillationLoss(
  { logits, labels, soft }: Batch,
  { temperature, alpha = 0.1, form = 'fusion' }: KdOptions,
): Tensor {
  if (!(alpha >= 0 && alpha <= 1))
    throw new DistillError('bad-argument', `alpha must lie between 0 and 1, not ${alpha}`);
  if (!soft) throw new DistillError('bad-argument', 'distillation needs soft targets');
  if (form === 'fusion')
    return scale(kdLossBySample(logits, { soft, labels, temperature, alpha }), temperature);
  const softTerm = kdLossBySample(logits, {
    soft,
    temperature,
    alpha: 0,
    beta: (1 - alpha) * temperature * temperature,
  });
  return add(softTerm, kdLossBySample(logits, { labels, alpha }));
}

/** What distill() decides itself. */
export type DistillOptions = Omit<TrainOptions, 'soft' | 'loss'> & KdOptions & { soft: SoftTargets };

/** Trains a student on soft targets fused with the labels. Soft targets of other samples or another T are refused. */
export async function distill(
  engine: Engine,
  options: DistillOptions,
  control: RunControl = {},
): Promise<TrainedModel> {
  await checkAligned(options.soft, options.data, options.temperature);
  const { soft, temperature, alpha, form, ...rest } = options;
  const kd: KdOptions = { temperature, ...(alpha !== undefined && { alpha }), ...(form && { form }) };
  return train(
    engine,
    { ...rest, soft: soft.probabilities, loss: (batch) => distillationLoss(batch, kd) },
    control,
  );
}
