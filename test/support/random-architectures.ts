import type { Architecture, InputSpec, LayerSpec } from 'wasm-distill';
import { shapeAfter } from '#library/nn/placed-layers.js';
import { numbers } from './models.ts';

/** Draws whole numbers and choices, the same for the same seed. */
class Dice {
  readonly #next: () => number;
  constructor(seed: number) {
    this.#next = numbers(seed);
    for (let i = 0; i < 5; i++) this.#next();
  }
  /** From `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(((this.#next() + 1) / 2) * (most - least + 1 - 1e-9));
  }
  of<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }
}

/** A small network of random layers over a random input, with 2 to 9 classes. */
export function randomArchitecture(seed: number): Architecture {
  const dice = new Dice(seed);
  const input = randomInput(dice);
  const layers = randomLayers(dice, input.shape, dice.whole(1, 6), 2);
  return { input, layers: [...layers, { dense: dice.whole(2, 9) }] };
}

function randomInput(dice: Dice): InputSpec {
  const shape = dice.of([
    ...[[dice.whole(1, 17)], [dice.whole(1, 6), dice.whole(1, 5)]],
    ...[1, 2, 3, 4].map((channels) => [dice.whole(1, 9), dice.whole(1, 9), channels]),
  ]);
  if (dice.whole(0, 1) === 0) return { shape };
  const several = dice.whole(0, 1) === 0 ? 1 : shape.at(-1)!;
  const list = (least: number) => Array.from({ length: several }, () => dice.whole(least, 9) / 4);
  return { shape, normalization: { mean: list(-3), deviation: list(1) } };
}

function randomLayers(dice: Dice, input: readonly number[], count: number, depth: number): LayerSpec[] {
  const layers: LayerSpec[] = [];
  for (let i = 0; i < count; i++) {
    const layer = randomLayer(dice, after(layers, input)!, depth);
    // Not every layer fits what comes before it.
    if (after([...layers, layer], input)) layers.push(layer);
  }
  return layers;
}

function after(layers: readonly LayerSpec[], input: readonly number[]): readonly number[] | undefined {
  try {
    const shape = shapeAfter(layers, input);
    return shape.reduce((product, n) => product * n, 1) <= 3000 ? shape : undefined;
  } catch {
    return undefined;
  }
}

function randomLayer(dice: Dice, input: readonly number[], depth: number): LayerSpec {
  const pair = (most: number): [number, number] => [dice.whole(1, most), dice.whole(1, most)];
  const side = () => dice.whole(0, 2);
  const moving = () => ({
    ...{ stride: dice.of([1, 1, 2, pair(2)]) },
    ...(dice.whole(0, 2) > 0 && {
      pad: dice.of(['same', dice.whole(0, 1), [side(), side(), side(), side()]] as const),
    }),
  });
  const dilated = () => ({ ...moving(), dilation: dice.of([1, 1, pair(2)]), bias: dice.whole(0, 3) > 0 });
  const flat: (() => LayerSpec)[] = [
    () => ({ dense: dice.whole(1, 12), bias: dice.whole(0, 3) > 0 }),
    () => ({ norm: 'batch', epsilon: dice.of([1e-5, 1e-3]) }),
    () => ({ relu: true }),
    () => ({ leakyRelu: dice.whole(-2, 5) / 10 }),
    () => ({ sigmoid: true }),
    () => ({ tanh: true }),
    () => ({ maxout: dice.whole(1, 3) }),
    () => ({ flatten: true }),
    () => ({ dropout: 0.3 }),
  ];
  const images: (() => LayerSpec)[] = [
    () => ({
      conv: dice.whole(1, 6),
      kernel: dice.of([1, 2, 3, pair(3)]),
      groups: dice.whole(1, 2),
      ...dilated(),
    }),
    () => ({ deconv: dice.whole(1, 4), kernel: dice.of([1, 2, 3, pair(3)]), ...dilated() }),
    () => ({ depthwise: dice.of([2, 3, pair(3)]), ...dilated() }),
    () => ({ pool: dice.of([2, 3, pair(3)]), ...moving() }),
    () => ({ avg: dice.of([2, 3, pair(3)]), ...moving() }),
    () => ({ gap: true }),
    () => ({ upsample: dice.of([1, 2, pair(3)]) }),
  ];
  const branch = () => randomLayers(dice, input, dice.whole(0, 3), depth - 1);
  const composites: (() => LayerSpec)[] = [
    () => ({ sum: [branch(), branch()] }),
    () => ({ concat: [branch(), branch(), ...(dice.whole(0, 1) === 0 ? [branch()] : [])] }),
  ];
  const kinds = [
    ...flat,
    ...(input.length === 3 ? [...images, ...images] : []),
    ...(depth > 0 ? composites : []),
  ];
  return dice.of(kinds)();
}
