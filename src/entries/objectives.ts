/** What a student can learn from, and what teachers provide. */
export { activationsOf } from '../evaluate/activations.js';
export * from '../objectives/index.js';
export type { OutputKind, OutputOptions } from '../teachers/as-logits.js';
export {
  type Answer,
  type AnswerCache,
  type CallbackTeacherOptions,
  callbackTeacher,
} from '../teachers/callback-teacher.js';
export {
  featuresOf,
  hiddenOf,
  type SelectionOptions,
  selectFeatures,
} from '../teachers/feature-selection.js';
export { logitsOf } from '../teachers/logits.js';
export { type MapClassesOptions, mapClasses } from '../teachers/map-classes.js';
export { type Alignment, checkAligned } from '../teachers/soft-targets.js';
export { type StoredTeacher, type StoredTeacherOptions, storedTeacher } from '../teachers/stored-teacher.js';
