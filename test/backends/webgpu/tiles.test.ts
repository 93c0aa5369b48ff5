import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { WebgpuEngine } from '#library/backends/webgpu/engine.js';
import { ESTIMATED, tiles } from '#library/backends/webgpu/lower/tiles.js';
import { size } from '#library/graph/shape.js';
import { variable } from '#library/graph/tensor.js';
import { assign } from '#library/ops/effects.js';
import { matmul } from '#library/ops/matmul.js';
import { computed, GPU_TEST_MS, onSoftware, wave } from '../../support/webgpu.ts';

vi.setConfig({ testTimeout: GPU_TEST_MS });

let gpu: Engine;
let wasm: Engine;
/** The tile that is by far the fastest. */
let fastest = 0;
const speeds = {
  ...ESTIMATED,
  get tiles() {
    return tiles.map((_, i) => (i === fastest ? 1 : 0.01));
  },
};
beforeAll(async () => {
  await onSoftware();
  gpu = await WebgpuEngine.open(await createEngine({ threads: 1 }), async () => speeds);
  wasm = await createEngine({ threads: 1 });
});
afterAll(async () => {
  await gpu.close();
  await wasm.close();
});

/** Of sizes that fill no tile; with their values wasm is within a rounding of each sum. */
test.each([
  ...tiles.map(
    ({ rows, columns }, i) => [i, `${rows}×${columns}`, 2 * rows + 5, 2 * columns + 3, 99] as const,
  ),
  [6, '16×16, 16 parts', 7, 7, 6000] as const,
])('%i: a product in tiles of %s', async (i, tile, m, n, k) => {
  fastest = i;
  const [a, b] = [variable('a', [m, k]), variable('b', [k, n])];
  const product = matmul(a, b);
  expect(gpu.explain({ plan: [assign(variable('y', [m, n]), product)] })).toContain(`tiles of ${tile} `);
  const data = new Map([a, b].map((x, i) => [x, wave(size(x.shape), i)]));
  const [got, expected] = [await computed(gpu, product, data), await computed(wasm, product, data)];
  // 2·k·2⁻²⁴·Σ|ab|, where no product is above 1.
  const tolerance = 2 * k * 2 ** -24 * k;
  const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  expect(got.length).toBe(m * n);
  expect(worst).toBeLessThanOrEqual(Math.min(tolerance, 1e-3));
});
