import { checkWhole } from '../checks.js';
import { type Feed, residentFeed } from '../data/feed.js';
import { inputsLike, isStream } from '../data/stream.js';
import { streamFeed } from '../data/stream-feed.js';
import { type Architecture, checkFits, classesOf, forData } from '../nn/architecture.js';
import { layersAfter } from '../nn/frozen.js';
import { placedLayers } from '../nn/placed-layers.js';
import type { Bounds } from '../objectives/bounds.js';
import { labels } from '../objectives/labels.js';
import type { Objective } from '../objectives/objective.js';
import { checkOptions, type TrainOptions } from './options.js';
import { completeRecipe, defaultRecipe, type Recipe } from './recipe.js';
import { type TrainingStep, trainingStep } from './step.js';

/** A training before anything of it is compiled or runs. */
export interface Prepared {
  /** Its input as the data are. */
  readonly architecture: Architecture;
  readonly objective: Objective;
  readonly recipe: Required<Recipe>;
  readonly feed: Feed;
  readonly parts: TrainingStep;
  /** Between what losses it moves, where that is known. */
  readonly bounds: Bounds | undefined;
}

/** Steps are counted in 32 bits. */
const MOST_STEPS = 2 ** 31 - 1;

/**
 * Checks options against the data, and makes the training's step: whatever can be refused without training is.
 * @throws DistillError as train() does.
 */
export async function prepare(options: TrainOptions): Promise<Prepared> {
  checkOptions(options);
  const { data, seed, epochs, augment = [], order, objective = labels() } = options;
  const inputs = inputsLike(data);
  await objective.check?.(data, augment);
  await objective.checkSamples?.(data, augment);
  for (const { architecture } of objective.teachers ?? [])
    checkFits(architecture, { shape: inputs.shape, classes: classesOf(architecture) });
  const recipe = options.recipe ? completeRecipe(options.recipe) : defaultRecipe(objective, epochs);
  const architecture = forData(options.architecture, inputs);
  const learned = withHidden(data.labels, options.unlabeled ?? 0);
  const { batch = 100, window } = options;
  const shared = { seed, augment, batch, columns: objective.columns ?? {}, labels: learned };
  const feed = isStream(data)
    ? streamFeed({ ...shared, data, epochs, window })
    : residentFeed({ ...shared, data, order });
  checkWhole(epochs * feed.stepsPerEpoch, 'the number of all steps', 1, MOST_STEPS);
  return {
    ...{ architecture, objective, recipe, feed },
    parts: trainingStep({ architecture, objective, recipe, feed, frozen: stillOf(options) }),
    // Which samples an order takes, and how often, isn't known before.
    bounds: order ? undefined : objective.bounds?.({ ...data, labels: learned }),
  };
}

/** The student's layers that aren't trained. */
export function stillOf({
  architecture,
  upTo,
  frozen = [],
}: Pick<TrainOptions, 'architecture' | 'upTo' | 'frozen'>): readonly string[] {
  return [...frozen, ...(upTo === undefined ? [] : layersAfter(placedLayers(architecture), upTo))];
}

/** Labels with −1 for a share of them, spread evenly over the data. */
function withHidden(labels: Int32Array, share: number): Int32Array {
  return labels.map((label, i) => (Math.floor((i + 1) * share) > Math.floor(i * share) ? -1 : label));
}
