import { brandOf, shown } from '../checks.js';
import type { Augmentation } from '../data/augment/index.js';
import { type Column, checkColumn } from '../data/column.js';
import type { Dataset } from '../data/dataset.js';
import type { Labeled, SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { sameShape } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import { type Architecture, checkArchitecture } from '../nn/architecture.js';
import { checkModel, type TrainedModel } from '../nn/model-file.js';
import type { Activations, Network } from '../nn/network.js';
import type { Bounds } from './bounds.js';
import { checkMemories, type Memories, type Remember } from './memory.js';

/** One batch, as an objective sees it. */
export interface Step {
  /** Samples in the batch. */
  readonly size: number;
  /** [batch, …shape] f32, in the data set's own units, as the student sees them. */
  readonly inputs: Tensor;
  readonly student: Activations;
  /** The student on other inputs of the same shape, in training mode: running statistics are those of `student` alone. */
  readonly forward: (inputs: Tensor) => Activations;
  /** Activations of each of the objective's teachers, on the same inputs. */
  readonly teachers: readonly Activations[];
  /** The objective's columns, [batch, …shape]. */
  readonly columns: Readonly<Record<string, Tensor>>;
  /** The networks that learn beside the student; forward(x, 'train') runs one on inputs that the objective chooses. */
  readonly helpers: Readonly<Record<string, Network>>;
  /** [batch] i32, −1 = unlabeled. */
  readonly labels: Tensor;
  /** [batch] i32: which samples these are, by their numbers in the data; −1 in rows that only pad an epoch's last batch. */
  readonly samples: Tensor;
  /** The objective's memory as it was before this step. */
  readonly memory: Readonly<Record<string, Tensor>>;
  /** Says what it is after it. */
  readonly remember: Remember;
  /** The share of the training's steps that are done before this one, a scalar from 0 to less than 1. */
  readonly progress: Tensor;
}

/** An objective's definition as plain JSON, which goes into job keys. */
export interface ObjectiveSpec {
  readonly kind: string;
  readonly [name: string]: unknown;
}

/** @throws DistillError for data that won't do. */
export type DataCheck = (
  data: Dataset | SampleStream,
  augment: readonly Augmentation[],
) => void | Promise<void>;

/** Networks that learn beside the student, by name. */
export type Helpers = Readonly<Record<string, Architecture>>;

/**
 * What a student learns from: one value that says which numbers and networks it needs and how to compute a batch's
 * loss.
 */
export interface Objective {
  readonly spec: ObjectiveSpec;
  /** Per-sample numbers, by name. */
  readonly columns?: Readonly<Record<string, Column>>;
  /** Networks that run in the step on the inputs that the student sees. They aren't trained. */
  readonly teachers?: readonly TrainedModel[];
  /**
   * Networks that learn beside the student and are discarded at the end, by name; or what they are for a student of this
   * architecture, such as regressors between its layers and a teacher's.
   */
  readonly helpers?: Helpers | ((student: Architecture) => Helpers);
  /**
   * Numbers that it keeps from step to step, by name, or what they are for a student of this architecture and so many
   * samples: `loss` reads them and says by `remember` what they become. Checkpoints hold them.
   */
  readonly memory?: Memories | ((student: Architecture, samples: number) => Memories);
  /** The learning rate that suits this objective under the default recipe (default: 0.1). */
  readonly rate?: (epochs: number) => number;
  /** Refuses data that the objective can't teach on, whatever its kept numbers are. */
  readonly check?: DataCheck;
  /** Refuses samples other than those that its kept numbers were made of, all of which it may read. */
  readonly checkSamples?: DataCheck;
  /**
   * Between what mean losses a training on these data moves, their labels as they are learned from: a network that
   * has collapsed is recognized by it (default: it isn't recognized). Taken once.
   */
  readonly bounds?: (data: Labeled) => Bounds | undefined;
  /** The loss of each sample, [batch]. In rows that only pad an epoch's last batch it is ignored, whatever it is. */
  readonly loss: (step: Step) => Tensor;
}

/** @throws DistillError 'bad-argument' for what is no objective. */
export function checkObjective(objective: Objective): void {
  demand(
    typeof objective?.loss === 'function' && typeof objective.spec?.kind === 'string',
    () => `objective must be one such as labels() or distillation(…), not ${shown(objective)}`,
  );
  const { columns = {}, teachers = [], helpers = {}, memory = {} } = objective;
  for (const [name, column] of Object.entries(columns)) checkColumn(column, `column ${name}`);
  demand(
    Array.isArray(teachers),
    () => `the teachers of an objective must be a list of trained models, not ${shown(teachers)}`,
  );
  for (const [i, teacher] of teachers.entries()) checkModel(teacher, `teacher ${i + 1} of the objective`);
  if (typeof helpers !== 'function') for (const helper of Object.values(helpers)) checkArchitecture(helper);
  if (typeof memory !== 'function') checkMemories(memory);
}

/** The networks that learn beside a student of this architecture. @throws DistillError 'bad-argument' */
export function helpersOf({ helpers = {} }: Objective, student: Architecture): Helpers {
  if (typeof helpers !== 'function') return helpers;
  const made = helpers(student);
  for (const helper of Object.values(made)) checkArchitecture(helper);
  return made;
}

/** What it keeps beside a student of this architecture, for so many samples. @throws DistillError 'bad-argument' */
export function memoryOf({ memory = {} }: Objective, student: Architecture, samples: number): Memories {
  if (typeof memory !== 'function') return memory;
  const made = memory(student, samples);
  checkMemories(made);
  return made;
}

/** The loss of a batch per sample. @throws DistillError 'bad-argument' for anything but one loss per sample. */
export function lossBySample(objective: Objective, step: Step): Tensor {
  const loss: unknown = objective.loss(step);
  const { kind } = objective.spec;
  demand(
    typeof loss === 'object' && loss !== null && 'op' in loss,
    () =>
      `the loss of the objective '${kind}' must be a tensor [${step.size}], one number for each sample, not ${brandOf(loss) === 'Promise' ? 'a promise: write it without async' : shown(loss)}`,
  );
  const { shape, dtype } = loss as Tensor;
  demand(
    dtype === 'f32',
    () => `the loss of the objective '${kind}' is of ${dtype}, but one of f32 is needed`,
  );
  demand(
    sameShape(shape, [step.size]),
    () =>
      `the loss of the objective '${kind}' has the shape [${shape}], but one number for each sample is needed, [${step.size}]: ${remedy(shape, step.size)}`,
  );
  return loss as Tensor;
}

function remedy(shape: readonly number[], batch: number): string {
  if (shape.length === 0) return 'leave out the mean or sum over the batch, train() takes the mean';
  if (shape[0] === batch) return 'sum over the other axes, such as ops.sum(loss, 1)';
  return 'sum over the classes and keep the axis of the batch';
}
