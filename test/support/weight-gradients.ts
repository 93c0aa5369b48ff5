import { type Engine, ops, type Tensor, type Variable, variable } from 'wasm-distill/graph';
import { apply } from '#library/graph/apply.js';
import type { AttributesOf, Pair } from '#library/graph/names.js';
import { type Shape, size } from '#library/graph/shape.js';
import { conv2dWeightOp } from '#library/ops/conv2d.js';
import { type DilatedOptions, windowAttributes, windowedSize } from '#library/ops/window.js';

export interface Case {
  name: string;
  x: Shape;
  y: Shape;
  attributes: AttributesOf['conv2dWeight'];
}

/**
 * The greatest |error| of an element in units of the sum of its terms' magnitudes: chunks have some 400 terms, and errors of
 * a sum of random signs grow with the square root.
 */
const BOUND = 20 * 2 ** -24;

/** Images [n, height, width, channels], filters, a square kernel or its two sizes. */
export function weightCase(
  x: readonly [number, number, number, number],
  filters: number,
  sizes: number | Pair,
  options: DilatedOptions = { padding: 'same' },
): Case {
  const kernel: Pair = typeof sizes === 'number' ? [sizes, sizes] : sizes;
  const attributes = { ...windowAttributes(options, kernel, 'conv2d'), kernel };
  const y = [x[0], ...windowedSize([x[1], x[2]], attributes, 'conv2d'), filters];
  return { name: `${x} → ${filters}, ${kernel} ${JSON.stringify(options)}`, x: [...x], y, attributes };
}

/** The operator's own cases: odd sizes. */
export function ownCases(): Case[] {
  return conv2dWeightOp.cases().map(({ inputs: [x, y], attributes }, i) => ({
    name: `case ${i}`,
    x: x!.shape,
    y: y!.shape,
    attributes,
  }));
}

/** Computes every case's gradient; answers them, and a sentence for each case in which an element is wrong. */
export async function weightGradients(
  engine: Engine,
  cases: readonly Case[],
  samples = 300,
): Promise<{ failures: string[]; gradients: Float32Array[] }> {
  const built = cases.map((one, i) => build(one, i));
  const session = await engine.load(
    Object.fromEntries(built.map(({ target, value }, i) => [`${i}`, [ops.assign(target, value)]])),
  );
  const failures: string[] = [];
  const gradients: Float32Array[] = [];
  for (const [i, { x, y, target }] of built.entries()) {
    const data = [x, y].map((v, j) => numbers(size(v.shape), 2 * i + j)) as [Float32Array, Float32Array];
    await session.write(x, data[0]);
    await session.write(y, data[1]);
    // What the result must overwrite.
    await session.write(target, new Float32Array(size(target.shape)).fill(Number.NaN));
    await session.run(`${i}`);
    const got = await session.read(target);
    gradients.push(got);
    failures.push(...wrong(cases[i]!, target.shape, data, got, samples));
  }
  await session.close();
  return { failures, gradients };
}

interface Built {
  x: Variable<'f32'>;
  y: Variable<'f32'>;
  target: Variable<'f32'>;
  value: Tensor;
}

function build({ x, y, attributes }: Case, i: number): Built {
  const [images, made] = [variable(`x${i}`, x), variable(`y${i}`, y)];
  const value = apply(conv2dWeightOp.rule, [images, made], attributes);
  return { x: images, y: made, target: variable(`w${i}`, value.shape), value };
}

/** The first of about so many elements that isn't what float64 says; none if any element isn't finite. */
function wrong(
  one: Case,
  shape: Shape,
  data: readonly [Float32Array, Float32Array],
  got: Float32Array,
  samples: number,
): string[] {
  const lost = got.findIndex((value) => !Number.isFinite(value));
  if (lost >= 0) return [`${one.name}: element ${lost} is ${got[lost]}`];
  const step = Math.max(1, Math.floor(got.length / samples) | 1);
  for (let e = 0; e < got.length; e += step) {
    const { value, magnitude } = element(one, shape, data, e);
    if (!(Math.abs(got[e]! - value) <= BOUND * magnitude))
      return [`${one.name}: element ${e} is ${got[e]} instead of ${value}`];
  }
  return [];
}

function element(
  { x, y, attributes: { stride, padding, dilation } }: Case,
  shape: Shape,
  [images, made]: readonly [Float32Array, Float32Array],
  e: number,
): { value: number; magnitude: number } {
  const [, kernelX, channels, filters] = shape as [number, number, number, number];
  const [n, height, width] = x as [number, number, number, number];
  const [, rows, columns] = y as [number, number, number, number];
  const f = e % filters;
  const c = Math.floor(e / filters) % channels;
  const tap = Math.floor(e / filters / channels);
  const [ky, kx] = [Math.floor(tap / kernelX), tap % kernelX];
  let value = 0;
  let magnitude = 0;
  for (let image = 0; image < n; image++) {
    for (let i = 0; i < rows; i++) {
      const row = i * stride[0] + ky * dilation[0] - padding[0];
      if (row < 0 || row >= height) continue;
      for (let j = 0; j < columns; j++) {
        const column = j * stride[1] + kx * dilation[1] - padding[1];
        if (column < 0 || column >= width) continue;
        const term =
          images[((image * height + row) * width + column) * channels + c]! *
          made[((image * rows + i) * columns + j) * filters + f]!;
        value += term;
        magnitude += Math.abs(term);
      }
    }
  }
  return { value, magnitude };
}

/** Numbers in (-1, 1), from Lehmer's generator. */
function numbers(length: number, seed: number): Float32Array {
  let state = 1 + ((seed * 48271 + 11) % 2147483646);
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state / 1073741823.5 - 1;
  });
}
