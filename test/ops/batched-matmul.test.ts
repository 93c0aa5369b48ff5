import { afterAll, expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { ops, variable } from 'wasm-distill/graph';
import { evaluate } from '../support/golden-values.ts';

const engine = await createEngine({ threads: 2 });
afterAll(() => engine.close());

const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 12.9898 * (i + 1)));

test.each([
  [3, 1, 17, 5],
  [4, 16, 3, 49],
  [2, 7, 60, 401],
  [5, 13, 8, 1],
])('a product by sample has the bits of %i products of %i × %i by %i', async (batch, m, n, k) => {
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    const shapes = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
    const whole = shapes.map((shape) => variable('whole', [batch, ...shape]));
    const parts = shapes.map((shape) => Array.from({ length: batch }, (_, s) => variable(`part${s}`, shape)));
    const options = { transposeA: transposeA!, transposeB: transposeB! };
    const inputs = whole.flatMap((v, i) => {
      const values = numbers(batch * m * n * k, i).subarray(
        0,
        v.shape.reduce((a, b) => a * b),
      );
      const each = values.length / batch;
      const own = parts[i]!.map((part, s) => ({
        variable: part,
        values: values.slice(s * each, (s + 1) * each),
      }));
      return [{ variable: v, values }, ...own];
    });
    const products = parts[0]!.map((a, s) => ops.matmul(a, parts[1]![s]!, options));
    const [together, ...apart] = await evaluate(engine, inputs, [
      ops.matmul(whole[0]!, whole[1]!, options),
      ...products,
    ]);
    expect(Array.from(together!)).toEqual(apart.flatMap((product) => Array.from(product)));
  }
});

test('says which matrices don’t fit', () => {
  const of = (...shape: number[]) => variable('x', shape);
  expect(() => ops.matmul(of(2, 3, 4), of(3, 4, 5))).toThrow(/2 matrices of the one, 3 of the other/);
  expect(() => ops.matmul(of(2, 3, 4), of(2, 5, 4))).toThrow(/the inner sizes differ/);
  expect(() => ops.matmul(of(2, 3, 4), of(4, 5))).toThrow(
    /matrices by sample, not f32 \[2,3,4\] and f32 \[4,5\]/,
  );
  expect(() => ops.matmul(of(3, 4), of(2, 4, 5))).toThrow(/must be f32 matrices/);
});
