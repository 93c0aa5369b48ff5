import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from 'wasm-distill';
import { createEngine } from 'wasm-distill';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { size } from '#library/graph/shape.js';
import { type Tensor, variable } from '#library/graph/tensor.js';
import { centeredSums, moments } from '#library/ops/batch-norm.js';
import { dropout } from '#library/ops/dropout.js';
import { max, sum } from '#library/ops/reduce.js';
import { sumOfSquares } from '#library/ops/sum-of-squares.js';
import { scale, shift } from '#library/ops/unary.js';
import { computed, gpuEngine, wave } from '../../support/webgpu.ts';

/** What the operators' own cases don't reach: sums that are cut into chunks, many inputs, NaN among maxima, equal bits. */
describe('sums and maxima on a GPU', () => {
  let gpu: Engine;
  beforeAll(async () => {
    gpu = await gpuEngine();
  });
  afterAll(() => gpu.close());

  test.each<[string, readonly (readonly number[])[], (inputs: readonly Tensor[]) => Tensor]>([
    ['a long row', [[60_001]], ([x]) => sum(x!, 0)],
    ['long columns', [[3, 2001, 37]], ([x]) => sum(x!, 1)],
    ['columns of some hundred rows', [[257, 101]], ([x]) => sum(x!, 0)],
    ['the greatest of a few columns', [[3, 131, 2]], ([x]) => max(x!, 1)],
    ['the greatest of long columns', [[2, 3001, 3]], ([x]) => max(x!, 1)],
    ['moments of a tall matrix', [[5011, 33]], ([x]) => moments(x!)],
    [
      'centered sums of a tall matrix',
      [
        [3011, 5],
        [2, 5],
      ],
      ([x, own]) => centeredSums(x!, x!, own!),
    ],
    [
      'squares of more inputs than a kernel binds',
      Array.from({ length: 14 }, (_, i) => [i * 700 + 1]),
      (inputs) => sumOfSquares(inputs),
    ],
  ])(
    '%s',
    async (_, shapes, compute) => {
      const inputs = shapes.map((shape, i) => variable(`x${i}`, shape, 'f32'));
      // Far from zero: squares of what hasn't been centered would lose all digits.
      const data = new Map(inputs.map((x, i) => [x, wave(size(x.shape), i).map((v) => Math.fround(v + 30))]));
      const value = compute(inputs);
      const [got, [expected]] = [await computed(gpu, value, data), evaluateReference([value], data)];
      got.forEach((v, i) => {
        expect(Math.abs(v / expected![i]! - 1)).toBeLessThan(3e-6);
      });
    },
    120_000,
  );

  test('a NaN is the greatest number of its column, and of no other', async () => {
    const x = variable('x', [4001, 3], 'f32');
    const data = wave(size(x.shape), 1).fill(NaN, 3 * 2000 + 1, 3 * 2000 + 2);
    const [a, b, c] = await computed(gpu, max(x, 0), new Map([[x, data]]));
    expect(b).toBeNaN();
    expect([a, c]).toEqual([0, 2].map((j) => Math.max(...data.filter((_, i) => i % 3 === j))));
  }, 120_000);

  test('of many elements each is computed, up to the last', async () => {
    const x = variable('x', [4096 * 128 + 131], 'f32');
    const data = wave(size(x.shape), 3).map(Math.fround);
    const got = await computed(gpu, shift(scale(x, -2), 1), new Map([[x, data]]));
    expect(got.findIndex((y, i) => y !== Math.fround(1 - 2 * data[i]!))).toBe(-1);
    expect(got.length).toBe(data.length);
  }, 120_000);

  test('dropout drops what it drops in wasm, to the last bit', async () => {
    const x = variable('x', [1003], 'f32');
    const dropped = dropout(x, { rate: 0.3, stream: { kind: 'dropout', index: 4_294_967_295 } });
    const data = new Map([[x, wave(1003, 2)]]);
    await using wasm = await createEngine({ threads: 1 });
    expect(await computed(gpu, dropped, data)).toEqual(await computed(wasm, dropped, data));
  }, 120_000);
});
