import type { KdOptions, SelectionOptions, TrainOptions } from 'wasm-distill';
import type { Samples } from './samples.ts';

/** How a network is trained, whatever it learns from. */
export type Recipe = Pick<
  TrainOptions,
  'epochs' | 'batch' | 'rate' | 'schedule' | 'optimizer' | 'initializer' | 'jitter' | 'dropout'
>;

/** A model of an experiment, as plain data: all of it but the seed. */
export interface Model {
  /** What a person reads. */
  title: string;
  /** Units of each hidden layer. */
  hidden: readonly number[];
  recipe: Recipe;
  /** It goes on from this model, of the same seed and layers (default: from random weights). */
  from?: Model;
  /** The samples that it learns from (default: all). */
  samples?: Samples;
  /** Share of the samples whose label is hidden (default: none). */
  unlabeled?: number;
  /** What its soft targets come from (default: it learns from the labels alone). */
  lesson?: Lesson;
}

export interface Lesson {
  teacher: Model;
  /** An ensemble of the teachers of seeds 1 … n (default: the one teacher that has the student's own seed). */
  teachers?: number;
  /** Soft targets at a temperature, regression on the teachers' logits, or on some of one teacher's last hidden units. */
  loss: KdOptions | 'logits' | FeatureOptions;
}

export interface FeatureOptions extends SelectionOptions {
  /** Of the regression, beside cross-entropy with the labels. */
  weight: number;
}

/** A model to be trained from one seed. */
export interface Job {
  model: Model;
  seed: number;
}

export function titleOf({ model, seed }: Job): string {
  return `${model.title}, seed ${seed}`;
}

/** Seeds 1 … n. */
export function seedsTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

/** A model from each of several seeds. */
export function jobsOf(model: Model, seeds: readonly number[]): Job[] {
  return seeds.map((seed) => ({ model, seed }));
}

/** The teachers that a job's soft targets come from. */
export function teachersOf({ model: { lesson }, seed }: Job): Job[] {
  if (!lesson) return [];
  return jobsOf(lesson.teacher, lesson.teachers === undefined ? [seed] : seedsTo(lesson.teachers));
}

/** The job that this one goes on from, if it does. */
export function earlierOf({ model: { from }, seed }: Job): Job | undefined {
  return from && { model: from, seed };
}

/** The jobs that have to be done before this one: its teachers, and what it goes on from. */
export function neededBy(job: Job): Job[] {
  const earlier = earlierOf(job);
  return [...teachersOf(job), ...(earlier ? [earlier] : [])];
}

/** Soft targets that are made once, for all who learn from them. */
export interface Softening {
  teachers: readonly Job[];
  samples: Samples;
  temperature: number;
  /** They are of every shift of each image by up to so many pixels: of the images as the student sees them. */
  jitter: number;
}

/** The soft targets that a job learns from; undefined where it learns from none. */
export function softeningOf(job: Job): Softening | undefined {
  const { samples = {}, recipe, lesson } = job.model;
  if (!lesson || lesson.loss === 'logits' || 'weight' in lesson.loss) return undefined;
  const { temperature } = lesson.loss;
  return { teachers: teachersOf(job), samples, temperature, jitter: recipe.jitter ?? 0 };
}

/** How many trainings have to come before a job's, one after another. */
export function generation(job: Job): number {
  return neededBy(job).reduce((most, needed) => Math.max(most, 1 + generation(needed)), 0);
}
