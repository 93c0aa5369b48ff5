import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crashGpu, launchChromium } from '../support/chromium.ts';
import { GPU_TEST_MS } from '../support/webgpu.ts';
import { errorsOf, ready, SMALL, trainSmall, violations, withDemo } from './page.ts';
import { servedDemo } from './served.ts';
import { withSmallMnist } from './small-mnist.ts';

const demo = servedDemo();
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium({ webgpu: true });
});
afterAll(() => browser.close());

const TINY = { ...SMALL, teachers: 1 };
const SPEED = String.raw`[\d.,]+ digits a second`;
const BOTH = new RegExp(`^WebAssembly: ${SPEED} · WebGPU: ${SPEED}$`);

test(
  'a training on a GPU, how fast it is beside WebAssembly, and how it goes on after the GPU was lost',
  async () => {
    await withDemo(
      browser,
      demo.url,
      async (page) => {
        page.setDefaultTimeout(GPU_TEST_MS);
        const speed = page.locator('#fact-speed');
        await trainSmall(page, TINY);
        const inWasm = await errorsOf(page, 'ensemble');
        expect(await page.locator('#fact-backend').textContent()).toContain('WebAssembly');
        expect(await speed.textContent()).toMatch(new RegExp(`^WebAssembly: ${SPEED}$`));

        await page.locator('#backend').selectOption('webgpu');
        await page.locator('#start').click();
        await page.locator('#fact-backend', { hasText: /^WebGPU: .*SwiftShader/i }).waitFor();
        // Until both students have learned an epoch: forty take a GPU in software minutes.
        await page.locator('#curves svg[aria-label*="on labels"][aria-label*="distilled:"]').waitFor();
        await expect.poll(() => speed.textContent()).toMatch(BOTH);
        // Of 1,000 test images: the same training but for last bits.
        expect(Math.abs((await errorsOf(page, 'ensemble')) - inWasm)).toBeLessThan(10);
        expect(await violations(page, ['serious', 'critical'])).toEqual([]);

        await crashGpu(browser);
        await page
          .locator('[role=alert]', { hasText: /The training was interrupted: .*the GPU was lost/ })
          .waitFor();
        await page.locator('#pause', { hasText: 'Continue' }).click();
        const done = () => page.locator('#progress').evaluate(({ value }: HTMLProgressElement) => value);
        const before = await done();
        await expect.poll(done, { timeout: GPU_TEST_MS }).toBeGreaterThan(before);
        await page.locator('#stop').click();
        await ready(page);
        expect(await page.locator('[role=alert]').count()).toBe(1);
        expect(await speed.textContent()).toMatch(BOTH);
      },
      withSmallMnist,
    );
  },
  GPU_TEST_MS,
);

test('where there is no GPU, WebGPU can’t be chosen, and the page says why', async () => {
  await withDemo(
    demo.browser,
    demo.url,
    async (page) => {
      await ready(page);
      expect(await page.locator('#backend-webgpu:disabled').count()).toBe(1);
      expect(await page.locator('#backend').getAttribute('title')).toBe('WebGPU finds no GPU here.');
      expect(await page.locator('#backend').inputValue()).toBe('wasm');
    },
    withSmallMnist,
  );
}, 120_000);
