import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportHtml } from '../../../../cli/report/page/report-html.ts';
import type { Report } from '../../../../cli/report/report.ts';
import { launchChromium } from '../../../support/chromium.ts';
import { COMPARISON, fixture, INSIDE } from './fixture.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const sample = {
  index: 7,
  label: 4,
  ensemble: 9,
  distilled: 9,
  row: Array.from({ length: 12 }, (_, i) => i / 7),
};
const inputs = sample.row.map((_, i) => `a column of a long name, number ${i}`);
const importance = {
  ...{ rows: 9, shuffles: 3 },
  features: inputs.map((name, i) => ({ name, ensemble: i, distilled: -i })),
};
const agreement: Report['agreement'] = {
  ...{ unanimous: 2, unanimousErrors: 1, noneRight: 1, errorsTogether: 2, disputed: 1 },
  ...{
    alike: [
      [9, 2],
      [2, 9],
    ],
    errors: [3, 4],
  },
  disputes: [{ index: 77, label: 5, decisions: [5, 3], together: 3 }],
};
const table: Partial<Report> = {
  agreement,
  data: {
    ...{ kind: 'table', source: 'rows.csv', samples: { train: 9, test: 9 }, shape: [12], values: 'numbers' },
    ...{ inputs, label: 'kind', classes: 10, notes: [] },
  },
  comparison: {
    ...COMPARISON,
    wrong: { ...COMPARISON.wrong!, both: { count: 1, samples: [sample] } },
    importance,
  },
};

test.each([
  ['images', { comparison: COMPARISON, agreement, inside: INSIDE }],
  ['a table', table],
])(
  'axe finds nothing serious in a report of %s, light and dark, and no page is wider than a phone',
  async (_, changes) => {
    // Its security policy lets no scripts in, not even axe.
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.setContent(await reportHtml(fixture(changes)));
    for (const width of [1240, 390])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    await context.close();
  },
  60_000,
);

test('tables wider than the page are scrolled by the keyboard', async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  await page.setContent(await reportHtml(fixture(table)));
  const card = page.getByRole('region', { name: 'Both' });
  await card.focus();
  await page.keyboard.press('ArrowRight');
  await expect
    .poll(() => card.evaluate((element) => (element as unknown as { scrollLeft: number }).scrollLeft))
    .toBeGreaterThan(0);
  await page.close();
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: found } = window as unknown as { axe: typeof axe };
    const { violations } = await found.run(document);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
  });
}
