import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DEFAULTS, type Settings } from '../../demo/settings.ts';

/** So small that it is over in seconds; still every stage, shifts and two teachers. */
export const SMALL: Settings = {
  ...DEFAULTS,
  teacher: '30,30',
  teacherEpochs: 1,
  student: '30,30',
  images: 500,
};

/** The same with convolutional networks. */
export const SMALL_IMAGES: Settings = {
  ...SMALL,
  teacher: 'conv8k5s2v conv16k5v pool dense32',
  student: 'conv4k5s2v conv12k5v pool',
};

/** Opens the demo in a context of its own, and closes it afterwards. An uncaught error in the page is the test's. */
export async function withDemo<T>(
  browser: Browser,
  url: string,
  use: (page: Page, context: BrowserContext) => Promise<T>,
  prepare: (context: BrowserContext) => Promise<unknown> = async () => {},
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1240, height: 900 } });
  // Patient: a machine at work on other things may take ten times as long.
  context.setDefaultTimeout(120_000);
  const errors: string[] = [];
  context.on('weberror', (error) => errors.push(String(error.error())));
  try {
    await prepare(context);
    const page = await context.newPage();
    await page.goto(url);
    const result = await use(page, context);
    if (errors.length > 0) throw new Error(`The page reported: ${errors.join('; ')}`);
    return result;
  } finally {
    await context.close();
  }
}

export async function ready(page: Page): Promise<void> {
  await page.locator('#start:enabled').waitFor();
}

/** Moves the controls to these settings. */
export async function choose(page: Page, settings: Settings): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    const control = page.locator(`#${name}`);
    if ((await control.evaluate((element) => element.tagName)) === 'SELECT')
      await control.selectOption(String(value));
    else await control.fill(String(value));
  }
}

export async function finished(page: Page): Promise<void> {
  await page.locator('#status', { hasText: 'the distilled student makes' }).waitFor();
}

export async function trainSmall(page: Page, settings: Settings = SMALL): Promise<void> {
  await ready(page);
  await choose(page, settings);
  await page.locator('#start').click();
  await finished(page);
}

export async function hashes(page: Page): Promise<{ hard: string | null; distilled: string | null }> {
  return {
    hard: await page.locator('#hash-hard').textContent(),
    distilled: await page.locator('#hash-distilled').textContent(),
  };
}

/** Number of errors in a tile. */
export async function errorsOf(page: Page, tile: 'distilled' | 'hard' | 'ensemble'): Promise<number> {
  return Number((await page.locator(`#${tile}-errors`).textContent())!.replace(',', ''));
}

/** Draws a 7 with the mouse. */
export async function drawSeven(page: Page): Promise<void> {
  const canvas = page.locator('#drawing');
  await canvas.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await canvas.boundingBox())!;
  const at = (right: number, down: number) => [x + right * width, y + down * height] as const;
  await page.mouse.move(...at(0.3, 0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.7, 0.2), { steps: 5 });
  await page.mouse.move(...at(0.45, 0.85), { steps: 8 });
  await page.mouse.up();
}

/** What axe finds, of these impacts. */
export async function violations(
  page: Page,
  impacts: readonly string[] = ['minor', 'moderate', 'serious', 'critical'],
): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async (looked) => {
    const { axe: found } = window as unknown as { axe: typeof axe };
    const { violations } = await found.run(document);
    return violations
      .filter(({ impact }) => looked.includes(String(impact)))
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
  }, impacts);
}

/** Milliseconds of computing of the longest task of the page's main thread meanwhile, from Chromium's trace. */
export async function longestTask(page: Page, work: () => Promise<void>): Promise<number> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel'] });
  await work();
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as {
    traceEvents: { name: string; pid: number; tid: number; tdur?: number; args: { name?: string } }[];
  };
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, pid, tid }) => /RunTask$/.test(name) && main.has(`${pid} ${tid}`),
  );
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000));
}

/** Drops files and folders of the disk on the page, as a hand does. */
export async function dropFromDisk(page: Page, paths: readonly string[]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await client.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await client.detach();
}

/** Drops a file on the page. */
export async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page.evaluate(
    ([file, base64]) => {
      const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], file));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, Buffer.from(bytes).toString('base64')] as const,
  );
}
