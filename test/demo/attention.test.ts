import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { layerPairs } from '../../demo/layers.ts';
import { distilInNode } from './in-node.ts';
import {
  choose,
  finished,
  hashes,
  longestTask,
  ready,
  SMALL,
  SMALL_IMAGES,
  violations,
  withDemo,
} from './page.ts';
import { servedDemo } from './served.ts';
import { smallMnist, withSmallMnist } from './small-mnist.ts';

vi.setConfig({ testTimeout: 180_000 });

const demo = servedDemo();

const withMaps = (use: (page: Page) => Promise<void>) =>
  withDemo(demo.browser, demo.url, use, withSmallMnist);

test('layers are paired by the size of their maps', () => {
  expect(layerPairs(SMALL)).toEqual([]);
  expect(layerPairs({ ...SMALL_IMAGES, student: '30,30' })).toEqual([]);
  expect(layerPairs(SMALL_IMAGES)).toEqual([
    { student: '2', teacher: '2' },
    { student: '5', teacher: '5' },
  ]);
  expect(layerPairs({ ...SMALL_IMAGES, teacher: 'conv16k5v pool conv32k5v pool dense128' })).toEqual([
    { student: '2', teacher: '3' },
    { student: '5', teacher: '6' },
  ]);
});

test('attention transfer is offered where it fits, draws its maps while it trains, and gives the same bits as in Node', async () => {
  await withMaps(async (page) => {
    await ready(page);
    await choose(page, SMALL);
    const offered = page.locator('#teaching-attention');
    expect(await offered.evaluate((option) => (option as unknown as { disabled: boolean }).disabled)).toBe(
      true,
    );
    expect(await page.locator('#teaching-hint').textContent()).toContain('need convolutional');
    await choose(page, SMALL_IMAGES);
    await page.locator('#teaching').selectOption('attention');
    expect(await page.locator('#teachers').isDisabled()).toBe(true);
    expect(await page.locator('#attention').isHidden()).toBe(true);
    await page.locator('#start').click();
    await page.locator('#attention:visible').waitFor();
    expect(await page.locator('#status').textContent()).toContain('3 of 3');
    const student = () =>
      page
        .locator('#maps canvas')
        .nth(20)
        .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
    const first = await student();
    await finished(page);
    expect(await page.locator('#status').textContent()).toContain('With attention transfer, the distilled');
    await expect.poll(student).not.toBe(first);
    expect(await page.locator('#maps canvas').count()).toBe(30);
    expect(await violations(page, ['serious', 'critical'])).toEqual([]);
    const { hard, distilled } = await distilInNode(
      { ...SMALL_IMAGES, teaching: 'attention' },
      undefined,
      smallMnist,
    );
    expect(await hashes(page)).toEqual({ hard, distilled });
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0);
  });
});

test('no task holds up the page for 50 ms while maps are drawn', async () => {
  await withMaps(async (page) => {
    await ready(page);
    await choose(page, SMALL_IMAGES);
    await page.locator('#teaching').selectOption('attention');
    const longest = await longestTask(page, async () => {
      await page.locator('#start').click();
      await page.locator('#attention:visible').waitFor();
      await finished(page);
    });
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(50);
  });
});
