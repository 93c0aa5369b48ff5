import { count, percent } from '../../format/numbers.ts';
import type { ClassRecall, ConfusedPair } from '../comparison.ts';
import { leastKnown } from '../quality.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { scrolling } from './scrolling.ts';
import { className, sampleWord } from './words.ts';

/** Of more classes those that the student knows least. */
const MOST_LISTED = 20;

/** Who recognizes which classes, and what is taken for what, before and after distillation. */
export function classes(report: Report): Markup {
  const { comparison } = report;
  if (!comparison?.recall || !comparison.confusions) return html``;
  return html`
<section aria-labelledby="classes">
  <h2 id="classes">Class by class</h2>
  <div class="run">
    ${scrolling('Recall', recall(report, comparison.recall))}
    ${scrolling('Confusions', confusions(report, comparison.confusions))}
  </div>
</section>`;
}

const WHO = html`<th scope="col">teachers</th><th scope="col">on labels</th><th scope="col">distilled</th>`;

function recall(report: Report, rows: readonly ClassRecall[]): Markup {
  const shown = rows.length > MOST_LISTED ? leastKnown(rows) : rows;
  const some =
    shown.length < rows.length ? `, of the ${count(shown.length)} that the student knows least` : '';
  return html`<table class="facts decisions counts">
      <caption>Recall: the share of each class’s test ${sampleWord(report)}s that is recognized${some}</caption>
      <thead><tr><th scope="col">class</th><th scope="col">${sampleWord(report)}s</th>${WHO}</tr></thead>
      <tbody>${shown.map(
        ({ class: name, samples, ensemble, hard, distilled }) => html`
        <tr><th scope="row">${name}</th><td>${count(samples)}</td><td>${percent(ensemble, 1)}</td>
          <td>${percent(hard, 1)}</td><td>${percent(distilled, 1)}</td></tr>`,
      )}</tbody>
    </table>`;
}

function confusions(report: Report, pairs: readonly ConfusedPair[]): Markup {
  if (pairs.length === 0)
    return html`<p class="none">Neither student takes any test ${sampleWord(report)} for another class.</p>`;
  const named = (label: number) => className(report, label);
  return html`<table class="facts decisions counts">
      <caption>The most frequent confusions of the students, before and after distillation</caption>
      <thead><tr><th scope="col">true → predicted</th>${WHO}</tr></thead>
      <tbody>${pairs.map(
        ({ label, predicted, ensemble, hard, distilled }) => html`
        <tr><th scope="row">${named(label)} → ${named(predicted)}</th><td>${count(ensemble)}</td>
          <td>${count(hard)}</td><td>${count(distilled)}</td></tr>`,
      )}</tbody>
    </table>`;
}
