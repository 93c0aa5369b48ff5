import { count, duration } from '../../format/numbers.ts';
import type { ModelReport, Report } from '../report.ts';
import { html, type Markup } from './html.ts';

/** What is needed to run it again, and to see that the result is the same. */
export function run(report: Report): Markup {
  return html`
<section aria-labelledby="run">
  <h2 id="run">How it was run</h2>
  <div class="run">
    <div class="card">${facts('Options, defaults included', Object.entries(report.config).map(option))}</div>
    <div class="stack">
      <div class="card">${facts('Environment', environment(report))}</div>
      <div class="card">${stages(report.seconds)}</div>
    </div>
  </div>
  <div class="card">${weights(report)}</div>
</section>`;
}

function facts(caption: string, rows: [string, string][]): Markup {
  return html`<table class="facts">
      <caption>${caption}</caption>
      <tbody>${rows.map(
        ([name, value]) => html`
        <tr><th scope="row">${name}</th><td>${value}</td></tr>`,
      )}</tbody>
    </table>`;
}

/** As one would type it again, hence without grouping: a seed is not a quantity. */
function option([name, value]: [string, Report['config'][string]]): [string, string] {
  return [name, Array.isArray(value) ? value.join(', ') : String(value)];
}

function environment({ environment }: Report): [string, string][] {
  const { backend, adapter, reason } = environment;
  return [
    ['backend', adapter === undefined ? backend : `${backend}: ${adapter} (${reason})`],
    ['threads', count(environment.threads)],
    ['SIMD', environment.simd ? 'yes' : 'no'],
    ['Node.js', environment.node],
    ['platform', environment.platform],
    ['wasm-distill', environment.version],
  ];
}

function stages(seconds: Report['seconds']): Markup {
  const longest = Math.max(0, ...Object.values(seconds));
  const row = ([stage, taken]: [string, number]) => html`
        <tr${stage === 'total' ? html` class="total"` : ''}><th scope="row">${stage}</th><td>${duration(taken)}<span class="meter" style="--share:${(longest > 0 ? taken / longest : 0).toFixed(4)}"></span></td></tr>`;
  return html`<table class="facts">
      <caption>Time taken</caption>
      <tbody>${Object.entries(seconds).map(row)}</tbody>
    </table>`;
}

function weights({ student, teachers }: Report): Markup {
  const models = [student.distilled, student.hard, ...teachers];
  const row = ({ name, file, exported = [], weightsSha256 }: ModelReport) => html`
        <tr><th scope="row">${name}</th><td>${[{ file }, ...exported].map((each) => html`<span class="file">${each.file}</span>`)}<code>${weightsSha256}</code></td></tr>`;
  return html`<table class="facts weights">
      <caption>Weights and their SHA-256</caption>
      <tbody>${models.map(row)}</tbody>
    </table>`;
}
