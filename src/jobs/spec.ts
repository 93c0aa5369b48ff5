import { checkBoolean, checkList, checkNames, checkWord, shown } from '../checks.js';
import type { Augmentation } from '../data/augment/index.js';
import { demand } from '../errors.js';
import type { Architecture } from '../nn/architecture.js';
import type { KdOptions } from '../objectives/distillation.js';
import type { LabelsOptions } from '../objectives/labels.js';
import type { SelectionOptions } from '../teachers/feature-selection.js';
import type { Recipe } from '../train/recipe.js';
import { askedFor, checkTerms, type LessonTerm } from './terms.js';

/** A data set identified by its content: whoever runs the job knows where it is. */
export interface DataReference {
  /** For people to read. */
  readonly name: string;
  /** Hash of its samples, labels and classes, of a stream its shards too (dataSha256). */
  readonly sha256: string;
}

/** A model that no job trains, identified by its content: whoever runs the job knows where it is. */
export interface ModelReference {
  readonly kind: 'model';
  /** For people to read. */
  readonly name: string;
  /** Hash of its network, class names and weights (modelSha256); of an external model its own sha256. */
  readonly sha256: string;
}

/** Who teaches: the model of a training, or one from elsewhere. */
export type Teacher = TrainJob | ModelReference;

/** What a student learns from, and from whom. */
export type Lesson =
  | ({ readonly kind: 'labels' } & LabelsOptions)
  | ({ readonly kind: 'distillation'; readonly teachers: readonly Teacher[] } & KdOptions)
  | { readonly kind: 'logits'; readonly teachers: readonly Teacher[] }
  | {
      readonly kind: 'features';
      readonly teachers: readonly [Teacher];
      readonly selection: SelectionOptions;
      /** How many samples the units are selected on. */
      readonly selectedBy: number;
      readonly weight: number;
    }
  | {
      /** Any sum of the catalog's objectives (objectiveCatalog). */
      readonly kind: 'objectives';
      readonly terms: readonly LessonTerm[];
      /** Of all terms that need some. */
      readonly teachers?: readonly Teacher[];
      /**
       * Whether teachers are asked once, before the training, as those that are no networks of this library have to be;
       * else they run in each step, on what the student sees (default: false).
       */
      readonly kept?: boolean;
    };

/** A network to be trained, as plain JSON. */
export interface TrainJob {
  readonly kind: 'train';
  /** For people to read; not part of the key. */
  readonly title: string;
  readonly architecture: Architecture;
  readonly data: DataReference;
  /** Errors are counted on these after each epoch, or with validation data at the end, and stored with the model. */
  readonly test: DataReference;
  /** In place of the test data, errors are counted on these after each epoch. */
  readonly validation?: DataReference;
  /** Whose weights are the result (default: 'last'). */
  readonly keep?: 'last' | 'best';
  readonly lesson: Lesson;
  readonly epochs: number;
  readonly seed: number;
  readonly batch?: number;
  /** Of data that are a stream: the most samples in a window (default: train()'s). */
  readonly window?: number;
  /** Default: the library's. */
  readonly recipe?: Recipe;
  readonly augment?: readonly Augmentation[];
  readonly unlabeled?: number;
  /** Training starts from the weights of this job's model, or of one from elsewhere: of all layers that fit (startFrom). */
  readonly initial?: Teacher;
  /** Only the layers up to this one learn: with `initial` in the job after it, the first of two stages. */
  readonly upTo?: string;
  /** Layers that stay as they begin. */
  readonly frozen?: readonly string[];
}

/** The teachers' outputs for a transfer set, computed once for all students that learn from it. */
export interface OutputsJob {
  readonly kind: 'outputs';
  readonly title: string;
  readonly teachers: readonly Teacher[];
  readonly data: DataReference;
  readonly what:
    | {
        readonly kind: 'soft targets';
        readonly temperature: number;
        readonly augment: readonly Augmentation[];
      }
    | { readonly kind: 'logits' }
    | { readonly kind: 'hidden' }
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

/** What each kind of job may say. */
const NAMES: { readonly [K in JobSpec['kind']]: readonly (keyof Extract<JobSpec, { kind: K }>)[] } = {
  train: [
    ...(['kind', 'title', 'architecture', 'data', 'test', 'lesson', 'epochs', 'seed', 'batch'] as const),
    ...([
      'recipe',
      'augment',
      'unlabeled',
      'initial',
      'validation',
      'keep',
      'window',
      'upTo',
      'frozen',
    ] as const),
  ],
  outputs: ['kind', 'title', 'teachers', 'data', 'what'],
  evaluate: ['kind', 'title', 'models', 'data'],
};

/** What each kind of lesson may say. */
const LESSON_NAMES: { readonly [K in Lesson['kind']]: readonly (keyof Extract<Lesson, { kind: K }>)[] } = {
  labels: ['kind', 'temperature'],
  distillation: ['kind', 'teachers', 'temperature', 'alpha', 'form', 'softWeight'],
  logits: ['kind', 'teachers'],
  features: ['kind', 'teachers', 'selection', 'selectedBy', 'weight'],
  objectives: ['kind', 'terms', 'teachers', 'kept'],
};

const WHAT_NAMES: {
  readonly [K in OutputsJob['what']['kind']]: readonly (keyof Extract<OutputsJob['what'], { kind: K }>)[];
} = {
  'soft targets': ['kind', 'temperature', 'augment'],
  logits: ['kind'],
  hidden: ['kind'],
  features: ['kind', 'selection', 'selectedBy'],
};

/**
 * Refuses what is no job, with all jobs that it needs: a name that nobody reads would still be part of its key. What a
 * training's own options may be train() says.
 * @throws DistillError 'bad-argument'
 */
export function checkJob(spec: JobSpec, above: readonly JobSpec[] = []): void {
  demand(!above.includes(spec), () => `the job ${shown(spec.title)} needs itself`);
  const way = [...above, spec];
  checkKind(spec, 'a job', NAMES);
  checkReference(spec.data, 'the data of a job');
  if (spec.kind === 'train') {
    checkReference(spec.test, 'the test data of a job');
    checkLesson(spec, way);
    if (spec.validation !== undefined) checkReference(spec.validation, 'the validation data of a job');
    if (spec.initial !== undefined) checkTeacher(spec.initial, 'initial', way);
  } else if (spec.kind === 'outputs') {
    checkKind(spec.what, 'what an outputs job asks', WHAT_NAMES);
    checkTeachers(spec.teachers, 'the teachers of an outputs job', way);
  } else checkTrainings(spec.models, 'the models of an evaluate job', way);
}

function checkLesson({ lesson, augment = [] }: TrainJob, way: readonly JobSpec[]): void {
  checkKind(lesson, 'a lesson', LESSON_NAMES);
  const teachers = teachersOf(lesson);
  if (teachers) checkTeachers(teachers, 'the teachers of a lesson', way);
  if (lesson.kind !== 'objectives') return;
  const { terms, kept = false } = lesson;
  checkBoolean(kept, 'kept of a lesson');
  checkTerms(terms, { teachers: teachers?.length ?? 0, kept, augment });
}

/** Who teaches, where somebody does. */
function teachersOf(lesson: Lesson): readonly Teacher[] | undefined {
  return 'teachers' in lesson ? lesson.teachers : undefined;
}

function checkKind(
  value: { readonly kind: string },
  what: string,
  names: Readonly<Record<string, readonly string[]>>,
): void {
  checkWord(Object(value).kind, `the kind of ${what}`, Object.keys(names));
  checkNames(value, what, names[value.kind]!);
}

function checkReference(reference: DataReference, what: string): void {
  checkNames(reference, what, ['name', 'sha256']);
  demand(
    typeof reference.name === 'string' && typeof reference.sha256 === 'string',
    () => `${what} must be { name, sha256 }, both strings: its hash is what dataSha256() answers`,
  );
}

/** A training, or a model from elsewhere. */
function checkTeacher(one: Teacher, what: string, above: readonly JobSpec[]): void {
  if (Object(one).kind !== 'model') {
    checkTrainings([one as TrainJob], what, above);
    return;
  }
  checkNames(one, what, ['kind', 'name', 'sha256']);
  const { name, sha256 } = one as ModelReference;
  demand(
    typeof name === 'string' && typeof sha256 === 'string',
    () =>
      `${what} must be { kind: 'model', name, sha256 }, both strings: its hash is what modelSha256() answers`,
  );
}

function checkTeachers(teachers: readonly Teacher[], what: string, above: readonly JobSpec[]): void {
  checkList(teachers, what, 'jobs or models', (one) => ['train', 'model'].includes(Object(one).kind));
  for (const one of teachers) checkTeacher(one, what, above);
}

function checkTrainings(jobs: readonly TrainJob[], what: string, above: readonly JobSpec[]): void {
  checkList(jobs, what, 'jobs', (job) => Object(job).kind === 'train');
  for (const job of jobs) checkJob(job, above);
}

/** The stored outputs that a training learns from: none where its teachers run in its steps, or where it has none. */
export function outputsOf(job: TrainJob): readonly OutputsJob[] {
  checkJob(job);
  const { lesson, data, augment = [] } = job;
  const shared = { kind: 'outputs', data } as const;
  switch (lesson.kind) {
    case 'labels':
      return [];
    case 'distillation': {
      const { temperature, teachers } = lesson;
      const what = { kind: 'soft targets', temperature, augment } as const;
      return [{ ...shared, title: 'soft targets', teachers, what }];
    }
    case 'logits':
      return [{ ...shared, title: 'logits', teachers: lesson.teachers, what: { kind: 'logits' } }];
    case 'features': {
      const { selection, selectedBy, teachers } = lesson;
      return [{ ...shared, title: 'features', teachers, what: { kind: 'features', selection, selectedBy } }];
    }
    case 'objectives': {
      const { terms, teachers = [], kept } = lesson;
      return (kept ? askedFor(terms) : []).map((asked) => ({
        ...{ ...shared, title: asked.kind === 'hidden' ? 'hidden units' : asked.kind, teachers },
        what: asked.kind === 'soft targets' ? { ...asked, augment } : asked,
      }));
    }
  }
}

/** The teachers that run in a training's steps. */
export function teachersInStep({ lesson }: TrainJob): readonly Teacher[] {
  return lesson.kind === 'objectives' && !lesson.kept ? (lesson.teachers ?? []) : [];
}

/** The jobs whose results this one needs. */
export function neededBy(spec: JobSpec): readonly JobSpec[] {
  checkJob(spec);
  if (spec.kind === 'outputs') return spec.teachers.filter(isTraining);
  if (spec.kind === 'evaluate') return spec.models;
  return [
    ...outputsOf(spec),
    ...teachersInStep(spec).filter(isTraining),
    ...(spec.initial?.kind === 'train' ? [spec.initial] : []),
  ];
}

function isTraining(teacher: Teacher): teacher is TrainJob {
  return teacher.kind === 'train';
}
