import type { Engine } from '../backends/backend.js';
import { demand } from '../errors.js';
import type { TrainedModel } from '../nn/model-file.js';
import { DISTILLATION_NAMES, type DistillationOptions, distillation } from '../objectives/distillation.js';
import { checkKnown, type TrainOptions } from './options.js';
import { type RunControl, train } from './train.js';

/** What distill() takes: a training, and the soft targets or teachers it learns from. */
export type DistillOptions = Omit<TrainOptions, 'objective'> & DistillationOptions;

/**
 * Trains a student on soft targets fused with the labels: short for train() with the objective distillation().
 * @throws DistillError as train() does; 'mismatch' for soft targets of other samples, another order, another temperature
 * or other augmentations.
 */
export async function distill(
  engine: Engine,
  options: DistillOptions,
  control: RunControl = {},
): Promise<TrainedModel> {
  demand(
    !('objective' in Object(options)),
    'distill has an objective of its own: give another one to train()',
  );
  checkKnown(options, 'distill', { more: DISTILLATION_NAMES, without: ['objective'] });
  const { soft, teachers, temperature, alpha, form, softWeight, ...rest } = options;
  const objective = distillation({
    soft,
    teachers,
    temperature,
    alpha,
    form,
    softWeight,
  } as DistillationOptions);
  return train(engine, { ...rest, objective }, control);
}
