/** Knowledge distillation in JavaScript: the library's public names. */

export { gradients } from './autodiff/gradients.js';
export type { Engine, EngineReport, RunOptions, Session } from './backends/backend.js';
export { createEngine, type EngineOptions } from './backends/wasm/engine.js';
export { type Dataset, makeDataset, select, take } from './data/dataset.js';
export { readIdx } from './data/idx.js';
export { pairs } from './data/pairs.js';
export { shiftCount } from './data/shift.js';
export { adjustBias } from './distill/bias-adjustment.js';
export { classClusters } from './distill/clusters.js';
export { type CombineOptions, combine, type Opinion } from './distill/combine.js';
export {
  type DistillOptions,
  distill,
  distillationLoss,
  type KdOptions,
  type SoftSource,
} from './distill/distill.js';
export {
  featureLoss,
  featuresOf,
  hiddenOf,
  type SelectionOptions,
  selectFeatures,
} from './distill/feature-selection.js';
export { logitRegression, logitsOf } from './distill/logits.js';
export { predictWithSpecialists, type SpecialistsOptions } from './distill/predict-with-specialists.js';
export { sideBySide } from './distill/side-by-side.js';
export {
  type Alignment,
  checkAligned,
  decodeSoftTargets,
  encodeSoftTargets,
  type SoftTargetOptions,
  type SoftTargets,
  softTargets,
} from './distill/soft-targets.js';
export {
  type EarlyStopping,
  type Specialist,
  type SpecialistOptions,
  trainSoftSpecialist,
  trainSpecialist,
} from './distill/specialists.js';
export { DistillError, type ErrorCode } from './errors.js';
export { decodeSafetensors, encodeSafetensors, type NamedTensor } from './formats/safetensors.js';
export { type Effect, type Plans, type Tensor, type Variable, variable } from './graph/tensor.js';
export { loadMnist } from './mnist.js';
export {
  type Architecture,
  byteInput,
  checkArchitecture,
  checkFits,
  classesOf,
  forData,
  type InputSpec,
  type LayerSpec,
  type Normalization,
} from './nn/architecture.js';
export { countParameters, multiplyAdds } from './nn/counts.js';
export type { Mode, Role } from './nn/layers/layer.js';
export { type MlpOptions, mlp } from './nn/mlp.js';
export { decodeModel, encodeModel, sha256, type TrainedModel, weightsSha256 } from './nn/model-file.js';
export {
  type Activations,
  type Initializer,
  initialize,
  type Network,
  type NetworkOptions,
  network,
  type Parameter,
} from './nn/network.js';
export { encodeInt8Model } from './nn/quantize.js';
export { parseShorthand, type ShorthandOptions, type ShorthandResult } from './nn/shorthand.js';
export { shorthandOf } from './nn/shorthand-of.js';
export * as ops from './ops/public.js';
export { decodeCheckpoint, encodeCheckpoint } from './train/checkpoint.js';
export { earlyStopped } from './train/early-stopping.js';
export {
  type Evaluation,
  evaluate,
  mostProbable,
  type PredictOptions,
  Predictor,
  predict,
  score,
} from './train/evaluate.js';
export type { ForwardControl } from './train/forward.js';
export type { Optimizer } from './train/optimizer.js';
export { type RunControl, train, trainEpochs } from './train/train.js';
export type {
  Batch,
  EpochResult,
  Relabeling,
  TrainingProgress,
  TrainingState,
  TrainOptions,
} from './train/trainer.js';
