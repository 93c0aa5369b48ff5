import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { size } from '#library/graph/shape.js';
import { variable } from '#library/graph/tensor.js';
import { assign } from '#library/ops/effects.js';
import { matmul } from '#library/ops/matmul.js';
import { computed, GPU_TEST_MS, gpuEngine, wave } from '../../support/webgpu.ts';

vi.setConfig({ testTimeout: GPU_TEST_MS });

let gpu: Engine;
let wasm: Engine;
beforeAll(async () => {
  [gpu, wasm] = [await gpuEngine(), await createEngine({ threads: 1 })];
});
afterAll(async () => {
  await gpu.close();
  await wasm.close();
});

/** Sizes that fill no tile; with their values wasm is within a rounding of each sum. */
test.each([
  ['16×16, 16 parts', 7, 7, 6000],
  ['64×16', 7, 355, 27],
  ['32×32', 7, 4948, 27],
  ['64×64', 40, 14_142, 27],
  ['128×128', 70, 14_142, 27],
  ['128×64', 31_075, 40, 27],
  ['128×32', 31_075, 22, 27],
])('a product in tiles of %s', async (tile, m, n, k) => {
  const [a, b] = [variable('a', [m, k]), variable('b', [k, n])];
  const product = matmul(a, b);
  expect(gpu.explain({ plan: [assign(variable('y', [m, n]), product)] })).toContain(`tiles of ${tile}`);
  const data = new Map([a, b].map((x, i) => [x, wave(size(x.shape), i)]));
  const [got, expected] = [await computed(gpu, product, data), await computed(wasm, product, data)];
  // 2·k·2⁻²⁴·Σ|ab|, where no product is above 1.
  const tolerance = 2 * k * 2 ** -24 * k;
  const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  expect(got.length).toBe(m * n);
  expect(worst).toBeLessThanOrEqual(Math.min(tolerance, 1e-3));
});
