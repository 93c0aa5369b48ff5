import { checkWhole } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { meanLogits } from '../nn/ensemble.js';
import type { TrainedModel } from '../nn/model-file.js';
import { keptNumbers } from './kept.js';
import type { Objective, Step } from './objective.js';
import { checkedTeachers, checkTeaches } from './teachers.js';

/** The teachers' logits for every sample, stored ([size, classes]), or teachers that compute them in the step. */
export type LogitsSource =
  | { logits: Float32Array; classes: number; teachers?: undefined }
  | { logits?: undefined; classes?: undefined; teachers: readonly TrainedModel[] };

export const LOGITS_SOURCE = ['logits', 'classes', 'teachers'] as const;

/** What an objective needs for its teachers' logits, and where in a step they are: the mean over several teachers. */
export interface TeacherLogits {
  needs: Pick<Objective, 'columns' | 'teachers'> & { check: NonNullable<Objective['check']> };
  of(step: Step): Tensor;
}

/** @throws DistillError 'bad-argument' */
export function teacherLogits({ logits, classes, teachers }: LogitsSource): TeacherLogits {
  demand(
    teachers === undefined || logits === undefined,
    'logits and teachers that make others in the step are given: give one of the two',
  );
  if (teachers)
    return {
      needs: { teachers: checkedTeachers(teachers), check: (data) => checkTeaches(teachers, data) },
      of: (step) => meanLogits(step.teachers.map((teacher) => teacher.logits)),
    };
  const needs = keptNumbers(
    { logits: { values: logits, shape: [classes] } },
    { kept: 'kept logits', whose: "the teachers' logits", otherwise: 'teachers, which run' },
  );
  checkWhole(classes, 'classes', 1, Infinity);
  return {
    needs,
    of: (step) => step.columns.logits!,
  };
}
