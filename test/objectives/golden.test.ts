import { afterAll, describe, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { expectRow, rowNames } from '../support/objective-rows.ts';

const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

describe.each(rowNames)('%s', (name) => {
  test.each([
    ['in float64', undefined, 1e-9],
    ['in wasm', engine, 1e-5],
  ] as const)('%s is what PyTorch computes, and so are its gradients', async (_, on, tolerance) => {
    await expectRow(name, on, tolerance);
  });
});
