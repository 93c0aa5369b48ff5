import type { Pair } from '../graph/names.js';
import type { LayerWindow } from '../nn/windows.js';

/** Height, width and channels; of rows the first two are 1. */
export type Dims = readonly [number, number, number];

/** What is common to the layers with weights; `relu` says whether a ReLU follows. */
interface Weighted {
  output: Dims;
  /** Of 8 bits, −127 to 127 in units of the output channel's scale, where there are scales. */
  weights: Float32Array | Int8Array;
  scales: Float32Array | undefined;
  bias: Float32Array;
  relu: boolean;
}

/** y = x·weights + bias; weights [inputs, outputs]. */
export interface Dense extends Weighted {
  kind: 'dense';
  inputs: number;
  outputs: number;
}

/** Weights [kernel height, kernel width, channels / groups, filters]. */
export interface Conv extends Weighted {
  kind: 'conv';
  window: LayerWindow;
  groups: number;
}

/** A transposed convolution; weights [kernel height, kernel width, filters, channels]. */
export interface Deconv extends Weighted {
  kind: 'deconv';
  window: LayerWindow;
  weights: Float32Array;
}

/** Weights [kernel height, kernel width, channels]. */
export interface Depthwise extends Weighted {
  kind: 'depthwise';
  window: LayerWindow;
  weights: Float32Array;
}

/** A batch norm that no layer before it could take in: x·scale + shift, by channel. */
export interface Affine {
  kind: 'affine';
  output: Dims;
  scale: Float32Array;
  shift: Float32Array;
  relu: boolean;
}

export interface Activation {
  kind: 'relu' | 'leakyRelu' | 'sigmoid' | 'tanh';
  output: Dims;
  slope: number;
}

export interface Maxout {
  kind: 'maxout';
  output: Dims;
  pieces: number;
}

/** The greatest of each window, or the sum times `share` if that isn't 0. */
export interface Pool {
  kind: 'pool';
  output: Dims;
  window: LayerWindow;
  share: number;
}

export interface Upsample {
  kind: 'upsample';
  output: Dims;
  factor: Pair;
}

export interface Flatten {
  kind: 'flatten';
  output: Dims;
}

export interface Sum {
  kind: 'sum';
  output: Dims;
  branches: Layer[][];
  relu: boolean;
}

export interface Concat {
  kind: 'concat';
  output: Dims;
  branches: Layer[][];
}

/** A layer of a file, with what it takes in: batch norms that could be folded, ReLUs. */
export type Layer =
  | Dense
  | Conv
  | Deconv
  | Depthwise
  | Affine
  | Activation
  | Maxout
  | Pool
  | Upsample
  | Flatten
  | Sum
  | Concat;
