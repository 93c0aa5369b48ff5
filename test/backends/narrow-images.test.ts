import { afterAll, expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { ops, type Tensor, variable } from 'wasm-distill/graph';
import { evaluate } from '../support/golden-values.ts';
import { numbers } from '../support/numbers.ts';

/*
 * Gradients of images with one or two channels are made several pixels at a time. The bits must be those of the same
 * channels beside others, whose gradients are made pixel by pixel.
 */

const engine = await createEngine({ threads: 2 });
afterAll(() => engine.close());

test.each([
  ['a first layer’s of one channel', 1, 16, [24, 24], 5, {}],
  ['padded, of one channel', 1, 5, [6, 28], 3, { padding: 'same' }],
  ['with stride 2', 1, 4, [12, 12], 5, { stride: 2, outputPadding: 1 }],
  ['of two channels', 2, 7, [5, 10], 3, {}],
  ['of two channels with stride 2', 2, 3, [4, 6], [3, 4], { stride: 2, padding: [1, 1, 1, 1] }],
] as const)('%s', async (_, channels, filters, [rows, columns], sizes, options) => {
  const [down, across] = typeof sizes === 'number' ? [sizes, sizes] : sizes;
  const y = variable('y', [3, rows, columns, filters]);
  const own = variable('own', [down, across, channels, filters]);
  const others = variable('others', [down, across, 3, filters]);
  const both = ops.concat([own, others], 2);
  const made = (w: Tensor) => ops.conv2dTranspose(y, w, options);
  const [narrow, wide] = [made(own), made(both)];
  const start = [0, 0, 0, 0];
  const part = ops.slice(wide, { start, shape: narrow.shape });
  const inputs = [y, own, others].map((v, i) => ({
    variable: v,
    values: numbers(
      v.shape.reduce((a, b) => a * b),
      i,
      1,
    ),
  }));
  const [got, expected] = await evaluate(engine, inputs, [narrow, part]);
  expect([...(got as Float32Array)]).toEqual([...(expected as Float32Array)]);
  const plan = (x: Tensor) => engine.explain({ run: [ops.assign(variable('out', x.shape), x)] });
  const [, , width] = narrow.shape;
  expect(plan(narrow)).toContain(`columns=${(width! * channels) / 4} filters=4`);
  expect(plan(part)).toContain(`columns=${width} filters=${channels + 3}`);
});
