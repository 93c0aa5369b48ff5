/** Named, resumable trainings, stored under the hash of everything that determines them. */
export { type Artifacts, answerCache, memoryArtifacts, type Part } from './artifacts.js';
export { backendsIn } from './backends.js';
export { type Epoch, type Point, readEpochs, readHistory } from './history.js';
export { dataSha256, differences, type Ingredients, jsonSha256, keyOf, modelSha256 } from './key.js';
export type { Outputs } from './outputs.js';
export { type EvaluationResult, type JobListener, Runner, type RunnerOptions } from './run.js';
export { sideBySide } from './side-by-side.js';
export type { SilentLayer } from './silent.js';
export {
  type DataReference,
  type EvaluateJob,
  type JobSpec,
  type Lesson,
  type ModelReference,
  neededBy,
  type OutputsJob,
  outputsOf,
  type Teacher,
  type TrainJob,
} from './spec.js';
export type { LessonTerm } from './terms.js';
export { samplesDone, type Trained } from './train-job.js';
