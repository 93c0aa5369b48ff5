import { afterEach, describe, expect, it, vi } from 'vitest';
import { findChromium } from '../support/chromium.ts';
import { withPage } from './page.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('findChromium', () => {
  it('says so when CHROME_PATH names nothing', async () => {
    vi.stubEnv('CHROME_PATH', '/nonexistent');
    await expect(findChromium()).rejects.toThrow('CHROME_PATH is /nonexistent, which does not exist');
  });
});

describe('withPage', () => {
  // That a page which is not isolated can make a shared memory all the same is what one-thread engines rely on.
  it.each([true, false])('opens a page with isolation: %s', async (isolated) => {
    const isolation = await withPage({ isolated }, (run) => run('isolation'));
    expect(isolation).toEqual({ crossOriginIsolated: isolated, sharedMemory: true });
  });

  it('names the tasks when there is no such task', async () => {
    const wrong = withPage({ isolated: true }, (run) => run('toString'));
    await expect(wrong).rejects.toThrow(/No task toString; there are: .*isolation/);
  });

  it('rejects with an uncaught error of the page, without waiting for the task', async () => {
    const hanging = withPage({ isolated: true }, async (_run, page) => {
      await page.evaluate(() => {
        setTimeout(() => {
          throw new Error('boom');
        });
      });
      await new Promise(() => {});
    });
    await expect(hanging).rejects.toThrow(/The page reported:\nuncaught Error: boom/);
  });

  it('rejects with a console error of the page, though the task succeeds', async () => {
    const loud = withPage({ isolated: true }, (_run, page) =>
      page.evaluate(() => console.error('something is wrong')),
    );
    await expect(loud).rejects.toThrow(/The page reported:\nconsole error: something is wrong/);
  });
});
