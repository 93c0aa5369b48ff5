import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { ops, type Tensor, type Variable, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { apply } from '#library/graph/apply.js';
import { depthwiseInputRule, depthwiseRule, depthwiseWeightRule } from '#library/ops/depthwise.js';
import { type DilatedOptions, windowAttributes } from '#library/ops/window.js';

let engines: Engine[];
beforeAll(async () => {
  engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function noise(n: number, seed: number): number[] {
  let state = seed * 7919 + 12345;
  return Array.from({ length: n }, () => {
    state = (state * 48271) % 2147483647;
    return Math.fround(state / 1073741823.5 - 1);
  });
}

interface Geometry extends DilatedOptions {
  shape: [number, number, number, number];
  kernel: [number, number];
}

/** A convolution of numbers, with both its gradients for an upstream gradient of noise. */
function trio({ shape, kernel, ...options }: Geometry) {
  const attributes = windowAttributes(options, kernel, 'depthwise');
  const [x, w] = [variable('x', [...shape]), variable('w', [...kernel, shape[3]])];
  const y = apply(depthwiseRule, [x, w], attributes);
  const up = variable('up', [...y.shape]);
  const values = [
    y,
    apply(depthwiseInputRule, [up, w], { ...attributes, size: [shape[1], shape[2]] }),
    apply(depthwiseWeightRule, [x, up], { ...attributes, kernel }),
  ];
  return { inputs: [x, w, up], values };
}

async function run(
  engine: Engine,
  values: readonly Tensor[],
  data: ReadonlyMap<Variable, readonly number[]>,
) {
  const targets = values.map((value, i) => variable(`y${i}`, [...value.shape]));
  const session = await engine.load({ run: targets.map((y, i) => ops.assign(y, values[i]!)) });
  for (const [v, numbers] of data) await session.write(v, Float32Array.from(numbers));
  for (const y of targets) await session.write(y, new Float32Array(size(y.shape)).fill(Number.NaN));
  await session.run('run');
  const got = await Promise.all(targets.map((y) => session.read(y)));
  await session.close();
  return got;
}

/** Against float64, with every number of threads. */
async function check(geometry: Geometry): Promise<void> {
  const { inputs, values } = trio(geometry);
  const data = new Map(inputs.map((v, i) => [v, noise(size(v.shape), i + 1)]));
  const expected = evaluateReference(values, new Map(data), { seed: 0, step: 0 });
  const all = await Promise.all(engines.map((engine) => run(engine, values, data)));
  for (const [i, numbers] of all[0]!.entries()) {
    const most = expected[i]!.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
    const wrong = numbers.findIndex((value, j) => !(Math.abs(value - expected[i]![j]!) <= 3e-6 * most));
    expect(
      wrong < 0 ? 'right' : `output ${i}[${wrong}] is ${numbers[wrong]}, not ${expected[i]![wrong]}`,
    ).toBe('right');
  }
  for (const other of all.slice(1)) expect(other).toEqual(all[0]);
}

describe('depthwise convolution and both gradients against float64, the same bits with 1, 2 and 3 threads', () => {
  test.each(
    [1, 3, 4, 17, 36].flatMap((c): Geometry[] => [
      { shape: [2, 14, 14, c], kernel: [3, 3], padding: 'same' },
      { shape: [3, 11, 9, c], kernel: [3, 3] },
      { shape: [1, 5, 6, c], kernel: [3, 3], padding: [2, 2, 0, 1] },
      { shape: [1, 7, 8, c], kernel: [3, 3], padding: [4, 3, 5, 4] },
      { shape: [1, 4, 5, c], kernel: [3, 3], padding: 'same' },
      { shape: [2, 2, 2, c], kernel: [3, 3], padding: 'same' },
      { shape: [1, 13, 12, c], kernel: [3, 3], stride: 2, padding: 'same' },
      { shape: [2, 10, 10, c], kernel: [3, 3], stride: [1, 2], padding: 'same', dilation: [2, 1] },
      { shape: [2, 10, 11, c], kernel: [3, 3], stride: [2, 1], padding: 'same' },
      { shape: [1, 12, 12, c], kernel: [3, 3], padding: 'same', dilation: 2 },
      { shape: [1, 9, 10, c], kernel: [5, 5], padding: 'same' },
      { shape: [1, 9, 10, c], kernel: [1, 3], padding: 'same' },
      { shape: [1, 9, 10, c], kernel: [2, 4], stride: 3 },
    ]),
  )('%j', check);

  // Each by itself: together, float64 takes a minute where other tests run too.
  test.each<Geometry>([
    { shape: [1, 112, 112, 32], kernel: [3, 3], padding: 'same' },
    { shape: [32, 14, 14, 128], kernel: [3, 3], padding: 'same' },
    { shape: [33, 28, 28, 20], kernel: [3, 3], stride: 2, padding: 'same' },
  ])('large images and large batches: %j', check);
});

test('a NaN reaches what reads it, and nothing else', async () => {
  const geometry: Geometry = { shape: [2, 9, 9, 12], kernel: [3, 3], padding: 'same' };
  const { inputs, values } = trio(geometry);
  const data = new Map(inputs.map((v, i) => [v, noise(size(v.shape), i + 1)]));
  const at = ((9 + 4) * 9 + 4) * 12 + 5;
  data.get(inputs[0]!)![at] = Number.NaN;
  const [y, , toW] = await run(engines[1]!, values, data);
  expect([...y!].filter(Number.isNaN).length).toBe(9);
  expect([...toW!].flatMap((value, i) => (Number.isNaN(value) ? [i % 12] : []))).toEqual(
    new Array(9).fill(5),
  );
});

test('a batch gives the bits of its images', async () => {
  const [whole, one] = ([5, 1] as const).map((n) =>
    trio({ shape: [n, 14, 14, 20], kernel: [3, 3], padding: 'same' }),
  );
  const numbers = whole!.inputs.map((v, i) => noise(size(v.shape), i + 1));
  const all = await run(
    engines[1]!,
    whole!.values.slice(0, 2),
    new Map(whole!.inputs.map((v, i) => [v, numbers[i]!])),
  );
  for (let image = 0; image < 5; image++) {
    const own = one!.inputs.map((v, i) =>
      i === 1 ? numbers[i]! : numbers[i]!.slice(image * size(v.shape), (image + 1) * size(v.shape)),
    );
    const part = await run(
      engines[1]!,
      one!.values.slice(0, 2),
      new Map(one!.inputs.map((v, i) => [v, own[i]!])),
    );
    for (const [k, values] of part.entries())
      expect(all[k]!.slice(image * values.length, (image + 1) * values.length)).toEqual(values);
  }
});
