import {
  type Architecture,
  type Dataset,
  distillationLoss,
  type SoftTargets,
  type TrainOptions,
} from 'wasm-distill';
import { BRIEF, RECIPES, type Recipe } from '../options/defaults.ts';
import type { Settings } from '../options/options.ts';
import type { Stage } from './stages.ts';

/** The options that the main job's stages follow from. */
export type PlanOptions = Settings<
  | 'teachers'
  | 'teacher'
  | 'student'
  | 'temperature'
  | 'alpha'
  | 'loss'
  | 'epochs'
  | 'teacherEpochs'
  | 'batch'
  | 'lr'
  | 'teacherLr'
  | 'jitter'
  | 'dropout'
  | 'maxNorm'
  | 'unlabeled'
  | 'seed'
>;

type Regularization = Settings<'jitter' | 'dropout' | 'maxNorm'>;

export function teacherStages(data: Dataset, options: PlanOptions): Stage[] {
  return Array.from({ length: options.teachers }, (_, i) => ({
    name: `teacher-${i + 1}`,
    title: `teacher ${i + 1}`,
    options: {
      architecture: architecture(options.teacher, data),
      data,
      epochs: options.teacherEpochs,
      seed: teacherSeed(options.seed, i + 1),
      batch: options.batch,
      rate: options.teacherLr,
      ...regularized(options),
    },
  }));
}

/** The student that learns from the labels alone. */
export function hardStage(data: Dataset, options: PlanOptions): Stage {
  return {
    name: 'student-hard',
    title: 'student, hard labels',
    options: {
      architecture: architecture(options.student, data),
      data,
      epochs: options.epochs,
      seed: options.seed,
      batch: options.batch,
      ...recipe(RECIPES.hard, options.lr),
      unlabeled: options.unlabeled,
    },
  };
}

/** The same student for as many epochs of the same samples, each by the recipe that suits what it learns from. */
export function distilledStage(data: Dataset, soft: SoftTargets, options: PlanOptions): Stage {
  const { temperature, alpha, loss: form } = options;
  const brief = form === 'fusion' && options.epochs * Math.ceil(data.size / options.batch) < BRIEF;
  return {
    name: 'student',
    title: 'student, distilled',
    options: {
      ...hardStage(data, options).options,
      ...recipe(RECIPES[brief ? 'brief-fusion' : form], options.lr),
      soft: soft.probabilities,
      loss: (batch) => distillationLoss(batch, { temperature, alpha, form }),
    },
    targets: { temperature, alpha, form, teachers: soft.teachers },
  };
}

export function recipe(
  { lr, initializer }: Recipe,
  asked: 'auto' | number,
): Pick<TrainOptions, 'rate' | 'initializer'> {
  return { rate: asked === 'auto' ? lr : asked, initializer };
}

/** A network of these hidden layers for the data's pixels and classes. */
export function architecture(
  hidden: readonly number[],
  { height, width, classes }: Pick<Dataset, 'height' | 'width' | 'classes'>,
): Architecture {
  return { kind: 'mlp', layers: [height * width, ...hidden, classes] };
}

export function regularized({
  jitter,
  dropout,
  maxNorm,
}: Regularization): Pick<TrainOptions, 'jitter' | 'dropout' | 'optimizer'> {
  return {
    jitter,
    dropout: { input: 0, hidden: dropout },
    optimizer: { kind: 'sgd', ...(maxNorm > 0 && { maxNorm }) },
  };
}

/** Far from each other and from those of other runs, whose --seed are small numbers: multiples of 2³²/φ. */
function teacherSeed(seed: number, teacher: number): number {
  return (seed + Math.imul(teacher, 0x9e3779b9)) >>> 0;
}
