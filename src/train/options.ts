import {
  brandOf,
  checkList,
  checkNames,
  checkNumber,
  checkSeed,
  checkWhole,
  checkWord,
  shown,
} from '../checks.js';
import { type Augmentation, checkAugment } from '../data/augment/index.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import type { Order } from '../data/order.js';
import { checkData, inputsLike, isStream, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { size } from '../graph/shape.js';
import { type Architecture, checkArchitecture, checkFits } from '../nn/architecture.js';
import { frozenAtoms, layersAfter } from '../nn/frozen.js';
import { checkModel, type TrainedModel } from '../nn/model-file.js';
import { parametersOf, placedLayers } from '../nn/placed-layers.js';
import { checkObjective, type Objective } from '../objectives/objective.js';
import { checkRecipe, type Recipe } from './recipe.js';
import type { Start } from './start-from.js';

/** What train() and trainEpochs() take: a network, data, for how long, and what it learns from. */
export interface TrainOptions {
  /** The network, such as mlp([784, 800, 800, 10]). */
  architecture: Architecture;
  /** What it learns from: a data set in memory, or a stream that goes through it in windows. */
  data: Dataset | SampleStream;
  epochs: number;
  /** Determines every random number. */
  seed: number;
  /** What the network learns from (default: labels()). */
  objective?: Objective | undefined;
  /**
   * Samples per step (default 100; never more than an epoch has). An epoch's last batch is padded with rows that don't
   * count.
   */
  batch?: number | undefined;
  /** How it is trained (default: defaultRecipe, whose clip and rate suit most data). */
  recipe?: Recipe | undefined;
  /**
   * Starts from this model's weights instead of the initializer's: its parameters must have the same shapes, unless
   * startFrom() chooses those that fit.
   */
  initial?: TrainedModel | Start | undefined;
  /** Trains the layers up to this one or block, by its name or place; those after it stay as they begin (default: all). */
  upTo?: string | undefined;
  /** Layers and blocks, by name or place, that stay as they begin and run as in inference (default: none). */
  frozen?: readonly string[] | undefined;
  /** Random changes to each sample each time it is seen, such as [{ shift: 2 }] (default: none). */
  augment?: readonly Augmentation[] | undefined;
  /** The samples of each epoch (default: each once, shuffled). A stream has an order of its own. */
  order?: Order | undefined;
  /**
   * Of a stream: the most samples in a window (default: as many as 128 MiB hold). Samples are shuffled within windows, so
   * that it is part of what determines the weights; about twice as much memory is needed.
   */
  window?: number | undefined;
  /** Fraction of the samples, spread evenly, whose labels are hidden (default 0). */
  unlabeled?: number | undefined;
  /** Errors are counted on these samples after each epoch (default: none). */
  validation?: Dataset | undefined;
  /** Whose weights are the result: the last epoch's (the default), or those with the fewest validation errors. */
  keep?: 'last' | 'best' | undefined;
}

const NAMES = [
  'architecture',
  'data',
  'epochs',
  'seed',
  'objective',
  'batch',
  'recipe',
  'initial',
  'upTo',
  'frozen',
  'augment',
  'order',
  'window',
  'unlabeled',
  'validation',
  'keep',
];

/** Options that train() used to have, or that people look for, and where they are now. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  rate: 'recipe: { rate }',
  learningRate: 'recipe: { rate }',
  lr: 'recipe: { rate }',
  schedule: 'recipe: { schedule }',
  optimizer: 'recipe: { optimizer }',
  initializer: 'recipe: { initializer }',
  clip: 'recipe: { clip }',
  momentum: "recipe: { optimizer: { kind: 'sgd', momentum } }",
  jitter: 'augment: [{ shift }]',
  dropout: 'a layer of the architecture, such as mlp(layers, { dropout })',
  val: 'validation',
  from: 'initial: startFrom(model, architecture)',
  soft: 'objective: distillation({ soft, temperature }), or distill()',
  relabel: 'objective: distillation({ teachers, temperature })',
  teachers: 'objective: distillation({ teachers, temperature })',
  targets: 'a column of the objective',
  loss: 'objective: custom(loss)',
  batchSize: 'batch',
};

/** @throws DistillError 'bad-argument' for invalid options, 'mismatch' for a network that doesn't fit the data. */
export function checkOptions(options: TrainOptions): void {
  checkKnown(options, 'train');
  const { architecture, data, epochs, seed, batch = 100, initial, unlabeled = 0, objective } = options;
  checkData(data);
  const inputs = inputsLike(data);
  checkArchitecture(architecture);
  checkFits(architecture, { shape: inputs.shape, classes: data.classes });
  checkWhole(epochs, 'epochs', 1, 1_000_000);
  checkWhole(batch, 'batch', 1, Infinity);
  checkSeed(seed);
  checkNumber(unlabeled, 'unlabeled', 'a share from 0 to 1', (share) => share >= 0 && share <= 1);
  if (options.recipe !== undefined) checkRecipe(options.recipe);
  checkStill(options);
  if (options.augment !== undefined) checkAugment(options.augment, inputs);
  if (objective !== undefined) checkObjective(objective);
  demand(
    options.order === undefined || typeof options.order === 'function',
    () => `order must be a function of an epoch, not ${shown(options.order)}`,
  );
  checkWindow(options);
  if (initial !== undefined) checkInitial(initial, architecture);
  checkValidation(options);
}

function checkStill({ architecture, upTo, frozen }: TrainOptions): void {
  if (upTo !== undefined) {
    demand(typeof upTo === 'string', () => `upTo must be a layer's name or place, not ${shown(upTo)}`);
    layersAfter(placedLayers(architecture), upTo);
  }
  if (frozen === undefined) return;
  checkList(frozen, 'frozen', "layers' names or places", (one) => typeof one === 'string');
  frozenAtoms(placedLayers(architecture), frozen);
}

function checkWindow({ data, order, window }: TrainOptions): void {
  if (isStream(data)) {
    demand(
      order === undefined,
      'order is of data in memory: a stream is read in an order of its own, leave it out',
    );
    if (window !== undefined) checkWhole(window, 'window', 1, Infinity);
  } else
    demand(
      window === undefined,
      'window is of a stream: data in memory are shuffled all at once, leave it out',
    );
}

function checkValidation({ data, validation, keep = 'last' }: TrainOptions): void {
  checkWord(keep, 'keep', ['last', 'best']);
  demand(
    keep === 'last' || validation !== undefined,
    "keep: 'best' needs validation data by which an epoch is the best: give validation",
  );
  if (validation === undefined) return;
  checkDataset(validation);
  const kind = (set: Dataset | SampleStream) => {
    const { shape, values } = inputsLike(set);
    return `${brandOf(values) === 'Uint8Array' ? 'bytes' : 'floats'} of shape [${shape}] in ${set.classes} classes`;
  };
  demand(
    kind(validation) === kind(data),
    () => `the validation data are ${kind(validation)}, but the data to learn from ${kind(data)}`,
    'mismatch',
  );
  demand(
    validation.labels.some((label) => label >= 0),
    'the validation data have no labels: errors are counted by them',
  );
}

/** Refuses options that `what` doesn't have: those of train(), without some and with more. */
export function checkKnown(
  options: object,
  what: string,
  { more = [], without = [] }: { more?: readonly string[]; without?: readonly string[] } = {},
): void {
  const names = [...NAMES, ...more].filter((name) => !without.includes(name));
  const lost = Object.keys(options ?? {}).find(
    (name) => !names.includes(name) && Object.hasOwn(ELSEWHERE, name),
  );
  demand(lost === undefined, () => `${what} has no option ${lost}: give ${ELSEWHERE[lost!]}`);
  checkNames(options, what, names);
}

function checkInitial(initial: TrainedModel | Start, architecture: Architecture): void {
  if (isStart(initial)) {
    checkStart(initial, architecture);
    return;
  }
  checkModel(initial, 'initial');
  const shapes = (of: Architecture) => parametersOf(of).map(({ shape }) => `[${shape}]`);
  const [theirs, ours] = [shapes(initial.architecture), shapes(architecture)];
  demand(
    theirs.join() === ours.join(),
    () =>
      `the initial model has parameters of the shapes ${theirs.join(' ')}, but ${ours.join(' ')} are to be trained: startFrom(model, architecture) takes those that fit`,
  );
}

/** Whether this is what startFrom() answers, rather than a model. */
export function isStart(initial: TrainedModel | Start): initial is Start {
  return Array.isArray((Object(initial) as Partial<Start>).taken);
}

function checkStart({ weights }: Start, architecture: Architecture): void {
  const sizes = new Map(parametersOf(architecture).map(({ name, shape }) => [name, size(shape)]));
  const fits =
    brandOf(weights) === 'Map' && [...weights].every(([name, { length }]) => sizes.get(name) === length);
  demand(fits, 'initial was made by startFrom() for another network than the one to be trained');
}
