import { shown } from '../checks.js';
import { demand } from '../errors.js';
import { type Shape, sameShape, size } from '../graph/shape.js';
import { placedLayers } from './placed-layers.js';
import { type Architecture, byteInput, checkSpecs } from './specs.js';

export type { LayerSpec } from './layer-specs.js';
export { type Architecture, byteInput, type InputSpec, type Normalization } from './specs.js';

/** How many classes a network distinguishes. */
export function classesOf(architecture: Architecture): number {
  return placedLayers(architecture).at(-1)!.output[0]!;
}

/**
 * Checks an architecture from any source, JSON and JavaScript included, and returns it.
 * @throws DistillError 'bad-argument' with a sentence that says which layer, what is wrong and what is allowed.
 */
export function checkArchitecture(value: unknown): Architecture {
  checkSpecs(value);
  placedLayers(value);
  return value;
}

/** What a model must fit: the shape of one sample and the number of classes. */
export interface SampleKind {
  readonly shape: Shape;
  readonly classes: number;
}

/**
 * Checks that a model takes these samples. A model of rows, [144], takes any shape with 144 numbers.
 * @throws DistillError 'mismatch' if it doesn't, 'bad-argument' for an invalid architecture.
 */
export function checkFits(architecture: Architecture, samples: SampleKind): void {
  const own = classesOf(architecture);
  demand(Array.isArray(samples?.shape), () => `samples must be { shape, classes }, not ${shown(samples)}`);
  const { shape, classes } = samples;
  const { shape: input } = architecture.input;
  demand(
    takes(input, shape),
    `the model takes ${input.length === 1 ? `${input} inputs` : `inputs of ${by(input)}`}, but the samples have ${size(shape)} numbers${shape.length === 1 ? '' : ` (${by(shape)})`}${size(shape) === size(input) ? ': give the data set that shape' : ''}`,
    'mismatch',
  );
  demand(own === classes, `the model has ${own} classes, but the data have ${classes}`, 'mismatch');
}

/** Whether an input of one shape takes samples of the other. */
export function takes(input: Shape, samples: Shape): boolean {
  return sameShape(input, samples) || (input.length === 1 && size(samples) === input[0]);
}

/**
 * The architecture with its input filled in from the data, unless it specifies their values or a normalization: bytes
 * are scaled to 0 to 1, floats are taken as they are.
 */
export function forData(
  architecture: Architecture,
  { values }: { readonly values: Uint8Array | Float32Array },
): Architecture {
  const { input, layers } = architecture;
  if (input.values !== undefined || input.normalization !== undefined) return architecture;
  const known = values.BYTES_PER_ELEMENT === 1 ? byteInput : ({ values: 'floats' } as const);
  return { input: { ...input, ...known }, layers };
}

function by(shape: Shape): string {
  return shape.join(' × ');
}
