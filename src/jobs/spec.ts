import type { Augmentation } from '../data/augment/index.js';
import type { Architecture } from '../nn/architecture.js';
import type { KdOptions } from '../objectives/distillation.js';
import type { SelectionOptions } from '../teachers/feature-selection.js';
import type { Recipe } from '../train/recipe.js';

/** A data set identified by its content: whoever runs the job knows where it is. */
export interface DataReference {
  /** For people to read. */
  readonly name: string;
  /** Hash of its samples, labels and classes (dataSha256). */
  readonly sha256: string;
}

/** What a student learns from, and from whom. */
export type Lesson =
  | { readonly kind: 'labels' }
  | ({ readonly kind: 'distillation'; readonly teachers: readonly TrainJob[] } & KdOptions)
  | { readonly kind: 'logits'; readonly teachers: readonly TrainJob[] }
  | {
      readonly kind: 'features';
      readonly teachers: readonly [TrainJob];
      readonly selection: SelectionOptions;
      /** How many samples the units are selected on. */
      readonly selectedBy: number;
      readonly weight: number;
    };

/** A network to be trained, as plain JSON. */
export interface TrainJob {
  readonly kind: 'train';
  /** For people to read; not part of the key. */
  readonly title: string;
  readonly architecture: Architecture;
  readonly data: DataReference;
  /** Errors are counted on these after each epoch, and stored with the model. */
  readonly test: DataReference;
  readonly lesson: Lesson;
  readonly epochs: number;
  readonly seed: number;
  readonly batch?: number;
  /** Default: the library's. */
  readonly recipe?: Recipe;
  readonly augment?: readonly Augmentation[];
  readonly unlabeled?: number;
  /** Training starts from this job's weights. */
  readonly initial?: TrainJob;
}

/** The teachers' outputs for a transfer set, computed once for all students that learn from it. */
export interface OutputsJob {
  readonly kind: 'outputs';
  readonly title: string;
  readonly teachers: readonly TrainJob[];
  readonly data: DataReference;
  readonly what:
    | {
        readonly kind: 'soft targets';
        readonly temperature: number;
        readonly augment: readonly Augmentation[];
      }
    | { readonly kind: 'logits' }
    | { readonly kind: 'features'; readonly selection: SelectionOptions; readonly selectedBy: number };
}

/** Errors and confusions of models together, by their averaged probabilities. */
export interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly title: string;
  readonly models: readonly TrainJob[];
  readonly data: DataReference;
}

export type JobSpec = TrainJob | OutputsJob | EvaluateJob;

/** The stored outputs that a training learns from, if any. */
export function outputsOf({ lesson, data, title, augment = [] }: TrainJob): OutputsJob | undefined {
  const shared = { kind: 'outputs', title: `outputs for ${title}`, data } as const;
  switch (lesson.kind) {
    case 'labels':
      return undefined;
    case 'distillation': {
      const { temperature, teachers } = lesson;
      const what = { kind: 'soft targets', temperature, augment } as const;
      return { ...shared, title: 'soft targets', teachers, what };
    }
    case 'logits':
      return { ...shared, title: 'logits', teachers: lesson.teachers, what: { kind: 'logits' } };
    case 'features': {
      const { selection, selectedBy, teachers } = lesson;
      return { ...shared, title: 'features', teachers, what: { kind: 'features', selection, selectedBy } };
    }
  }
}

/** The jobs whose results this one needs. */
export function neededBy(spec: JobSpec): readonly JobSpec[] {
  if (spec.kind === 'outputs') return spec.teachers;
  if (spec.kind === 'evaluate') return spec.models;
  const outputs = outputsOf(spec);
  return [...(outputs ? [outputs] : []), ...(spec.initial ? [spec.initial] : [])];
}
