import { constant, type Tensor } from '../graph/tensor.js';
import { multiply, subtract } from '../ops/binary.js';
import { scale, shift } from '../ops/unary.js';
import type { InputSpec } from './specs.js';

/**
 * x [batch, …shape] minus the mean, times the f32 nearest to 1/deviation. Bytes over 255 take a single product, as
 * images are scaled as they are gathered.
 */
export function normalized(x: Tensor, { normalization }: InputSpec): Tensor {
  if (!normalization) return x;
  const { mean, deviation } = normalization;
  const factors = deviation.map((d) => Math.fround(1 / d));
  return scaled(centered(x, mean), factors);
}

/** Whether normalization is the same for all numbers, so that their shape doesn't matter. */
export function isUniform({ normalization }: InputSpec): boolean {
  return !normalization || (allAlike(normalization.mean) && allAlike(normalization.deviation));
}

function centered(x: Tensor, mean: readonly number[]): Tensor {
  if (!allAlike(mean)) return subtract(x, row(mean));
  return mean[0] === 0 ? x : shift(x, -mean[0]!);
}

function scaled(x: Tensor, factors: readonly number[]): Tensor {
  return allAlike(factors) ? scale(x, factors[0]!) : multiply(x, row(factors));
}

function allAlike(values: readonly number[]): boolean {
  return values.every((v) => v === values[0]);
}

function row(values: readonly number[]): Tensor {
  return constant(values, [values.length]);
}
