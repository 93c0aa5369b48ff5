import type { Augmentation, Recipe } from 'wasm-distill';
import type { Lesson } from 'wasm-distill/jobs';
import type { Samples } from './samples.ts';

/**
 * How a network is trained, whatever it learns from: a recipe (where nothing is said of it, the library's), how often, and
 * in which views samples are seen.
 */
export interface Training extends Recipe {
  readonly epochs: number;
  readonly batch?: number;
  readonly augment?: readonly Augmentation[];
}

/** A model of an experiment, as plain data: all of it but the seed. */
export interface Model {
  /** What a person reads. */
  title: string;
  /** Its layers, that of the classes included: '800,800,10', or in the library's shorthand. */
  network: string;
  training: Training;
  /** It goes on from this model of the same seed, from all layers that fit (default: from random weights). */
  from?: Model;
  /** Only the layers up to this one learn: the first of two stages, `from` which the second goes on. */
  upTo?: string;
  /** The samples that it learns from (default: all). */
  samples?: Samples;
  /** Share of the samples whose label is hidden (default: none). */
  unlabeled?: number;
  /** What it learns from (default: from the labels alone, at T = 1). */
  lesson?: ModelLesson;
}

interface Teaching {
  teacher: Model;
  /** An ensemble of the teachers of seeds 1 … n (default: the one teacher that has the student's own seed). */
  teachers?: number;
}

type Taught<L> = L extends { teachers: unknown }
  ? Omit<L, 'teachers'> & Teaching
  : 'teachers' extends keyof L
    ? Omit<L, 'teachers'> & Partial<Teaching>
    : L;

/** Any lesson; teachers are models here. */
export type ModelLesson = Taught<Lesson>;

/** Seeds 1 … n. */
export function seedsTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}
