import { setTimeout } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { isolationHeaders } from '../support/isolation.ts';
import { distilInNode } from './in-node.ts';
import { choose, finished, hashes, ready, SMALL, withDemo } from './page.ts';
import { serveDemo } from './serve.ts';
import { servedDemo } from './served.ts';

vi.setConfig({ testTimeout: 180_000 });

/** Long enough to be caught in the midst of it. */
const LONGER = { ...SMALL, teacherEpochs: 2, teacher: '100,100' };

const demo = servedDemo();

test('a page closed while it trains goes on when it is opened again, and ends with the same weights', async () => {
  const { hard, distilled } = await distilInNode(LONGER);
  await withDemo(demo.browser, demo.url, async (first, context) => {
    await ready(first);
    await choose(first, LONGER);
    await first.locator('#start').click();
    await first.locator('#teachers-list li').first().waitFor();
    await first.close();

    const second = await context.newPage();
    await second.goto(demo.url);
    await second.locator('#teachers-list li').first().waitFor();
    await second.locator('#status', { hasText: '3 of 3' }).waitFor();
    await second.locator('#curves path').first().waitFor();
    await second.close();

    const third = await context.newPage();
    await third.goto(demo.url);
    await finished(third);
    expect(await hashes(third)).toEqual({ hard, distilled });
    expect(await third.locator('#teacher').inputValue()).toBe('100,100');

    // Nothing is trained again.
    await third.reload();
    await finished(third);
    expect(await hashes(third)).toEqual({ hard, distilled });
  });
});

test('a paused training stays paused when the page is opened again', async () => {
  await withDemo(demo.browser, demo.url, async (page) => {
    await ready(page);
    await choose(page, LONGER);
    await page.locator('#start').click();
    await page.locator('#pause:enabled').click();
    await page.locator('#pause', { hasText: 'Continue' }).waitFor();
    await page.reload();
    await page.locator('#pause:enabled', { hasText: 'Continue' }).waitFor();
    expect(await page.locator('#status').textContent()).toContain('Paused');
    await page.locator('#stop').click();
    await ready(page);
    await page.reload();
    await ready(page);
  });
});

test('a second tab waits, says so, and takes over when the first is closed', async () => {
  await withDemo(demo.browser, demo.url, async (first, context) => {
    await ready(first);
    const second = await context.newPage();
    await second.goto(demo.url);
    await second.locator('.notice', { hasText: 'open in another tab' }).waitFor();
    expect(await second.locator('#start').isDisabled()).toBe(true);
    await first.close();
    await ready(second);
    expect(await second.locator('.notice').count()).toBe(0);
  });
});

test('a tab that is hidden, throttled and frozen for a while trains on, and says so', async () => {
  await withDemo(
    demo.browser,
    demo.url,
    async (page, context) => {
      await ready(page);
      await choose(page, LONGER);
      await page.locator('#start').click();
      await page.locator('#pause:enabled').waitFor();
      await page.evaluate('hide()');
      const devtools = await context.newCDPSession(page);
      await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
      await setTimeout(1000);
      await devtools.send('Page.setWebLifecycleState', { state: 'active' });
      const status = () => page.evaluate(() => document.getElementById('status')!.textContent);
      await expect.poll(status, { timeout: 120_000 }).toContain('the distilled student makes');
      await page.evaluate('show()');
      await page.locator('.notice', { hasText: 'Training went on while this tab was hidden' }).waitFor();
      await page.locator('#curves path').first().waitFor();
    },
    (context) => context.addInitScript(hideable),
  );
});

test('a Content-Security-Policy that forbids workers', async () => {
  const strict = await serveDemo({ ...isolationHeaders, 'Content-Security-Policy': "worker-src 'none'" });
  try {
    await told(strict.url, /could not start the worker.*Content-Security-Policy.*worker-src 'self'/);
  } finally {
    await strict.close();
  }
});

test('a Content-Security-Policy that forbids WebAssembly', async () => {
  const strict = await serveDemo({ ...isolationHeaders, 'Content-Security-Policy': "script-src 'self'" });
  try {
    await told(strict.url, /kernels can't be compiled here/);
  } finally {
    await strict.close();
  }
});

test('a Content-Security-Policy that allows what is needed and no more', async () => {
  const policy =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'";
  const strict = await serveDemo({ ...isolationHeaders, 'Content-Security-Policy': policy });
  try {
    await withDemo(demo.browser, strict.url, ready);
  } finally {
    await strict.close();
  }
});

test('kernels that can’t be compiled', async () => {
  await told(demo.url, /kernels can't be compiled here/, (context) =>
    context.route('**/*.wasm', (route) => route.fulfill({ body: 'no wasm', headers: isolationHeaders })),
  );
});

test('images that can’t be fetched', async () => {
  await told(demo.url, /train-images-idx3-ubyte.gz can't be fetched/, (context) =>
    context.route('**/mnist/train-images*', (route) => route.abort()),
  );
});

test('memory that is refused interrupts a training, which can be continued', async () => {
  await withDemo(
    demo.browser,
    demo.url,
    async (page) => {
      await ready(page);
      await choose(page, SMALL);
      await page.locator('#start').click();
      await page.locator('.notice.alert', { hasText: /refused \d+ MiB of shared memory/ }).waitFor();
      await page.locator('#pause:enabled', { hasText: 'Continue' }).waitFor();
      await page.locator('#stop').click();
      await ready(page);
    },
    // The data of a training need more than this.
    (context) => beforeLab(context, refuseMemory, '500'),
  );
});

test('a browser that stores nothing: the training goes on, and the person knows that it isn’t kept', async () => {
  await withDemo(
    demo.browser,
    demo.url,
    async (page) => {
      await page.locator('.notice.status', { hasText: 'lost when the page is closed' }).waitFor();
      await ready(page);
    },
    (context) => beforeLab(context, refuseStorage, ''),
  );
});

test('a saved training that is damaged is dropped, and the page says so', async () => {
  await withDemo(demo.browser, demo.url, async (page) => {
    await ready(page);
    await choose(page, LONGER);
    await page.locator('#start').click();
    await page.locator('#teachers-list li').first().waitFor();
    await page.locator('#pause').click();
    await page.locator('#pause', { hasText: 'Continue' }).waitFor();
    await page.evaluate(damageSaved);
    await page.reload();
    await page
      .locator('.notice.status', { hasText: /saved training is dropped: the saved teacher \d/ })
      .waitFor();
    await ready(page);
  });
});

/**
 * What a browser does to a hidden tab, which headless Chromium has no way to make: no frames, timers once a second.
 */
function hideable(): void {
  const { requestAnimationFrame: frame, setTimeout: timer } = window;
  let hidden = false;
  let frames: FrameRequestCallback[] = [];
  Object.defineProperty(document, 'hidden', { get: () => hidden });
  window.requestAnimationFrame = (callback) => (hidden ? frames.push(callback) : frame(callback));
  Object.assign(window, {
    setTimeout: (callback: () => void, ms = 0) => timer(callback, hidden ? Math.max(1000, ms) : ms),
    hide: () => {
      hidden = true;
      document.dispatchEvent(new Event('visibilitychange'));
    },
    show: () => {
      hidden = false;
      for (const callback of frames) frame(callback);
      frames = [];
      document.dispatchEvent(new Event('visibilitychange'));
    },
  });
}

/** The page says what is wrong, and doesn't pretend to be ready. */
async function told(
  url: string,
  what: RegExp,
  prepare?: (context: BrowserContext) => Promise<unknown>,
): Promise<void> {
  const look = async (page: Page) => {
    await page.locator('.notice.alert', { hasText: what }).waitFor();
    expect(await page.locator('#start').isDisabled()).toBe(true);
  };
  await withDemo(demo.browser, url, look, prepare);
}

/** Puts code before the lab's own: tests can't reach into workers otherwise. */
async function beforeLab(
  context: BrowserContext,
  code: (argument: string) => void,
  argument: string,
): Promise<void> {
  await context.route('**/lab-*.js', async (route) => {
    const response = await route.fetch();
    const body = `(${code})(${JSON.stringify(argument)});\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
}

function refuseMemory(mostPages: string): void {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = new Proxy(Memory, {
    construct: (target, [descriptor]: [WebAssembly.MemoryDescriptor]) => {
      if (descriptor.initial > Number(mostPages)) throw new RangeError('could not allocate memory');
      return new target(descriptor);
    },
  });
}

function refuseStorage(): void {
  IDBFactory.prototype.open = () => {
    throw new DOMException('storage is switched off', 'SecurityError');
  };
}

/** Cuts every saved network short, finished or not. */
function damageSaved(): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('wasm-distill demo');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('values', 'readwrite');
      const cursor = transaction.objectStore('values').openCursor();
      cursor.onsuccess = () => {
        const at = cursor.result;
        if (!at) return;
        if (/ (model|checkpoint)$/.test(String(at.key))) at.update(at.value.slice(0, 100));
        at.continue();
      };
      transaction.oncomplete = () => resolve();
    };
  });
}
