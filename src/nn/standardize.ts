import { brandOf, shown } from '../checks.js';
import { demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';
import { takes } from './architecture.js';
import { type Architecture, byteInput, type Normalization } from './specs.js';

/** What a mean and deviation are taken from. */
interface Samples {
  readonly shape: Shape;
  readonly values: Uint8Array | Float32Array;
}

/**
 * A deviation by which what is constant in the training data becomes 0 whatever it is later: a network learns nothing of
 * it, and what its random weights would make of another value is noise.
 */
const CONSTANT = 1e30;

/** Deviations below this share of the mean are f32's rounding; below the least, their inverse is no f32. */
const ROUNDING = 1e-6;
const LEAST = 1e-30;

/**
 * The architecture with its input normalized by the training data: numbers by feature and color images by channel, to
 * mean 0 and deviation 1; of gray images, and of bytes in rows, 0 to 255 become 0 to 1. What is constant becomes 0. If
 * the architecture specifies values or a normalization, it is left as it is.
 * @throws DistillError 'mismatch' if it doesn't take the samples, 'bad-argument'
 */
export function standardize(architecture: Architecture, samples: Samples): Architecture {
  const { input, layers } = Object(architecture) as Architecture;
  demand(Array.isArray(input?.shape), () => `an architecture is needed, not ${shown(architecture)}`);
  const brand = brandOf(samples?.values);
  demand(
    Array.isArray(samples?.shape) && ['Uint8Array', 'Float32Array'].includes(brand),
    () => `samples must be a data set's inputs, { shape, values }, not ${shown(samples)}`,
  );
  if (input.values !== undefined || input.normalization !== undefined) return architecture;
  const { shape } = samples;
  demand(
    takes(input.shape, shape),
    () => `the model takes inputs of [${input.shape}], but the samples have the shape [${shape}]`,
    'mismatch',
  );
  const bytes = brand === 'Uint8Array';
  if (bytes && (shape.length === 1 || shape.at(-1) === 1))
    return { input: { ...input, ...byteInput }, layers };
  const normalization = repeated(statistics(samples), input.shape.at(-1)!);
  return { input: { ...input, values: bytes ? 'bytes' : 'floats', normalization }, layers };
}

/** By entry of the samples' last dimension. In float64 and in the samples' order, so the same everywhere. */
function statistics({ shape, values }: Samples): Normalization {
  const last = shape.at(-1)!;
  const count = values.length / last;
  demand(Number.isInteger(count) && count > 0, () => `${values.length} numbers are no samples of [${shape}]`);
  const mean = new Float64Array(last);
  for (let i = 0, j = 0; i < values.length; i++, j = j + 1 === last ? 0 : j + 1)
    mean[j]! += values[i]! / count;
  const square = new Float64Array(last);
  for (let i = 0, j = 0; i < values.length; i++, j = j + 1 === last ? 0 : j + 1)
    square[j]! += (values[i]! - mean[j]!) ** 2 / count;
  return {
    mean: Array.from(mean, (m) => digits(m, 9)),
    deviation: Array.from(square, (s, j) => {
      const deviation = Math.sqrt(s);
      return deviation > Math.max(LEAST, ROUNDING * Math.abs(mean[j]!)) ? digits(deviation, 6) : CONSTANT;
    }),
  };
}

/** A row network reads images pixel by pixel: the channels' numbers again for each. */
function repeated({ mean, deviation }: Normalization, last: number): Normalization {
  const fill = (list: readonly number[]) => Array.from({ length: last }, (_, i) => list[i % list.length]!);
  return { mean: fill(mean), deviation: fill(deviation) };
}

/** As many as the purpose takes, and few in the model's file: a mean is subtracted from f32 numbers of its size. */
function digits(value: number, count: number): number {
  return Number(value.toPrecision(count));
}
