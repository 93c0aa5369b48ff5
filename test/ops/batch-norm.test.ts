import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { gradients, ops, type Tensor, type Variable, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { size } from '#library/graph/shape.js';

let engines: Engine[];
beforeAll(async () => {
  engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

interface Norm {
  x: Variable<'f32'>;
  up: Variable<'f32'>;
  scale: Variable<'f32'>;
  shift: Variable<'f32'>;
}

function makeNorm(shape: number[]): Norm {
  const c = shape.at(-1)!;
  return {
    x: variable('x', shape),
    up: variable('up', shape),
    scale: variable('scale', [c]),
    shift: variable('shift', [c]),
  };
}

const EPSILON = 1e-3;

/** The same by elementary operators, whose gradients nobody derived by hand. */
function composed({ x, scale, shift }: Norm): Tensor {
  const c = x.shape.at(-1)!;
  const mean = (t: Tensor) => ops.scale(ops.sumTo(t, [c]), c / size(x.shape));
  const centered = ops.subtract(x, mean(x));
  const deviation = ops.sqrt(ops.shift(mean(ops.square(centered)), EPSILON));
  return ops.add(ops.multiply(ops.divide(centered, deviation), scale), shift);
}

function fused({ x, scale, shift }: Norm): Tensor {
  return ops.normalize(x, ops.moments(x), scale, shift, { epsilon: EPSILON });
}

/** Batch norm and a ReLU, and the gradients of Σ y·up by all that it is computed from. */
function outputsOf(norm: Norm, form: (norm: Norm) => Tensor): Tensor[] {
  const y = ops.relu(form(norm));
  const scalar = ops.sumTo(ops.multiply(y, norm.up), []);
  return [y, ...gradients(scalar, [norm.x, norm.scale, norm.shift])];
}

/** Numbers around `mean` with deviation 1 or so, representable in f32 (Lehmer's generator). */
function numbers(n: number, mean: number, seed: number): Float32Array {
  let state = seed * 7919 + 1;
  const unit = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Float32Array.from({ length: n }, () => mean + 1.7 * (unit() + unit() + unit() + unit() - 2));
}

function dataOf(norm: Norm, mean: number): Map<Variable<'f32'>, Float32Array> {
  const means = new Map([
    [norm.x, mean],
    [norm.scale, 1],
  ]);
  return new Map(Object.values(norm).map((v, i) => [v, numbers(size(v.shape), means.get(v) ?? 0, i + 1)]));
}

async function computed(engine: Engine, values: Tensor[], data: Map<Variable<'f32'>, Float32Array>) {
  const targets = values.map(({ shape }, i) => variable(`out${i}`, shape));
  const session = await engine.load({ run: values.map((value, i) => ops.assign(targets[i]!, value)) });
  for (const [v, numbers] of data) if (session.has(v)) await session.write(v, numbers);
  await session.run('run');
  const results = await Promise.all(targets.map((target) => session.read(target)));
  await session.close();
  return results;
}

/** The greatest error relative to the greatest value. */
function errors(got: readonly ArrayLike<number>[], expected: readonly ArrayLike<number>[]): number[] {
  return expected.map((values, i) => {
    const size = Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
    return Array.from(values).reduce((most, v, j) => Math.max(most, Math.abs(got[i]![j]! - v)), 0) / size;
  });
}

describe('batch norm with ReLU, forward and backward', () => {
  test.each([
    [[40, 1]],
    [[4, 5, 5, 3]],
    [[700, 17]],
    [[90, 130]],
    [[3, 20, 20, 16]],
    [[2, 1000, 64]],
    [[30, 1201]],
  ])('%j is what float64 says, and what elementary operators give', async (shape) => {
    const norm = makeNorm(shape);
    const data = dataOf(norm, 0.5);
    const values = outputsOf(norm, fused);
    const reference = evaluateReference(values, new Map([...data].map(([v, n]) => [v, [...n]])), {
      seed: 0,
      step: 0,
    });
    const [one, two, three] = await Promise.all(engines.map((engine) => computed(engine, values, data)));
    for (const error of errors(one!, reference)) expect(error).toBeLessThan(2e-5);
    for (const more of [two!, three!]) expect(more).toEqual(one);
    const plain = await computed(engines[1]!, outputsOf(norm, composed), data);
    for (const error of errors(one!, plain)) expect(error).toBeLessThan(4e-5);
  });

  test('a mean of 1000 leaves the digits that f32 has', async () => {
    const norm = makeNorm([3000, 20]);
    const data = dataOf(norm, 1000);
    const own = ops.moments(norm.x);
    const exact = new Map([...data].map(([v, n]) => [v, [...n]]));
    const random = { seed: 0, step: 0 };
    const [moments] = await computed(engines[1]!, [own], data);
    const [expected] = evaluateReference([own], exact, random);
    for (let c = 0; c < 20; c++) {
      // An ulp of 1000 is 6e-5; the variance is of centered numbers.
      expect(Math.abs(moments![c]! - expected![c]!)).toBeLessThan(7e-5);
      expect(Math.abs(moments![20 + c]! / expected![20 + c]! - 1)).toBeLessThan(1e-6);
    }
    const got = await computed(engines[1]!, [fused(norm)], data);
    expect(errors(got, evaluateReference([fused(norm)], exact, random))[0]).toBeLessThan(1e-4);
  });

  test('one row has no variance: what comes out is the shift', async () => {
    const norm = makeNorm([1, 5]);
    const data = dataOf(norm, 3);
    const [y, toX, toScale] = await computed(
      engines[1]!,
      [fused(norm), ...gradients(ops.sumTo(ops.multiply(fused(norm), norm.up), []), [norm.x, norm.scale])],
      data,
    );
    const shift = data.get(norm.shift)!;
    for (let c = 0; c < 5; c++) expect(y![c]).toBeCloseTo(shift[c]!, 4);
    for (const zero of [...toX!, ...toScale!]) expect(Math.abs(zero)).toBeLessThan(1e-4);
  });

  test('running moments, a variable, serve as well', async () => {
    const norm = makeNorm([50, 7]);
    const running = variable('running', [2, 7]);
    const values = [ops.normalize(norm.x, running, norm.scale, norm.shift)];
    const data = dataOf(norm, 1).set(running, numbers(14, 4, 9));
    const reference = evaluateReference(values, new Map([...data].map(([v, n]) => [v, [...n]])), {
      seed: 0,
      step: 0,
    });
    expect(errors(await computed(engines[2]!, values, data), reference)[0]).toBeLessThan(1e-6);
  });
});
