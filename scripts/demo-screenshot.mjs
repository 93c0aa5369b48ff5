// Takes docs/demo.png: the built demo after a training with its default settings and a drawn digit.
// With a folder as argument, into that folder instead: each way of teaching by teachers of one epoch, light and dark, on a
// screen and on a phone, and what is to be seen while hints are learned.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const WIDE = { width: 1240, height: 900 };
const PHONE = { width: 390, height: 844 };

const root = fileURLToPath(new URL('../demo', import.meta.url));
const [folder] = process.argv.slice(2);
const site = await preview({ root, preview: { host: '127.0.0.1', port: 0 } });
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: WIDE });
page.setDefaultTimeout(300_000);
await page.goto(site.resolvedUrls.local[0]);
if (folder) for (const teaching of ['kd', 'attention', 'fitnets']) await all(teaching);
else {
  await trained('kd');
  await picture('docs/demo.png');
}
await browser.close();
await site.close();

async function all(teaching) {
  await page.locator('#teacherEpochs:enabled').fill('1');
  await trained(teaching);
  for (const [screen, size] of Object.entries({ wide: WIDE, phone: PHONE }))
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await picture(`${folder}/${teaching}-${screen}-${colorScheme}.png`);
    }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function trained(teaching) {
  await page.locator('#teaching:enabled').selectOption(teaching);
  await page.locator('#start:enabled').click();
  if (teaching === 'fitnets') {
    await page.locator('#hint-curve circle').waitFor();
    await picture(`${folder}/${teaching}-first-stage.png`);
  }
  await page.locator('#status', { hasText: 'the distilled student makes' }).waitFor();
  await draw([0.28, 0.24], [0.66, 0.2], [0.5, 0.5], [0.66, 0.66], [0.5, 0.84], [0.3, 0.78]);
  await page.locator('#verdicts-spoken', { hasText: 'Distilled student' }).waitFor();
}

/** A stroke on the canvas, in shares of its side. */
async function draw(first, ...others) {
  await page.locator('#clear').click();
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
