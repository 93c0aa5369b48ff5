import type { LessonTerm } from 'wasm-distill/jobs';
import type { Model, ModelLesson } from './model.ts';

/** The two terms of Hinton, Vinyals and Dean with most of the weight on soft targets, as most comparisons have them. */
export function kd(temperature: number, alpha = 0.1): LessonTerm {
  return { weight: 1, objective: 'kd', options: { temperature, alpha, form: 'two-term' } };
}

export const LABELS: LessonTerm = { weight: 1, objective: 'labels' };

/** A lesson of several objectives without a teacher. */
export function alone(...terms: LessonTerm[]): ModelLesson {
  return { kind: 'objectives', terms };
}

/** One by the teacher of seed 1, which is asked in each step; of views of the samples too. */
export function taughtBy(teacher: Model, ...terms: LessonTerm[]): ModelLesson {
  return { kind: 'objectives', teacher, teachers: 1, terms };
}

/** The same by what it answers to the samples as they are, asked once. */
export function askedOnce(teacher: Model, ...terms: LessonTerm[]): ModelLesson {
  return { kind: 'objectives', teacher, teachers: 1, kept: true, terms };
}
