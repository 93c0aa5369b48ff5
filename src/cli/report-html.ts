import { confusion } from './report/confusion.js';
import { curves } from './report/curves.js';
import { misclassified, softTargets } from './report/digits.js';
import { models } from './report/models.js';
import { count } from './report/numbers.js';
import { page } from './report/page.js';
import { run } from './report/run.js';
import { summary } from './report/summary.js';
import type { Report } from './report.js';

/** The report as one HTML page that needs no other file, no network and no scripts. */
export async function reportHtml(report: Report): Promise<string> {
  const sections = [
    summary(report),
    models(report),
    await curves(report),
    await confusion(report),
    softTargets(report),
    misclassified(report),
    run(report),
  ];
  const title = `Distillation report: ${count(report.student.distilled.testErrors)} test errors`;
  return page(title, sections, `wasm-distill ${report.environment.version}`);
}
