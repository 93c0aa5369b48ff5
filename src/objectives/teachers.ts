import type { Dataset } from '../data/dataset.js';
import { checkFits } from '../nn/architecture.js';
import { checkModels, type TrainedModel } from '../nn/model-file.js';

/** Teachers that run in the step. @throws DistillError 'bad-argument' for what are none. */
export function checkedTeachers(teachers: readonly TrainedModel[]): readonly TrainedModel[] {
  checkModels(teachers, 'teachers');
  return teachers;
}

/** Refuses teachers of other samples or classes: what they say of a sample is compared with the student's own classes. */
export function checkTeaches(teachers: readonly TrainedModel[], { inputs, classes }: Dataset): void {
  for (const { architecture } of teachers) checkFits(architecture, { shape: inputs.shape, classes });
}
