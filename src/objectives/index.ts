/** What a student can learn from: one file per way of teaching. */
export type { Bounds } from './bounds.js';
export { type CustomOptions, custom } from './custom.js';
export {
  type DistillationOptions,
  distillation,
  distillationLoss,
  type KdBatch,
  type KdOptions,
  type SoftSource,
} from './distillation.js';
export { type FeaturesOptions, features } from './features.js';
export { type LabelsOptions, labels } from './labels.js';
export { type LogitsSource, logitRegression, logits } from './logits.js';
export type { Objective, ObjectiveSpec, Step } from './objective.js';
export { type Term, weightedSum } from './weighted-sum.js';
