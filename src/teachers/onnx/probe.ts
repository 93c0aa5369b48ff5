import { brandOf } from '../../checks.js';
import type { Samples } from '../../data/dataset.js';
import { DistillError } from '../../errors.js';
import { type Shape, size as sizeOf } from '../../graph/shape.js';
import { elementsOf } from './prepare.js';
import type { GraphRunner, Taking } from './runner.js';

/** How far rows may be from those of samples that ran alone, by their size. */
const ALIKE = 1e-5;

/** Two samples that a model takes, always the same: what it makes of them tells what its output is. */
export function probeSamples(taking: Taking, given: Samples | undefined): Samples {
  const shape = given ? given.shape : shapeOf(taking);
  const bytes = given ? brandOf(given.values) === 'Uint8Array' : shape.length === 3;
  const count = 2 * sizeOf(shape);
  if (elementsOf(taking.input.type, taking, taking.name).whole)
    return { shape, values: Uint8Array.from({ length: count }, (_, i) => i % 2) };
  return bytes
    ? { shape, values: Uint8Array.from({ length: count }, (_, i) => (i * 31 + (i >> 5) * 7) % 256) }
    : { shape, values: Float32Array.from({ length: count }, (_, i) => ((i * 37) % 101) / 50 - 1) };
}

/** Of a sample, channels last, as far as the model tells it. */
function shapeOf({ input, layout: wanted, size, name }: Taking): Shape {
  const own = input.shape?.slice(1) ?? [undefined];
  let shape: readonly (number | string | undefined)[] = own;
  if (own.length === 3) {
    const layout = wanted ?? input.layout ?? 'nchw';
    const [channels, height, width] = layout === 'nchw' ? own : [own[2], own[0], own[1]];
    const known = (side: number | string | undefined, asked: number | undefined) =>
      typeof side === 'number' ? side : asked;
    shape = [known(height, size?.[0]), known(width, size?.[1]), channels];
  }
  const sizes = shape.filter((one) => typeof one === 'number');
  if (sizes.length < shape.length)
    throw new DistillError(
      'bad-argument',
      `${name} doesn't tell the size of its input [${input.shape?.map((one) => one ?? '?').join(', ') ?? '?'}]: give ${own.length === 3 ? 'size, or ' : ''}samples`,
    );
  return own.length === 3 ? sizes : [sizes.reduce((product, one) => product * one, 1)];
}

/** Whether samples that run together give what each gives alone. */
export async function runsTogether(
  runner: GraphRunner,
  { shape, values }: Samples,
  output: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const half = values.length / 2;
  const both = await runner.run({ shape, values }, output, signal);
  const columns = both.length / 2;
  for (const k of [0, 1]) {
    const one = await runner.run(
      { shape, values: values.subarray(k * half, (k + 1) * half) },
      output,
      signal,
    );
    const alike = one.every((value, i) => {
      const other = both[k * columns + i]!;
      return Math.abs(value - other) <= ALIKE * Math.max(1, Math.abs(value));
    });
    if (one.length !== columns || !alike) return false;
  }
  return true;
}
