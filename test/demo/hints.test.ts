import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { hintPair, layersToSee } from '../../demo/layers.ts';
import type { Settings } from '../../demo/settings.ts';
import { distilInNode } from './in-node.ts';
import {
  choose,
  errorsOf,
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

const HINTED: Settings = { ...SMALL_IMAGES, teaching: 'fitnets' };

const demo = servedDemo();

const withHints = (use: (page: Page) => Promise<void>) =>
  withDemo(demo.browser, demo.url, use, withSmallMnist);

test('the hint is the deepest map, and what is seen; others see their largest, and perceptrons none', () => {
  expect(hintPair(HINTED)).toEqual({ student: '5', teacher: '5' });
  expect(layersToSee(HINTED)).toEqual({ student: '5', teacher: '5' });
  expect(layersToSee({ ...HINTED, teaching: 'kd' })).toEqual({ student: '2', teacher: '2' });
  expect(layersToSee({ ...HINTED, teaching: 'attention' })).toEqual({ student: '2', teacher: '2' });
  expect(layersToSee(SMALL)).toBeUndefined();
});

test('a training in two stages that is stopped in each of them ends with the weights of one that never was', async () => {
  const whole = await distilInNode(HINTED, undefined, smallMnist);
  const told: string[] = [];
  const interrupt: Parameters<typeof distilInNode>[1] = (listen, stop) => {
    const places = [
      (job: string, samples: number) => job === 'hints' && samples > 3000,
      (job: string, samples: number) => job === 'distilled' && samples > 6000,
    ];
    let at = 0;
    listen({
      progress: (job, samples, total) => {
        if (job === 'hints' || job === 'distilled') told.push(`${job} of ${total}`);
        if (!places[at]?.(job, samples)) return;
        at++;
        stop();
      },
    });
  };
  const stopped = await distilInNode(HINTED, interrupt, smallMnist);
  expect(stopped).toEqual({ ...whole, stops: 2 });
  // Both stages together are the student's training.
  expect([...new Set(told)]).toEqual(['hints of 20000', 'distilled of 20000']);
});

test('hints are learned first, with their error and maps; a page left in that stage goes on, and gives the same bits as in Node', async () => {
  await withHints(async (page) => {
    await ready(page);
    await choose(page, SMALL_IMAGES);
    await page.locator('#teaching').selectOption('fitnets');
    for (const [name, disabled] of Object.entries({ teachers: true, alpha: true, temperature: false }))
      expect(await page.locator(`#${name}`).isDisabled(), name).toBe(disabled);
    expect(await page.locator('#teachers-value').textContent()).toBe('1');
    expect(await page.locator('#hints').isHidden()).toBe(true);
    await page.locator('#start').click();

    await page.locator('#hint-curve circle').waitFor();
    const first = await hintError(page);
    expect(await page.locator('#distilled-share').textContent()).toMatch(/^hints, error [\d.]+$/);
    expect(await page.locator('#save').isDisabled()).toBe(true);
    await page.locator('#pause').click();
    await page.locator('#pause', { hasText: 'Continue' }).waitFor();
    await page.reload();
    await page.locator('#hint-curve circle').waitFor();
    await page.locator('#maps canvas').nth(29).waitFor();
    await page.locator('#pause', { hasText: 'Continue' }).click();

    await finished(page);
    const distilled = await errorsOf(page, 'distilled');
    expect(await page.locator('#status').textContent()).toContain(
      `With hints, the distilled student makes ${distilled.toLocaleString('en')} errors`,
    );
    expect(await page.locator('#speed').textContent()).toContain('the teacher saw 60,000');
    expect(distilled).toBeLessThan(await errorsOf(page, 'hard'));
    expect(await page.locator('#curves svg').getAttribute('aria-label')).toContain(
      `distilled: ${distilled} errors after epoch 40`,
    );
    await expect.poll(() => hintError(page)).toBeLessThan(first);
    expect(await page.locator('#hint-curve svg').getAttribute('aria-label')).toContain('after epoch 13');

    expect(await violations(page, ['serious', 'critical'])).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    await expect.poll(() => page.evaluate(overflow)).toBe(0);
    const { hard, distilled: inNode } = await distilInNode(HINTED, undefined, smallMnist);
    expect(await hashes(page)).toEqual({ hard, distilled: inNode });
  });
});

test('no task holds up the page for 50 ms while hints are learned', async () => {
  await withHints(async (page) => {
    await ready(page);
    await choose(page, SMALL_IMAGES);
    await page.locator('#teaching').selectOption('fitnets');
    const longest = await longestTask(page, async () => {
      await page.locator('#start').click();
      await finished(page);
    });
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(50);
  });
});

/** What the curve of the hints has come to. */
async function hintError(page: Page): Promise<number> {
  return Number(
    /hints: ([\d.]+)/.exec((await page.locator('#hint-curve svg').getAttribute('aria-label'))!)![1],
  );
}
