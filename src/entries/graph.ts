/** Graphs: operators, gradients, networks, and what engines run. */
export { gradients } from '../autodiff/gradients.js';
export type { Engine, Identity, RunOptions, Session, Values } from '../backends/backend.js';
export type { Compared, CompareOptions, Comparison, GpuEngine } from '../backends/comparison.js';
export type { ArrayOf, DType, Shape } from '../graph/shape.js';
export { type Effect, type Plans, type Tensor, type Variable, variable } from '../graph/tensor.js';
export { byteInput, checkFits, classesOf } from '../nn/architecture.js';
export { type LayerCost, layerCosts } from '../nn/counts.js';
export { foldNorms } from '../nn/fold.js';
export {
  type Activations,
  initialize,
  type Network,
  type NetworkOptions,
  network,
  type Parameter,
} from '../nn/network.js';
export { shorthandOf } from '../nn/shorthand-of.js';
export { writeWeights } from '../nn/weights.js';
export * as ops from '../ops/public.js';
export type { Stream, StreamKind } from '../random/streams.js';
