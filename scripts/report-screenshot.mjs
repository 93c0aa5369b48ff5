// Takes docs/report.png of a run's report: node scripts/report-screenshot.mjs runs/distill-seed1/report.html
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [report = 'runs/distill-seed1/report.html'] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: { width: 1200, height: 1500 } });
await page.goto(pathToFileURL(resolve(report)).href);
await page.screenshot({ path: 'docs/report.png' });
await browser.close();
