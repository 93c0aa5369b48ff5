import { afterAll, beforeAll, test } from 'vitest';
import type { Engine } from 'wasm-distill';
import { expectRow, rowNames } from '../../support/objective-rows.ts';
import { GPU_TEST_MS, gpuEngine } from '../../support/webgpu.ts';

let gpu: Engine;
beforeAll(async () => {
  gpu = await gpuEngine();
});
afterAll(() => gpu.close());

test.each(rowNames)(
  '%s on a GPU is what PyTorch computes, and so are its gradients',
  (name) => expectRow(name, gpu, 1e-5),
  GPU_TEST_MS,
);
