import type { Floats } from '../arrays.js';
/** Batch norm folded into the weights before it, and where their output channels are. */

/** Where the output channels of weights are: element i belongs to channel ⌊i / inner⌋ mod channels. */
export interface OutputChannels {
  readonly channels: number;
  readonly inner: number;
}

/** Batch norm's parameters, [channels] each. */
export interface Norm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/** The output channels are the last dimension, but the third of a transposed convolution's [kh, kw, filters, c]. */
export function outputChannels(isDeconv: boolean, shape: readonly number[]): OutputChannels {
  return isDeconv ? { channels: shape[2]!, inner: shape[3]! } : { channels: shape.at(-1)!, inner: 1 };
}

/** Which output channel an element of weights belongs to. */
export function channelOf(i: number, { channels, inner }: OutputChannels): number {
  return Math.floor(i / inner) % channels;
}

/**
 * Weights and bias that do what weights, bias (undefined: none) and batch norm do: w·f and (b − mean)·f + shift with f =
 * scale / √(variance + epsilon), computed in float64.
 */
export function foldedWeights(
  weights: Float32Array,
  bias: Float32Array | undefined,
  outputs: OutputChannels,
  { scale, shift, mean, variance, epsilon }: Norm,
): { weights: Floats; bias: Floats } {
  const factors = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c]! + Math.fround(epsilon)));
  return {
    weights: Float32Array.from(weights, (w, i) => w * factors[channelOf(i, outputs)]!),
    bias: Float32Array.from(shift, (s, c) => ((bias?.[c] ?? 0) - mean[c]!) * factors[c]! + s),
  };
}
