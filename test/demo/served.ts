import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { isolationHeaders } from '../support/isolation.ts';
import { serveDemo } from './serve.ts';

/** The built demo, cross-origin isolated, and a browser: there while the tests of a file run. */
export function servedDemo(): { readonly browser: Browser; readonly url: string } {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveDemo>>;
  beforeAll(async () => {
    site = await serveDemo(isolationHeaders);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });
  return {
    get browser() {
      return browser;
    },
    get url() {
      return site.url;
    },
  };
}
