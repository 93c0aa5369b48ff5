import { count } from '../../format/numbers.ts';
import type { WrongSample, WrongSamples } from '../comparison.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { scrolling } from './scrolling.ts';
import { subject } from './subject.ts';
import { className, columnNames, sampleWord } from './words.ts';

/** Which test samples both get wrong, only the teachers, only the student. */
export function wrong(report: Report): Markup {
  const { comparison, teachers } = report;
  if (!comparison?.wrong) return html``;
  const who = teachers.length === 1 ? 'the teacher' : 'the teachers together';
  const { both, teachersAlone, studentAlone } = comparison.wrong;
  return html`
<section aria-labelledby="wrong">
  <h2 id="wrong">Who gets what wrong</h2>
  <p class="intro">Test ${sampleWord(report)}s by who is mistaken: ${who}, the distilled student, or both. Of each kind those are
    shown about which the one who is wrong is most certain.</p>
  <div class="stack wrong">
    ${group(report, 'Both', both)}
    ${group(report, 'Only the student', studentAlone)}
    ${group(report, teachers.length === 1 ? 'Only the teacher' : 'Only the teachers', teachersAlone)}
  </div>
</section>`;
}

function group(report: Report, title: string, { count: found, samples }: WrongSamples): Markup {
  const some =
    samples.length > 0 && samples.length < found ? `, of which ${count(samples.length)} are here` : '';
  const heading = html`${title} <small>${count(found)}${some}</small>`;
  if (samples.length > 0 && samples.every(({ row }) => row))
    return scrolling(title, rows(report, heading, samples));
  return html`<div class="card">
      <h3>${heading}</h3>
      ${samples.length === 0 ? html`<p class="none">None.</p>` : html`<ul class="mistakes">${samples.map((sample) => picture(report, sample))}</ul>`}
    </div>`;
}

function picture(report: Report, sample: WrongSample): Markup {
  const named = (label: number) => className(report, label);
  const { index, label, ensemble, distilled } = sample;
  return html`
      <li>${subject(report, sample, `${named(label)}, test ${sampleWord(report)} ${index}`)}
        <span class="verdict"><b>${named(label)}</b> <small>teachers: ${named(ensemble)}</small>
          <small>student: ${named(distilled)}</small></span></li>`;
}

/** The numbers of rows under the names of their columns. */
function rows(report: Report, heading: Markup, samples: readonly WrongSample[]): Markup {
  const named = (label: number) => className(report, label);
  const length = samples[0]!.row!.length;
  const columns = columnNames(report, length);
  const first = columns.more ? html` <small>and their first ${count(length)} columns</small>` : html``;
  return html`<table class="facts decisions counts">
        <caption>${heading}${first}</caption>
        <thead><tr><th scope="col">row</th><th scope="col">label</th><th scope="col">teachers</th><th scope="col">student</th>
          ${columns.names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
        <tbody>${samples.map(
          ({ index, label, ensemble, distilled, row = [] }) => html`
          <tr><th scope="row">#${String(index)}</th><td>${named(label)}</td><td>${named(ensemble)}</td>
            <td>${named(distilled)}</td>${row.map((n) => html`<td>${String(n)}</td>`)}</tr>`,
        )}</tbody>
      </table>`;
}
