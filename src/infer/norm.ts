import { demand } from '../errors.js';
import type { Affine, Layer } from './layers.js';
import type { Parameters } from './read-parameters.js';

/**
 * Batch norm by running statistics is x·factor + shift by channel. A layer of weights before it takes that in, computed
 * in float64 and rounded once; else the answer is a layer of its own.
 */
export function takeInNorm(
  before: Layer | undefined,
  path: string,
  epsilon = 1e-5,
  channels: number,
  parameters: Parameters,
): Omit<Affine, 'output'> | undefined {
  const [scale, shift, mean, variance] = ['scale', 'shift', 'mean', 'variance'].map((suffix) =>
    parameters.floats(path, suffix, channels),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const factor = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c]! + epsilon));
  demand(factor.every(Number.isFinite), `layer ${path}: its variances aren't all from 0`);
  if (!before || !('weights' in before) || before.relu || before.bias.length !== channels)
    return {
      kind: 'affine',
      scale: Float32Array.from(factor),
      shift: shift.map((s, c) => s - mean[c]! * factor[c]!),
      relu: false,
    };
  before.bias = before.bias.map((b, c) => (b - mean[c]!) * factor[c]! + shift[c]!);
  if (before.scales) before.scales = before.scales.map((s, c) => s * factor[c]!);
  else {
    // The output channel comes last, but in transposed convolutions next to last.
    const inner = before.kind === 'deconv' ? before.weights.length / lead(before.window.kernel, channels) : 1;
    before.weights = (before.weights as Float32Array).map(
      (w, i) => w * factor[Math.floor(i / inner) % channels]!,
    );
  }
  return undefined;
}

function lead([height, width]: readonly [number, number], channels: number): number {
  return height * width * channels;
}
