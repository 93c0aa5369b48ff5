import { count, known, percent, precise } from '../../format/numbers.ts';
import type { ComparedModel } from '../comparison.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { scrolling } from './scrolling.ts';
import { sampleWord } from './words.ts';

/** Quality, size and speed of teachers and students, one under the other. */
export function sideBySide(report: Report): Markup {
  const { comparison } = report;
  if (!comparison) return html``;
  return html`
<section aria-labelledby="side-by-side">
  <h2 id="side-by-side">Side by side</h2>
  ${scrolling(
    'Side by side',
    html`
    <table class="models compared">
      <caption>Accuracy is the share of the labeled test ${sampleWord(report)}s that is recognized, bytes are those of the file.
        Milliseconds are of wasm-distill/infer on one thread, the median of some runs on the computer that made this
        report: for one ${sampleWord(report)}, and for 128 at once. An ensemble takes all of its teachers’. A dash: not known.</caption>
      <thead><tr>
        <th scope="col">Model</th><th scope="col">Accuracy</th><th scope="col" class="wide-only">Parameters</th><th scope="col">Bytes</th>
        <th scope="col">ms for 1</th><th scope="col">ms for 128</th>
      </tr></thead>
      <tbody>${comparison.models.map(row)}</tbody>
    </table>
`,
  )}
</section>`;
}

function row({ name, role, accuracy, parameters, bytes, milliseconds }: ComparedModel): Markup {
  return html`
        <tr class="${role}"><th scope="row"><span class="key"></span>${name}</th><td>${percent(accuracy, 2)}</td>
          <td class="wide-only">${known(parameters, count)}</td><td>${known(bytes, count)}</td>
          <td>${known(milliseconds?.one, precise)}</td><td>${known(milliseconds?.batch, precise)}</td></tr>`;
}
