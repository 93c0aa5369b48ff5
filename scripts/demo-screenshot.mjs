// Takes docs/demo.png: the built demo after a training with its default settings and a drawn digit.
// With a folder as argument, also how it looks in the dark and on a phone, into that folder.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const root = fileURLToPath(new URL('../demo', import.meta.url));
const [folder] = process.argv.slice(2);
const site = await preview({ root, preview: { host: '127.0.0.1', port: 0 } });
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: { width: 1240, height: 900 } });
page.setDefaultTimeout(300_000);
await page.goto(site.resolvedUrls.local[0]);
await page.locator('#start:enabled').click();
await page.locator('#status', { hasText: 'The distilled student makes' }).waitFor();
await draw([0.28, 0.24], [0.66, 0.2], [0.5, 0.5], [0.66, 0.66], [0.5, 0.84], [0.3, 0.78]);
await page.locator('#verdicts-spoken', { hasText: 'Teachers together' }).waitFor();
await picture('docs/demo.png');
if (folder) {
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(`${folder}/dark.png`);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'light' });
  await picture(`${folder}/phone.png`);
}
await browser.close();
await site.close();

/** A stroke on the canvas, in shares of its side. */
async function draw(first, ...others) {
  const canvas = page.locator('#drawing');
  await canvas.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await canvas.boundingBox();
  const move = ([right, down]) => page.mouse.move(x + right * width, y + down * height, { steps: 6 });
  await move(first);
  await page.mouse.down();
  for (const point of others) await move(point);
  await page.mouse.up();
}

/** Of the whole page, from its top, once what was off the screen is drawn. */
async function picture(path) {
  await page.locator('#facts').scrollIntoViewIfNeeded();
  await page.waitForTimeout(1000);
  await page.evaluate('scrollTo(0, 0)');
  await page.screenshot({ path, fullPage: true });
}
