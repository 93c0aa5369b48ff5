import { expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { distance, tenSteps } from '../../support/residual.ts';
import { GPU_TEST_MS, gpuEngine } from '../../support/webgpu.ts';

test(
  'ten steps of a residual network are those of wasm',
  async () => {
    await using gpu = await gpuEngine();
    await using wasm = await createEngine({ threads: 1 });
    // 1.4e-7 on SwiftShader.
    expect(distance(await tenSteps(gpu), await tenSteps(wasm))).toBeLessThan(1e-5);
  },
  GPU_TEST_MS,
);
