import type { Stream } from '../random/streams.js';
import type { Shape } from './shape.js';

export type BinaryKind = 'add' | 'subtract' | 'multiply' | 'divide' | 'mask';
export type UnaryKind =
  | 'scale'
  | 'shift'
  | 'relu'
  | 'leakyRelu'
  | 'sigmoid'
  | 'tanh'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'abs'
  | 'sign';
export type ReduceKind = 'sum' | 'max';
export type RandomKind = 'uniform' | 'normal';

export interface KdAttributes {
  temperature: number;
  /** Weight of the hard part, of one-hot labels. */
  alpha: number;
  /** Weight of the soft part. */
  beta: number;
  /** Which of the two inputs after the logits are present. */
  soft: boolean;
  labels: boolean;
}

/** A random shift of images by up to `pixels` each way. */
export interface ShiftAttributes {
  pixels: number;
  stream: Stream;
}

/** Along y, then along x. */
export type Pair = readonly [number, number];

/** What surrounds an image: rows above, columns at the left, rows below, columns at the right. */
export type Padding = readonly [number, number, number, number];

/** How a window moves over images [n, height, width, channels]. */
export interface WindowAttributes {
  stride: Pair;
  padding: Padding;
  dilation: Pair;
}

export interface PoolAttributes {
  kernel: Pair;
  stride: Pair;
  padding: Padding;
}

export type None = Readonly<Record<string, never>>;

/**
 * Every operator by name, with the type of its attributes: shape rules, gradients and lowerings are tables over these.
 */
export interface AttributesOf {
  /** A tensor with its own memory, which outlives steps. */
  variable: None;
  /** One number throughout, which a backend rounds to the precision it computes in. */
  fill: { value: number };
  /** Numbers known when the graph is built, row-major; rounded as those of fill. */
  constant: { values: readonly number[] };

  angleLoss: None;
  angleLossGradient: None;
  averagePool: PoolAttributes;
  averagePoolSpread: PoolAttributes & { size: Pair };
  batchedMatmul: { transposeA: boolean; transposeB: boolean };
  binary: { kind: BinaryKind };
  broadcast: { shape: Shape };
  centeredSums: None;
  concat: { axis: number };
  conv2d: WindowAttributes;
  conv2dInput: WindowAttributes & { size: Pair };
  conv2dWeight: WindowAttributes & { kernel: Pair };
  depthwise: WindowAttributes;
  depthwiseInput: WindowAttributes & { size: Pair };
  depthwiseWeight: WindowAttributes & { kernel: Pair };
  dropout: { rate: number; stream: Stream };
  flip: { axis: number };
  gather: None;
  gatherImages: { shift: ShiftAttributes | undefined; mirror: Stream | undefined };
  kdLoss: KdAttributes;
  kdLossGradient: KdAttributes;
  matmul: { transposeA: boolean; transposeB: boolean };
  maxPool: PoolAttributes;
  maxPoolGather: PoolAttributes;
  maxPoolScatter: PoolAttributes;
  moments: None;
  normalize: { epsilon: number };
  oneHot: { classes: number };
  permutation: { n: number; capacity: number; stream: Stream };
  random: { kind: RandomKind; shape: Shape; scale: number; stream: Stream };
  reduce: { kind: ReduceKind; axis: number };
  reshape: { shape: Shape };
  viewIndex: { shift: ShiftAttributes | undefined; mirror: Stream | undefined };
  slice: { start: Shape; shape: Shape };
  softmax: { temperature: number; log: boolean };
  stepRead: None;
  stopGradient: None;
  sumOfSquares: None;
  transpose: { order: readonly number[] };
  unary: { kind: UnaryKind; value: number };
}

export type NodeName = keyof AttributesOf;
/** Nodes that aren't computed: they exist before a step begins. */
export type SourceName = 'variable' | 'fill' | 'constant';
export type OpName = Exclude<NodeName, SourceName>;

/** What a step writes to variables at its end, with the type of each kind's attributes. */
export interface EffectAttributesOf {
  assign: None;
  rowsWrite: None;
  stepWrite: { guard: boolean };
  sgd: { momentum: number; decay: number; nesterov: boolean };
  adam: { beta1: number; beta2: number; epsilon: number; decay: number };
  maxNorm: { limit: number };
}

export type EffectName = keyof EffectAttributesOf;
