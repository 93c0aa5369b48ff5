import { count, counted } from '../../format/numbers.ts';
import type { AgreementReport, Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { scrolling } from './scrolling.ts';
import { className, sampleWord } from './words.ts';

/** How often the teachers decide alike, each by its own largest probability, and which samples split them. */
export function agreement(report: Report): Markup {
  const { agreement: found, testSize, teachers } = report;
  const word = sampleWord(report);
  if (!found) return html``;
  const { unanimous, unanimousErrors, noneRight, alike } = found;
  return html`
<section aria-labelledby="agreement">
  <h2 id="agreement">Teachers among themselves</h2>
  <p class="intro">Each teacher’s decision is its largest probability. On ${count(unanimous)} of ${counted(testSize, `test ${word}`)}
    all decide alike, on ${count(unanimousErrors)} of these wrongly; on ${count(noneRight)} none is right.</p>
  <div class="stack">
  ${scrolling(
    'Decisions that are alike',
    html`<table class="facts decisions">
      <caption>Test ${word}s on which two teachers decide alike</caption>
      <thead><tr><td></td>${teachers.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${alike.map(
        (row, i) => html`
        <tr><th scope="row">${teachers[i]!.name}</th>${row.map((n) => html`<td>${count(n)}</td>`)}</tr>`,
      )}</tbody>
    </table>`,
  )}
  ${disputes(report, found)}
  </div>
</section>`;
}

function disputes(report: Report, { disputed, disputes }: AgreementReport): Markup {
  if (disputes.length === 0) return html``;
  const word = sampleWord(report);
  const named = (label: number) => className(report, label);
  return scrolling(
    'Disputes',
    html`<table class="facts decisions">
      <caption>${counted(disputed, word)} ${disputed === 1 ? 'splits' : 'split'} them; most of all these</caption>
      <thead><tr><th scope="col">test ${word}</th><th scope="col">label</th><th scope="col">decisions</th>
        <th scope="col">by their mean</th></tr></thead>
      <tbody>${disputes.map(
        ({ index, label, decisions, together }) => html`
        <tr><th scope="row">#${String(index)}</th><td>${named(label)}</td><td>${decisions.map(named).join(', ')}</td>
          <td>${named(together)}</td></tr>`,
      )}</tbody>
    </table>`,
  );
}
