import type { Engine } from '../backends/backend.js';
import { checkNumber, checkSeed, checkWhole } from '../checks.js';
import type { TrainedModel } from '../nn/model-file.js';
import { distillation } from '../objectives/distillation.js';
import { labels } from '../objectives/labels.js';
import { checkKnown, type TrainOptions } from '../train/options.js';
import { type RunControl, train } from '../train/train.js';

export interface BornAgainOptions extends Omit<TrainOptions, 'objective'> {
  /** How many generations come after the first, which learns from the labels. */
  generations: number;
  /** Weight of the labels in what a generation learns, 0 to 1 (default 0: only from the one before). */
  alpha?: number | undefined;
}

/**
 * Born-again networks (Furlanello et al., ICML 2018, section 3): students of their teacher's own architecture, each the
 * teacher of the next, from whose probabilities it learns as they are, at T = 1. Answers all generations, the first one
 * too: evaluate() and predict() take the list as an ensemble, as the paper does in the end. Each has the seed after the one
 * before.
 * @throws DistillError as train() does.
 */
export async function bornAgain(
  engine: Engine,
  options: BornAgainOptions,
  control: Pick<RunControl, 'signal' | 'onProgress' | 'onWarning'> = {},
): Promise<TrainedModel[]> {
  checkKnown(options, 'bornAgain', { more: ['generations', 'alpha'], without: ['objective'] });
  const { generations, alpha = 0, seed, ...rest } = options;
  checkWhole(generations, 'generations', 1, 1000);
  checkNumber(alpha, 'alpha', 'a share from 0 to 1', (a) => a >= 0 && a <= 1);
  checkSeed(seed);
  const models: TrainedModel[] = [];
  for (let generation = 0; generation <= generations; generation++) {
    const teacher = models.at(-1);
    const objective = teacher ? distillation({ teachers: [teacher], temperature: 1, alpha }) : labels();
    models.push(await train(engine, { ...rest, seed: seed + generation, objective }, control));
  }
  return models;
}
