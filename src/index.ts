/**
 * Knowledge distillation in JavaScript: the main entry. More is in wasm-distill/graph, /data, /objectives and others.
 */
export type { Engine, EngineReport } from './backends/backend.js';
export { createEngine, type EngineOptions } from './backends/create-engine.js';
export type { Augmentation } from './data/augment/index.js';
export {
  type Dataset,
  type DatasetOptions,
  makeDataset,
  type Samples,
} from './data/dataset.js';
export { select, take } from './data/select.js';
export { DistillError, type ErrorCode } from './errors.js';
export {
  type Evaluation,
  evaluate,
  mostProbable,
  type PredictOptions,
  predict,
} from './evaluate/evaluate.js';
export type { ForwardControl } from './evaluate/forward.js';
export type { Architecture, InputSpec, LayerSpec, Normalization } from './nn/architecture.js';
export {
  type BlockOptions,
  convM,
  fire,
  preActivation,
  type ResidualOptions,
  residual,
  type StridedOptions,
  separable,
} from './nn/blocks.js';
export { type ConvnetOptions, convnet } from './nn/convnet.js';
export { countParameters, multiplyAdds } from './nn/counts.js';
export { type MlpOptions, mlp } from './nn/mlp.js';
export { decodeModel, encodeModel, type TrainedModel, weightsSha256 } from './nn/model-file.js';
export type { Initializer } from './nn/network.js';
export { encodeInt8Model } from './nn/quantize.js';
export { parseShorthand, type ShorthandOptions, type ShorthandResult } from './nn/shorthand.js';
export { type CustomOptions, custom } from './objectives/custom.js';
export { distillation, type KdOptions } from './objectives/distillation.js';
export { type LabelsOptions, labels } from './objectives/labels.js';
export type { Objective, Step } from './objectives/objective.js';
export { weightedSum } from './objectives/weighted-sum.js';
export { loadMnist } from './sources/mnist.js';
export { type SoftTargetOptions, type SoftTargets, softTargets } from './teachers/soft-targets.js';
export { type DistillOptions, distill } from './train/distill.js';
export type { TrainingWarning } from './train/health.js';
export type { Optimizer } from './train/optimizer.js';
export type { TrainOptions } from './train/options.js';
export { defaultRecipe, type Recipe } from './train/recipe.js';
export { type Stage, type StagesOptions, trainStages } from './train/stages.js';
export { type Start, startFrom } from './train/start-from.js';
export { type RunControl, type TrainedEpoch, train, trainEpochs } from './train/train.js';
export type { EpochResult, TrainingProgress, TrainingState } from './train/trainer.js';
