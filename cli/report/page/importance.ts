import { count, counted, measure } from '../../format/numbers.ts';
import type { Importance } from '../comparison.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { scrolling } from './scrolling.ts';

/** Which columns of a table teachers and student go by. */
export function importance({ comparison }: Report): Markup {
  if (!comparison?.importance) return html``;
  const { rows, shuffles, features } = comparison.importance;
  const most = Math.max(0, ...features.flatMap(({ ensemble = 0, distilled }) => [ensemble, distilled]));
  const sorted = features
    .map((feature, i) => ({ ...feature, i }))
    .sort((a, b) => b.distilled - a.distilled || (b.ensemble ?? 0) - (a.ensemble ?? 0) || a.i - b.i);
  return html`
<section aria-labelledby="importance">
  <h2 id="importance">Which columns matter</h2>
  ${scrolling(
    'Permutation importance',
    html`
    <table class="facts decisions counts importance">
      <caption>Permutation importance: how many more errors are made on ${counted(rows, 'test row')} when a column’s
        numbers are shuffled among them, the median of ${counted(shuffles, 'shuffle')}. Of two columns that say the same, a
        model may do without either.</caption>
      <thead><tr><th scope="col">column</th><th scope="col">teachers</th><th scope="col">distilled student</th></tr></thead>
      <tbody>${sorted.map((feature) => row(feature, most))}</tbody>
    </table>
`,
  )}
</section>`;
}

function row({ name, ensemble, distilled }: Importance['features'][number], most: number): Markup {
  const cell = (errors: number | undefined, role: string) => {
    if (errors === undefined) return html`<td>–</td>`;
    return html`<td class="${role}">${more(errors)}<span class="meter" style="--share:${(most > 0 ? Math.max(0, errors) / most : 0).toFixed(4)}"></span></td>`;
  };
  return html`
        <tr><th scope="row">${name}</th>${cell(ensemble, 'ensemble')}${cell(distilled, 'distilled')}</tr>`;
}

function more(errors: number): string {
  if (errors === 0) return '0';
  const size = Number.isInteger(errors) ? count(Math.abs(errors)) : measure(Math.abs(errors));
  return `${errors > 0 ? '+' : '−'}${size}`;
}
