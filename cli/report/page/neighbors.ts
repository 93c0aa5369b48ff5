import { count, percent } from '../../format/numbers.ts';
import type { Found, NeighborsFigure } from '../inside/inside.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { subject } from './subject.ts';
import { className, sampleWord } from './words.ts';

/** What the student finds nearest to some test samples. */
export function neighbors(report: Report): Markup {
  const found = report.inside?.neighbors;
  if (!found) return html``;
  const word = sampleWord(report);
  const { teacher, distilled, hard } = found.first;
  const taught = teacher === undefined ? '' : `, for the teacher for ${percent(teacher, 1)}`;
  return html`
<section aria-labelledby="neighbors">
  <h2 id="neighbors">What is nearest to what</h2>
  <p class="intro">Some test ${word}s, and those of ${count(found.searched)} that the distilled student finds nearest to each, the
    nearest first: ✓ of the same class, ✗ of another. The nearest one is of the same class for ${percent(distilled, 1)} of
    them; for the student on labels it is for ${percent(hard, 1)}${taught}.</p>
  <ul class="card queries">${found.queries.map((query) => queryRow(report, query))}</ul>
</section>`;
}

function queryRow(report: Report, query: NeighborsFigure['queries'][number]): Markup {
  const name = className(report, query.label);
  const word = sampleWord(report);
  return html`
    <li>
      <span class="query">${subject(report, query, `${name}, test ${word} ${query.index}`)}<span class="verdict"><b>${name}</b></span></span>
      <ol aria-label="Nearest to ${word} ${String(query.index)}, ${name}">${query.found.map((one) => neighbor(report, one, one.label === query.label))}</ol>
    </li>`;
}

function neighbor(report: Report, one: Found, right: boolean): Markup {
  const name = className(report, one.label);
  return html`
        <li class="${right ? 'right' : 'wrong-class'}">${subject(report, one, `${name}, test ${sampleWord(report)} ${one.index}`)}<span
          class="verdict"><span aria-hidden="true">${right ? '✓' : '✗'}</span> ${name}<span class="unseen">${right ? ', right' : ', another class'}</span></span></li>`;
}
