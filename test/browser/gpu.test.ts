import { expect, test, vi } from 'vitest';
import { createEngine } from 'wasm-distill';
import { crashGpu } from '../support/chromium.ts';
import { distance, type Trained, tenSteps } from '../support/residual.ts';
import { GPU_TEST_MS } from '../support/webgpu.ts';
import { withPage } from './page.ts';

vi.setConfig({ testTimeout: GPU_TEST_MS });

const GPU = { isolated: true, webgpu: true };

/** Of each family of kernels the ones that a GPU in software compiles soon; Node runs all. */
const OPERATORS = ['matmul', 'reduce', 'moments', 'softmax', 'kdLoss', 'gatherImages', 'dropout', 'random'];

test('a page computes on a GPU what the reference computes, and trains as wasm does', async () => {
  await using wasm = await createEngine({ threads: 1 });
  const expected = await tenSteps(wasm);
  await withPage(GPU, async (run) => {
    const { report, failures, cases, trained } = (await run('gpu', { operators: OPERATORS })) as {
      report: object;
      failures: string[];
      cases: number[];
      trained: Trained;
    };
    expect(report).toMatchObject({
      backend: 'webgpu',
      bits: 'this device',
      equalDraws: true,
      adapter: expect.stringMatching(/swiftshader/i),
    });
    expect(failures).toEqual([]);
    for (const count of cases) expect(count).toBeGreaterThan(0);
    expect(distance(trained, expected)).toBeLessThan(1e-5);
  });
});

test('two engines compute side by side; one closed in the middle of a run ends it with an error', async () => {
  await withPage(GPU, async (run) => {
    expect(await run('twoEngines')).toEqual([40, 50, 60]);
    const lost = { code: 'worker', message: expect.stringContaining('the engine was closed') };
    expect(await run('closed')).toEqual([lost, lost, lost]);
  });
});

test('by itself, a page with a GPU keeps small steps in wasm, and says so', async () => {
  await withPage(GPU, async (run) => {
    expect(await run('backend', { backend: 'auto' })).toMatchObject({
      backend: 'webgpu',
      reason: expect.stringContaining('others in wasm'),
      counted: 3,
    });
  });
});

test('what was measured of a GPU is kept for the origin of a page', async () => {
  await withPage(GPU, async (run) => {
    expect(await run('kept', { name: 'gpu-1', text: '{}' })).toEqual({ before: 'none', after: '{}' });
    expect(await run('kept', { name: 'gpu-1', text: '[]' })).toEqual({ before: '{}', after: '{}' });
  });
});

test('a hidden page goes on: no run waits for a timer or a frame', async () => {
  await withPage(GPU, async (run) => expect(await run('hidden')).toBe(1000));
});

test('a page without WebGPU: wasm by itself, with the reason; an error where a GPU is asked for', async () => {
  await withPage({ isolated: true }, async (run) => {
    expect(await run('backend', { backend: 'auto' })).toMatchObject({
      backend: 'wasm',
      bits: 'portable',
      reason: expect.stringMatching(/'auto' takes wasm: .*no adapter here/),
      counted: 3,
    });
    expect(await run('backend', { backend: 'webgpu' })).toMatchObject({
      code: 'missing',
      message: expect.stringContaining('no adapter here'),
    });
  });
});

test('a browser without WebGPU, or a page that is not served securely', async () => {
  await withPage({ isolated: true }, async (run, page) => {
    await page.evaluate(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
    expect(await run('backend', { backend: 'auto' })).toMatchObject({
      backend: 'wasm',
      reason: expect.stringMatching(/'auto' takes wasm: this browser has no WebGPU/),
      counted: 3,
    });
    expect(await run('backend', { backend: 'webgpu' })).toMatchObject({
      code: 'missing',
      message: expect.stringContaining("the page isn't served over https"),
    });
  });
});

test('a GPU that is lost ends the run with an error; a new engine computes on', async () => {
  await withPage(GPU, async (run, page) => {
    const lost = run('lost');
    await page.waitForFunction(() => (window as { running?: true }).running);
    await crashGpu(page.context().browser()!);
    expect(await lost).toEqual({
      code: 'worker',
      message: expect.stringMatching(
        /the GPU was lost \(.*\): go on from the last checkpoint, on a new engine/,
      ),
    });
    expect(await run('backend', { backend: 'webgpu' })).toMatchObject({ counted: 3 });
  });
});
