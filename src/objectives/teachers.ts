import type { Dataset } from '../data/dataset.js';
import { inputsLike, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { isExternal } from '../evaluate/external.js';
import { checkFits } from '../nn/architecture.js';
import { checkModels, type TrainedModel } from '../nn/model-file.js';

/** Teachers that run in the step. @throws DistillError 'bad-argument' for what are none. */
export function checkedTeachers(teachers: readonly TrainedModel[]): readonly TrainedModel[] {
  const external = Array.isArray(teachers) ? (teachers as unknown[]).find(isExternal) : undefined;
  demand(
    !external,
    () =>
      `${external?.name} can't run in a training step: make soft targets with softTargets(), and give these`,
  );
  checkModels(teachers, 'teachers');
  return teachers;
}

/** Refuses teachers of other samples or classes: what they say of a sample is compared with the student's own classes. */
export function checkTeaches(teachers: readonly TrainedModel[], data: Dataset | SampleStream): void {
  const { shape } = inputsLike(data);
  for (const { architecture } of teachers) checkFits(architecture, { shape, classes: data.classes });
}
