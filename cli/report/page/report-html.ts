import { count } from '../../format/numbers.ts';
import type { Report } from '../report.ts';
import { agreement } from './agreement.ts';
import { classes } from './classes.ts';
import { confusion } from './confusion.ts';
import { curves } from './curves.ts';
import { misclassified, softTargets } from './digits.ts';
import { importance } from './importance.ts';
import { maps } from './maps.ts';
import { models } from './models.ts';
import { neighbors } from './neighbors.ts';
import { page } from './page.ts';
import { relations } from './relations.ts';
import { run } from './run.ts';
import { sideBySide } from './side-by-side.ts';
import { stages } from './stages.ts';
import { summary } from './summary.ts';
import { wrong } from './wrong.ts';

/** The report as one HTML page that needs no other file, no network and no scripts. */
export async function reportHtml(report: Report): Promise<string> {
  const sections = [
    summary(report),
    models(report),
    sideBySide(report),
    await curves(report),
    await stages(report),
    maps(report),
    relations(report),
    neighbors(report),
    await confusion(report),
    classes(report),
    wrong(report),
    importance(report),
    agreement(report),
    softTargets(report),
    misclassified(report),
    run(report),
  ];
  const title = `Distillation report: ${count(report.student.distilled.testErrors)} test errors`;
  return page(title, sections, `wasm-distill ${report.environment.version}`);
}
