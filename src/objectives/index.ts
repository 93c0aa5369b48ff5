/** What a student can learn from: one file per way of teaching. */
export {
  type AttentionMaps,
  type AttentionOptions,
  attention,
  attentionLoss,
  attentionMap,
  type KeptMaps,
  type LayerPair,
} from './attention.js';
export type { Bounds } from './bounds.js';
export type { CatalogEntry, CatalogOption, Needs, Source } from './catalog/entry.js';
export type { Kind } from './catalog/kinds.js';
export type { KeptNumbers, Teaching } from './catalog/teaching.js';
export {
  type AnyEntry,
  catalogName,
  entryOf,
  type NamedObjective,
  type ObjectiveName,
  objectiveCatalog,
  objectiveNamed,
} from './catalog.js';
export { type CongruenceOptions, congruence, congruenceLoss, neighborLoss } from './congruence.js';
export { type CustomOptions, custom } from './custom.js';
export { type DarkRankOptions, darkRank, darkRankLoss, type RankingOptions } from './darkrank.js';
export { type DecoupledOptions, decoupled, decoupledLoss, type LabeledLogits } from './decoupled.js';
export { type DistOptions, dist, distLoss } from './dist.js';
export {
  type DistillationOptions,
  distillation,
  distillationLoss,
  type KdBatch,
  type KdOptions,
  type SoftSource,
} from './distillation.js';
export type { EmbeddingSource } from './embeddings.js';
export { type FeaturesOptions, features } from './features.js';
export { type FspForm, type FspOptions, fsp, fspLoss, type Section } from './fsp.js';
export {
  type GradientAttentionOptions,
  type GradientMaps,
  gradientAttention,
  gradientAttentionLoss,
} from './gradient-attention.js';
export { gradientMap, type LabeledInputs } from './gradient-map.js';
export { type HintSource, type HintsOptions, hintLoss, hints } from './hints.js';
export { type LabelsOptions, labels } from './labels.js';
export { logitRegression, logits } from './logits.js';
export { type AttentionOfOptions, attentionOf, gradientsOf, type SampleMaps } from './maps-of.js';
export type { Memories, Memory, Remember } from './memory.js';
export { type MutualBatch, type MutualOptions, mutual, mutualLoss } from './mutual.js';
export type { Helpers, Objective, ObjectiveSpec, Step } from './objective.js';
export {
  type NeighborForm,
  type ProbabilisticOptions,
  probabilistic,
  probabilisticLoss,
} from './probabilistic.js';
export { angleLoss, distanceLoss, type RelationalOptions, relational } from './relational.js';
export type { LabeledEmbeddings, MarginOptions } from './same-class.js';
export {
  type SelfDistillationOptions,
  type ShallowBatch,
  selfDistillation,
  shallowLoss,
} from './self-distillation.js';
export { similarity, similarityLoss } from './similarity.js';
export {
  smoothedLabels,
  smoothedLoss,
  type VirtualTeacherOptions,
  virtualTeacher,
  virtualTeacherLoss,
} from './smoothed.js';
export { divergence, type StandardizedOptions, standardized, standardizeLogits } from './standardized.js';
export { symmetricAttention } from './symmetric-attention.js';
export { checkTaps, middleTap, stageTaps, tapsByResolution } from './taps.js';
export type { LogitsSource } from './teacher-logits.js';
export { type TripletForm, type TripletOptions, triplet, tripletLoss } from './triplet.js';
export { type VerificationOptions, verification, verificationLoss } from './verification.js';
export { type Ramp, type Term, weightedSum } from './weighted-sum.js';
