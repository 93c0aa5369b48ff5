import { count, counted } from '../../format/numbers.ts';
import type { AgreementReport, Report } from '../report.ts';
import { html, type Markup } from './html.ts';

/** How often the teachers decide alike, each by its own largest probability, and which images split them. */
export function agreement({ agreement: found, testSize, teachers }: Report): Markup {
  if (!found) return html``;
  const { unanimous, unanimousErrors, noneRight, alike } = found;
  return html`
<section aria-labelledby="agreement">
  <h2 id="agreement">Teachers among themselves</h2>
  <p class="intro">Each teacher’s decision is its largest probability. On ${count(unanimous)} of ${counted(testSize, 'test image')}
    all decide alike, on ${count(unanimousErrors)} of these wrongly; on ${count(noneRight)} none is right.</p>
  <div class="card">
    <table class="facts">
      <caption>Test images on which two teachers decide alike</caption>
      <tbody>${alike.map(
        (row, i) => html`
        <tr><th scope="row">${teachers[i]!.name}</th>${row.map((n) => html`<td>${count(n)}</td>`)}</tr>`,
      )}</tbody>
    </table>
  </div>
  ${disputes(found)}
</section>`;
}

function disputes({ disputed, disputes }: AgreementReport): Markup {
  if (disputes.length === 0) return html``;
  return html`<div class="card">
    <table class="facts">
      <caption>${counted(disputed, 'image')} ${disputed === 1 ? 'splits' : 'split'} them; most of all these</caption>
      <thead><tr><th scope="col">test image</th><th scope="col">label</th><th scope="col">decisions</th>
        <th scope="col">by their mean</th></tr></thead>
      <tbody>${disputes.map(
        ({ index, label, decisions, together }) => html`
        <tr><th scope="row">#${String(index)}</th><td>${String(label)}</td><td>${decisions.join(', ')}</td>
          <td>${String(together)}</td></tr>`,
      )}</tbody>
    </table>
  </div>`;
}
