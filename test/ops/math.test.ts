import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { ops, type Session, type Tensor, variable } from 'wasm-distill/graph';
import { philox } from '#library/random/philox.js';
import type { StreamKind } from '#library/random/streams.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

describe('exp, log, sigmoid and tanh, every binade', () => {
  const n = 1 << 20;
  const x = variable('x', [n]);
  const y = variable('y', [n]);
  const functions = { exp: Math.exp, log: Math.log, sigmoid, tanh: Math.tanh };
  type Name = keyof typeof functions;
  let session: Session;
  beforeAll(async () => {
    const names = Object.keys(functions) as Name[];
    session = await engine.load(
      Object.fromEntries(names.map((name) => [name, [ops.assign(y, ops[name](x))]])),
    );
  });
  afterAll(() => session.close());

  /** The greatest error of the kernel in ulp over the floats with the bits from, from + stride, … to. */
  async function worst(name: Name, from: number, to: number, stride: number) {
    const values = new Float32Array(n);
    const bits = new Uint32Array(values.buffer);
    let points = 0;
    let ulp = 0;
    for (let start = from; start <= to; start += n * stride) {
      // Past the end the last float is repeated.
      for (let i = 0; i < n; i++) bits[i] = Math.min(start + i * stride, to);
      await session.write(x, values);
      await session.run(name);
      const got = await session.read(y);
      const count = Math.min(n, Math.floor((to - start) / stride) + 1);
      for (let i = 0; i < count; i++) {
        const exact = functions[name](values[i]!);
        const error = Math.abs(got[i]! - exact) / spacing(exact);
        if (!(error <= ulp)) ulp = error;
      }
      points += count;
    }
    return { points, ulp };
  }

  test('exp is within 1 ulp from -87.33 to 88.72', async () => {
    const tiny = bitsOf(2 ** -26);
    const sweeps = [
      await worst('exp', 0, tiny, 10_007),
      await worst('exp', tiny, bitsOf(88.72283), 151),
      await worst('exp', bitsOf(-(2 ** -26)), bitsOf(-87.33), 151),
      // Around the worst ones found by going over all floats.
      await worst('exp', bitsOf(70.4), bitsOf(70.41), 1),
      await worst('exp', bitsOf(-81.39), bitsOf(-81.4), 1),
    ];
    expect(sum(sweeps.map(({ points }) => points))).toBeGreaterThan(2e6);
    for (const { ulp } of sweeps) expect(ulp).toBeLessThanOrEqual(0.992);
    expect(Math.max(...sweeps.map(({ ulp }) => ulp))).toBeGreaterThan(0.98);
  });

  test('log is within 1 ulp for all positive floats, subnormal ones too', async () => {
    const sweeps = [
      await worst('log', 1, bitsOf(3.4028234e38), 1009),
      // Around 1, where the result is small.
      await worst('log', bitsOf(0.5), bitsOf(2), 13),
      // Around the worst one.
      await worst('log', bitsOf(0.69), bitsOf(0.71), 1),
    ];
    expect(sum(sweeps.map(({ points }) => points))).toBeGreaterThan(2e6);
    for (const { ulp } of sweeps) expect(ulp).toBeLessThanOrEqual(0.842);
    expect(Math.max(...sweeps.map(({ ulp }) => ulp))).toBeGreaterThan(0.841);
  });

  test('sigmoid is within 2.5 ulp from -87.33 on', async () => {
    const tiny = bitsOf(2 ** -26);
    const sweeps = [
      await worst('sigmoid', 0, tiny, 10_007),
      await worst('sigmoid', tiny, bitsOf(3.4e38), 499),
      await worst('sigmoid', bitsOf(-(2 ** -26)), bitsOf(-87.33), 151),
    ];
    expect(sum(sweeps.map(({ points }) => points))).toBeGreaterThan(2e6);
    for (const { ulp } of sweeps) expect(ulp).toBeLessThanOrEqual(2.5);
  });

  test('tanh is within 1.5 ulp for all floats, also near 0', async () => {
    const sweeps = [
      await worst('tanh', 1, bitsOf(2 ** -26), 10_007),
      await worst('tanh', bitsOf(2 ** -26), bitsOf(3.4e38), 499),
      // Where the polynomial ends.
      await worst('tanh', bitsOf(0.5), bitsOf(1), 13),
      await worst('tanh', bitsOf(-(2 ** -3)), bitsOf(-20), 151),
    ];
    expect(sum(sweeps.map(({ points }) => points))).toBeGreaterThan(2e6);
    for (const { ulp } of sweeps) expect(ulp).toBeLessThanOrEqual(1.5);
  });
});

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The kernel's answers; each input is tried in a whole vector and in the single elements after it. */
async function answers(op: (x: Tensor) => Tensor, inputs: number[]): Promise<Float32Array> {
  const shape = [4 * inputs.length + 3];
  const x = variable('x', shape);
  const y = variable('y', shape);
  const result = new Float32Array(inputs.length);
  const session = await engine.load({ run: [ops.assign(y, op(x))] });
  for (const [i, input] of inputs.entries()) {
    await session.write(x, new Float32Array(shape[0]!).fill(input));
    await session.run('run');
    const got = await session.read(y);
    for (const value of got) expect(value).toBe(got[0]);
    result[i] = got[0]!;
  }
  await session.close();
  return result;
}

describe('the ends', () => {
  test('exp: results too small are 0, too large infinity, NaN stays', async () => {
    const cases: [number, number][] = [
      [-Infinity, 0],
      [-1000, 0],
      // exp(-87.4) = 1.10e-38 would be subnormal: the kernel answers 0, as documented.
      [-87.4, 0],
      [-0, 1],
      [0, 1],
      [2 ** -149, 1],
      [89, Infinity],
      [1000, Infinity],
      [3.4028234e38, Infinity],
      [Infinity, Infinity],
      [NaN, NaN],
    ];
    const got = await answers(
      ops.exp,
      cases.map(([x]) => x),
    );
    expect([...got]).toEqual(cases.map(([, y]) => y));
  });

  test('exp: the last finite and the first infinite result, and the smallest normal one', async () => {
    // Two neighboring floats: log of the greatest float, 88.7228390…, lies between them.
    const [last, first] = [88.72283172607422, 88.72283935546875];
    expect(bitsOf(first) - bitsOf(last)).toBe(1);
    const [finite, infinite, smallest] = await answers(ops.exp, [last, first, -87.33654022216797]);
    expect(Math.abs(finite! - Math.exp(last)) / spacing(Math.exp(last))).toBeLessThanOrEqual(1);
    expect(infinite).toBe(Infinity);
    expect(Math.fround(Math.exp(first))).toBe(Infinity);
    expect(smallest).toBeGreaterThanOrEqual(2 ** -126);
    expect(smallest).toBeLessThan(1.17551e-38);
  });

  test('log: 0, negative numbers, infinities, NaN, subnormal numbers', async () => {
    const cases: [number, number][] = [
      [0, -Infinity],
      [-0, -Infinity],
      [-1, NaN],
      [-(2 ** -149), NaN],
      [-3.4028234e38, NaN],
      [-Infinity, NaN],
      [Infinity, Infinity],
      [NaN, NaN],
      [1, 0],
    ];
    const got = await answers(
      ops.log,
      cases.map(([x]) => x),
    );
    expect([...got]).toEqual(cases.map(([, y]) => y));

    const subnormal = [2 ** -149, 3 * 2 ** -149, 2 ** -127, 2 ** -126 - 2 ** -149].map(Math.fround);
    const logs = await answers(ops.log, subnormal);
    for (const [i, x] of subnormal.entries()) {
      expect(Math.abs(logs[i]! - Math.log(x)) / spacing(Math.log(x))).toBeLessThanOrEqual(1);
    }
  });
});

describe('the ends of activations', () => {
  test.each([
    ['sigmoid', ops.sigmoid, [0, 0, 0.5, 1, 1, NaN]],
    ['tanh', ops.tanh, [-1, -1, 0, 1, 1, NaN]],
    ['leakyRelu', (x: Tensor) => ops.leakyRelu(x, 0.5), [-Infinity, -500, 0, 1000, Infinity, NaN]],
  ] as const)('%s: far out it has its limits, NaN stays', async (_name, op, expected) => {
    expect([...(await answers(op, [-Infinity, -1000, 0, 1000, Infinity, NaN]))]).toEqual([...expected]);
  });

  test('tanh and leakyRelu of −0 are −0', async () => {
    for (const op of [ops.tanh, ops.leakyRelu]) expect([...(await answers(op, [-0]))]).toEqual([-0]);
  });
});

describe('random numbers', () => {
  // kat_vectors of Random123, philox4x32-10: counter, key, result.
  test.each([
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('philox of %s with key %s', (counter, key, result) => {
    const words = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));
    const got = philox(words(counter) as [number, number, number, number], words(key) as [number, number]);
    expect(got).toEqual(words(result));
  });

  const n = 1_000_000;
  /** How many standard errors a statistic may lie off; the seed is fixed, so nothing here is left to chance. */
  const SIGMAS = 4;

  async function sample(tensor: Tensor, seed: number, step = 5): Promise<Float32Array> {
    const y = variable('y', tensor.shape);
    const session = await engine.load({ run: [ops.assign(y, tensor)] });
    await session.run('run', { seed, from: step });
    const values = await session.read(y);
    await session.close();
    return values;
  }

  /** Mean, deviation, and correlation of neighbors; in f64. */
  function statistics(values: Float32Array) {
    let total = 0;
    for (const v of values) total += v;
    const mean = total / n;
    let squares = 0;
    let products = 0;
    for (let i = 0; i < n; i++) {
      squares += (values[i]! - mean) ** 2;
      if (i > 0) products += (values[i]! - mean) * (values[i - 1]! - mean);
    }
    return { mean, deviation: Math.sqrt(squares / n), correlation: products / squares };
  }

  test.each([0, 1, 4_294_967_295])('normal, seed %i: mean, deviation, tails, neighbors', async (seed) => {
    const deviation = 0.5;
    const values = await sample(
      ops.normal([1000, 1000], { deviation, stream: { kind: 'user', index: 7 } }),
      seed,
    );
    const s = statistics(values);
    expect(Math.abs(s.mean)).toBeLessThan((SIGMAS * deviation) / Math.sqrt(n));
    expect(Math.abs(s.deviation - deviation)).toBeLessThan((SIGMAS * deviation) / Math.sqrt(2 * n));
    expect(Math.abs(s.correlation)).toBeLessThan(SIGMAS / Math.sqrt(n));
    // Shares within one, two and three deviations.
    for (const [k, share] of [
      [1, 0.6826894921],
      [2, 0.9544997361],
      [3, 0.9973002039],
    ] as const) {
      expect(offShare(values, (v) => Math.abs(v) < k * deviation, share)).toBeLessThan(SIGMAS);
    }
  });

  test.each([0, 1, 4_294_967_295])('uniform, seed %i: range, mean, deviation, tenths', async (seed) => {
    const bound = 0.25;
    const values = await sample(ops.uniform([n], { bound, stream: { kind: 'user', index: 8 } }), seed);
    const s = statistics(values);
    const deviation = bound / Math.sqrt(3);
    expect(Math.abs(s.mean)).toBeLessThan((SIGMAS * deviation) / Math.sqrt(n));
    // The standard error of a deviation is σ·√((κ − 1)/4n), with kurtosis κ = 9/5 here.
    expect(Math.abs(s.deviation - deviation)).toBeLessThan(SIGMAS * deviation * Math.sqrt(0.2 / n));
    expect(Math.abs(s.correlation)).toBeLessThan(SIGMAS / Math.sqrt(n));
    expect(values.every((v) => v >= -bound && v < bound)).toBe(true);
    for (let tenth = 0; tenth < 10; tenth++) {
      const inTenth = (v: number) => Math.floor(((v + bound) / (2 * bound)) * 10) === tenth;
      expect(offShare(values, inTenth, 0.1)).toBeLessThan(SIGMAS);
    }
  });

  test.each([0.1, 0.2, 0.5, 0.9])(
    'drop %f: the share dropped, the others scaled, no pattern',
    async (rate) => {
      const values = await sample(
        ops.dropout(ops.fill(1, [n]), { rate, stream: { kind: 'user', index: 9 } }),
        11,
      );
      expect(offShare(values, (v) => v === 0, rate)).toBeLessThan(SIGMAS);
      const kept = Math.fround(1 / (1 - rate));
      expect(values.every((v) => v === 0 || v === kept)).toBe(true);
      const s = statistics(values);
      expect(Math.abs(s.correlation)).toBeLessThan(SIGMAS / Math.sqrt(n));
      expect(Math.abs(s.mean - 1)).toBeLessThan(SIGMAS * Math.sqrt(rate / (1 - rate) / n) + 1e-6);
    },
  );

  test('another index, kind, step or seed gives other numbers, the same ones the same', async () => {
    const numbers = (index: number, step: number, seed: number, kind: StreamKind = 'user') =>
      sample(ops.uniform([n], { bound: 1, stream: { kind, index } }), seed, step);
    const a = await numbers(1, 5, 1);
    expect(Buffer.compare(Buffer.from((await numbers(1, 5, 1)).buffer), Buffer.from(a.buffer))).toBe(0);
    const others = [numbers(2, 5, 1), numbers(1, 6, 1), numbers(1, 5, 2), numbers(1, 5, 1, 'dropout')];
    for (const other of await Promise.all(others)) {
      const products = a.reduce((total, v, i) => total + v * other[i]!, 0);
      // Variance of a product of two independent uniform numbers in [−1, 1): 1/9.
      expect(Math.abs(products)).toBeLessThan((SIGMAS * Math.sqrt(n)) / 3);
    }
  });

  /** How many standard errors the share of values that fulfil the condition lies off the expected one. */
  function offShare(values: Float32Array, condition: (v: number) => boolean, expected: number): number {
    let count = 0;
    for (const v of values) if (condition(v)) count++;
    return Math.abs(count / n - expected) / Math.sqrt((expected * (1 - expected)) / n);
  }
});

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** Distance of the floats around an exact value. */
function spacing(exact: number): number {
  double[0] = exact;
  const exponent = ((halves[1]! >>> 20) & 0x7ff) - 1023;
  return 2 ** (Math.max(exponent, -126) - 23);
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

function sum(values: number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
