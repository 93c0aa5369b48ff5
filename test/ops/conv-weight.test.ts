import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { newerNode } from '../support/newer-node.ts';
import { ownCases, weightCase, weightGradients } from '../support/weight-gradients.ts';

/** What the benchmark measures, with few images. */
const measured = [
  weightCase([3, 28, 28, 32], 32, 3),
  weightCase([3, 14, 14, 32], 64, 3),
  weightCase([3, 14, 14, 64], 64, 3),
  weightCase([3, 32, 32, 64], 64, 3),
  weightCase([7, 8, 8, 128], 128, 3),
  weightCase([3, 28, 28, 1], 32, 3),
  weightCase([3, 32, 32, 3], 32, 3),
  weightCase([3, 14, 14, 64], 256, 1),
  weightCase([3, 28, 28, 16], 32, 3, { padding: 'same', stride: 2 }),
];

const others = [
  weightCase([13, 28, 28, 1], 16, 5, {}),
  weightCase([7, 12, 12, 4], 12, 5, {}),
  weightCase([17, 8, 8, 20], 24, 3),
  weightCase([1, 56, 56, 8], 10, 3),
  weightCase([5, 28, 28, 3], 9, 5, { stride: 2, padding: 'same' }),
  weightCase([5, 28, 28, 2], 7, 4, { stride: 3, padding: 1 }),
  weightCase([3, 19, 23, 6], 13, 5, { stride: 3, padding: 2 }),
  weightCase([5, 16, 16, 16], 32, 1, { stride: 2 }),
  weightCase([2, 30, 31, 5], 6, [3, 2], { stride: [2, 1], padding: [1, 0, 2, 1], dilation: [1, 2] }),
  weightCase([2, 33, 20, 7], 33, 3, { dilation: 4, padding: 'same' }),
  weightCase([2, 33, 20, 3], 8, 3, { dilation: [7, 3], padding: 'same', stride: [1, 2] }),
  // Kernels as large as images, or larger: nothing but zeros for some taps.
  weightCase([9, 6, 6, 11], 18, 6, {}),
  weightCase([4, 3, 3, 5], 6, 3, { padding: 3 }),
  weightCase([4, 3, 3, 2], 6, 3, { padding: 3 }),
  weightCase([40, 1, 1, 12], 16, 3),
  weightCase([1, 40, 40, 1], 3, 40),
  // Long rows, many rows of one pixel, taps far apart.
  weightCase([2, 1, 500, 3], 4, [1, 7]),
  weightCase([2, 4, 450, 8], 4, 3),
  weightCase([2, 900, 1, 5], 4, [3, 1]),
  weightCase([1, 300, 300, 4], 5, 2, { dilation: 250, padding: 10 }),
  weightCase([1, 300, 300, 2], 5, 2, { dilation: 250, padding: 10 }),
];

describe("the gradient of a convolution's weights", () => {
  let engines: Engine[];
  beforeAll(async () => {
    engines = await Promise.all([1, 2, 3, 5].map((threads) => createEngine({ threads })));
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  test.each([
    ['shapes of the operator', ownCases()],
    ['shapes of the benchmark', measured],
    ['strides, dilations, odd sizes', others],
  ])('%s: against float64, the same bits with 1, 2, 3 and 5 threads', async (_, cases) => {
    const [one, ...more] = engines as [Engine, ...Engine[]];
    const { failures, gradients } = await weightGradients(one, cases);
    expect(failures).toEqual([]);
    for (const engine of more) expect((await weightGradients(engine, cases, 1)).gradients).toEqual(gradients);
  });

  test('the fast build', async () => {
    const script = `
      import { createEngine } from 'wasm-distill';
      import { ownCases, weightCase, weightGradients } from './test/support/weight-gradients.ts';
      const cases = [...ownCases(), weightCase([3, 14, 14, 32], 64, 3), weightCase([3, 28, 28, 3], 10, 5)];
      await using engine = await createEngine({ threads: 2, fast: true });
      const { failures } = await weightGradients(engine, cases);
      console.log(JSON.stringify({ kernels: engine.report().kernels, failures }));`;
    const { stdout } = await promisify(execFile)(await newerNode(), ['--input-type=module', '-e', script]);
    expect(JSON.parse(stdout)).toEqual({ kernels: 'fast', failures: [] });
  });
});
