import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { apply } from '#library/graph/apply.js';
import { maxPoolGatherRule, maxPoolRule, maxPoolScatterRule, poolAttributes } from '#library/ops/max-pool.js';
import type { WindowOptions } from '#library/ops/window.js';

let engines: Engine[];
beforeAll(async () => {
  engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

interface Geometry {
  shape: [number, number, number, number];
  kernel: number | [number, number];
  stride?: number | [number, number];
  padding?: number | [number, number, number, number];
}

/** Windows of every kind: side by side, apart, overlapping, uneven, in the padding, and as large as the image. */
const geometries: Geometry[] = [1, 3, 8, 17].flatMap((c): Geometry[] => [
  { shape: [3, 28, 28, c], kernel: 2 },
  { shape: [2, 15, 13, c], kernel: 2 },
  { shape: [1, 47, 21, c], kernel: 3, stride: 2 },
  { shape: [2, 23, 9, c], kernel: 3, stride: 2, padding: 1 },
  { shape: [1, 41, 6, c], kernel: [5, 2], stride: [1, 2], padding: [4, 0, 3, 1] },
  { shape: [2, 12, 14, c], kernel: 2, stride: 3 },
  { shape: [1, 22, 3, c], kernel: [22, 3] },
  { shape: [1, 9, 9, c], kernel: 3, stride: 1, padding: 1 },
]);

type Fill = (i: number) => number;
const noise = (seed: number): Fill => {
  let state = seed * 7919 + 12345;
  return () => {
    state = (state * 48271) % 2147483647;
    return Math.fround(state / 1073741823.5 - 1);
  };
};

/** Runs what `outputs` makes of x in every engine; compares with the reference, and engines bit by bit. */
async function check(
  shape: readonly number[],
  fill: Fill,
  outputs: (x: Tensor, noise: (shape: readonly number[]) => Tensor) => Tensor[],
  tolerance = 0,
) {
  const data = new Map<ReturnType<typeof variable>, number[]>();
  const filled = (s: readonly number[], f: Fill) => {
    const v = variable(`v${data.size}`, [...s]);
    data.set(
      v,
      Array.from({ length: size(s) }, (_, i) => Math.fround(f(i))),
    );
    return v;
  };
  const values = outputs(filled(shape, fill), (s) => filled(s, noise(data.size)));
  const targets = values.map((value, i) => variable(`y${i}`, [...value.shape]));
  const expected = evaluateReference(values, new Map(data), { seed: 0, step: 0 });
  const bits: Int32Array[][] = [];
  for (const engine of engines) {
    const session = await engine.load({ run: targets.map((y, i) => ops.assign(y, values[i]!)) });
    for (const [v, numbers] of data) if (session.has(v)) await session.write(v, Float32Array.from(numbers));
    for (const y of targets) await session.write(y, new Float32Array(size(y.shape)).fill(7));
    await session.run('run');
    const got = await Promise.all(targets.map((y) => session.read(y)));
    await session.close();
    for (const [i, values] of got.entries()) {
      const wrong = values.findIndex(
        (value, j) =>
          !Object.is(value + 0, expected[i]![j]! + 0) && !(Math.abs(value - expected[i]![j]!) <= tolerance),
      );
      expect(
        wrong < 0 ? 'right' : `output ${i}[${wrong}] is ${values[wrong]}, not ${expected[i]![wrong]}`,
      ).toBe('right');
    }
    bits.push(got.map((values) => new Int32Array(values.buffer as ArrayBuffer)));
  }
  for (const other of bits.slice(1)) expect(other).toEqual(bits[0]);
}

const optionsOf = ({ stride, padding }: Geometry): WindowOptions => ({
  ...(stride && { stride }),
  ...(padding && { padding }),
});

/** The pool of x and both its gradients, of numbers that have nothing to do with x. */
const maxima = (geometry: Geometry) => (x: Tensor, random: (shape: readonly number[]) => Tensor) => {
  const attributes = poolAttributes(geometry.kernel, optionsOf(geometry), 'maxPool');
  const pooled = apply(maxPoolRule, [x], attributes);
  return [
    pooled,
    apply(maxPoolScatterRule, [x, random(pooled.shape)], attributes),
    apply(maxPoolGatherRule, [x, random(x.shape)], attributes),
  ];
};

describe('maxPool, its gradient, and its gradient’s gradient', () => {
  test.each(geometries)('%j', (geometry) => check(geometry.shape, noise(1), maxima(geometry), 1e-6));

  test.each(geometries)('of many equal numbers the first counts: %j', (geometry) => {
    const random = noise(5);
    return check(geometry.shape, () => Math.round(random(0)), maxima(geometry), 1e-6);
  });

  test.each(geometries)('NaN and infinities: %j', (geometry) => {
    const random = noise(9);
    const special = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    return check(
      geometry.shape,
      () => special[Math.floor((random(0) + 1) * 10)] ?? random(0),
      maxima(geometry),
      1e-6,
    );
  });

  test('an image of nothing but −∞, or of NaN', async () => {
    for (const value of [Number.NEGATIVE_INFINITY, Number.NaN])
      for (const geometry of geometries.slice(0, 8))
        await check(geometry.shape, () => value, maxima(geometry), 1e-6);
  });

  test('large images', () =>
    check(
      [9, 56, 56, 24],
      noise(3),
      (x, random) => {
        const two = maxima({ shape: [9, 56, 56, 24], kernel: 2 })(x, random);
        const three = maxima({ shape: [9, 56, 56, 24], kernel: 3, stride: 2, padding: 1 })(x, random);
        return [...two, ...three];
      },
      1e-6,
    ));
});

describe('averagePool and its gradient', () => {
  const averages = (geometry: Geometry) => (x: Tensor) => {
    const pooled = ops.averagePool(x, geometry.kernel, optionsOf(geometry));
    return [pooled, ...gradients(ops.sumTo(ops.square(pooled), []), [x]).map((g) => g!)];
  };

  test.each(geometries)('%j', (geometry) => check(geometry.shape, noise(2), averages(geometry), 3e-6));

  test('a NaN stays in the windows that see it', () =>
    check(
      [1, 6, 6, 5],
      (i) => (i === 71 ? Number.NaN : i / 64),
      (x) => [ops.averagePool(x, 2)],
      3e-6,
    ));

  test('over the whole image', () =>
    check([3, 14, 14, 37], noise(4), (x) => [ops.globalAveragePool(x)], 3e-6));
});

test('a batch gives the bits of its images', async () => {
  const [whole, one] = [variable('whole', [5, 14, 14, 12]), variable('one', [1, 14, 14, 12])];
  const values = Float32Array.from({ length: size(whole.shape) }, noise(6));
  const outputs = (x: Tensor) => {
    const pooled = ops.maxPool(x, 3, { stride: 2, padding: 1 });
    return [pooled, gradients(ops.sumTo(ops.square(pooled), []), [x])[0]!, ops.averagePool(x, 2)];
  };
  const run = async (x: ReturnType<typeof variable>, numbers: Float32Array) => {
    const made = outputs(x);
    const targets = made.map((value, i) => variable(`y${i}`, [...value.shape]));
    const session = await engines[1]!.load({ run: targets.map((y, i) => ops.assign(y, made[i]!)) });
    await session.write(x, numbers);
    await session.run('run');
    const got = await Promise.all(targets.map((y) => session.read(y)));
    await session.close();
    return got;
  };
  const all = await run(whole, values);
  for (let i = 0; i < 5; i++) {
    const image = await run(one, values.slice(i * 14 * 14 * 12, (i + 1) * 14 * 14 * 12));
    for (const [k, part] of image.entries())
      expect(all[k]!.slice(i * part.length, (i + 1) * part.length)).toEqual(part);
  }
});
