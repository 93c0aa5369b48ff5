import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleMessage, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { servePages } from './serve.ts';

/** Runs a task of pages/tasks.ts in the page; its argument and its result are copied. */
export type Run = (task: string, argument?: unknown) => Promise<unknown>;

const readyTimeout = 30_000;
// A problem seldom comes alone: the others get this long to arrive before the first is reported.
const gatherTime = 200;

/**
 * Opens the test page in a fresh Chromium, and closes everything afterwards, whatever happens. An uncaught error
 * or a console error, in the page or in one of its workers, makes it reject, even where `use` succeeds or hangs.
 */
export async function withPage<T>(
  options: { isolated: boolean; webgpu?: boolean },
  use: (run: Run, page: Page) => Promise<T>,
): Promise<T> {
  const pages = await servePages(options);
  try {
    const browser = await launchChromium(options);
    try {
      const page = await browser.newPage();
      return await watched(page, async () => {
        await open(page, pages.url);
        const result = await use(runner(page), page);
        await settle(page);
        return result;
      });
    } finally {
      await browser.close();
    }
  } finally {
    await pages.close();
  }
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => window.ready, undefined, { timeout: readyTimeout });
}

function runner(page: Page): Run {
  return (task, argument) =>
    page.evaluate(([name, value]) => window.run(name, value), [task, argument] as const);
}

/** Lets errors that are already on their way arrive. */
async function settle(page: Page): Promise<void> {
  if (!page.isClosed()) await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
}

/** The result of `act`, unless the page has a problem: then an error that names all problems, without waiting for `act`. */
async function watched<T>(page: Page, act: () => Promise<T>): Promise<T> {
  const problems: string[] = [];
  const first = new Promise<void>((resolve) => {
    watch(page, (problem) => {
      problems.push(problem);
      resolve();
    });
  });
  const outcome = await Promise.race([
    act().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    ),
    first.then(() => delay(gatherTime)),
  ]);
  const error = outcome && 'error' in outcome ? outcome.error : undefined;
  if (problems.length > 0) throw problemError(problems, error);
  if (outcome && 'result' in outcome) return outcome.result;
  throw error;
}

function watch(page: Page, report: (problem: string) => void): void {
  page.on('pageerror', (error) => report(`uncaught ${error.stack || String(error)}`));
  page.on('crash', () => report('the page crashed'));
  page.on('console', (message) => {
    if (message.type() === 'error') report(consoleProblem(message));
  });
}

function consoleProblem(message: ConsoleMessage): string {
  const { url, lineNumber } = message.location();
  return `console error: ${message.text()}${url ? ` (${url}:${lineNumber + 1})` : ''}`;
}

function problemError(problems: string[], cause: unknown): Error {
  const lines = ['The page reported:', ...problems];
  if (cause === undefined) return new Error(lines.join('\n'));
  return new Error([String(cause), ...lines].join('\n'), { cause });
}
