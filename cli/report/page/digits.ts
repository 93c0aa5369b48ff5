import { count, probability } from '../../format/numbers.ts';
import type { Example, Misclassified, Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { subject } from './subject.ts';
import { className, sampleWord } from './words.ts';

/** Test samples with what the ensemble says about them, as it is and softened. */
export function softTargets(report: Report): Markup {
  const { examples, config } = report;
  const temperature = typeof config.temperature === 'number' ? `T = ${config.temperature}` : 'T of the run';
  const most = Math.max(0, ...examples.flatMap(({ atTemperature }) => atTemperature));
  const body =
    examples.length > 0
      ? html`<p class="intro">The ensemble’s probabilities for some test ${sampleWord(report)}s. At T = 1 one class tends to have nearly
    everything; the temperature of the run brings out what else the ${sampleWord(report)} looks like. Bars end at 100% in the upper row
    of each card, at ${probability(most)} in the lower one.</p>
  <ul class="examples">${examples.map((example) => exampleCard(report, example, temperature, most))}</ul>`
      : html`<p class="card none">No examples were recorded in this run.</p>`;
  return html`
<section aria-labelledby="targets">
  <h2 id="targets">Soft targets</h2>
  ${body}
</section>`;
}

function exampleCard(report: Report, example: Example, temperature: string, most: number): Markup {
  const { index, label, atOne, atTemperature } = example;
  const name = className(report, label);
  return html`
    <li class="card example">
      <div class="subject">
        ${subject(report, example, `${name}, test ${sampleWord(report)} ${index}`)}
        <span><b>${name}</b> <small>#${String(index)}</small></span>
      </div>
      <div>${bars(report, 'T = 1', atOne, label, 1)}${bars(report, temperature, atTemperature, label, most)}</div>
    </li>`;
}

/** As many bars as there is room for. */
const MOST_BARS = 12;

/**
 * Bars in HTML rather than another plot: there are many, all tiny, and HTML stays sharp at any width. Of many classes those
 * with the largest probabilities.
 */
function bars(report: Report, title: string, probabilities: number[], label: number, full: number): Markup {
  const sorted = probabilities.map((p, of) => ({ p, of })).sort((a, b) => b.p - a.p || a.of - b.of);
  const named = (of: number) => className(report, of);
  const spoken = sorted.slice(0, 3).map(({ p, of }) => `${named(of)} with ${probability(p)}`);
  const written = sorted
    .slice(0, 3)
    .map(({ p, of }) => html`<span><b>${named(of)}</b> ${probability(p)}</span>`);
  const chosen = sorted.slice(0, MOST_BARS).sort((a, b) => a.of - b.of);
  const bar = ({ p, of }: { p: number; of: number }) => html`
          <span class="bar${of === label ? ' true' : ''}" title="${named(of)}" style="--share:${(full > 0 ? p / full : 0).toFixed(4)}">${named(of).slice(0, 3)}</span>`;
  return html`
        <div class="bars-title"><span>${title}</span><span class="top">${written}</span></div>
        <div class="bars" style="--bars:${String(chosen.length)}" role="img" aria-label="At ${title}: ${spoken.join(', ')}">${chosen.map(bar)}</div>`;
}

/** The test samples that the distilled student takes for another class. */
export function misclassified(report: Report): Markup {
  const { misclassified, student } = report;
  const word = sampleWord(report);
  const errors = student.distilled.testErrors;
  const shown = misclassified.length;
  const some = shown < errors ? `${count(shown)} of the ${count(errors)}` : `All ${count(shown)}`;
  const body =
    shown > 0
      ? html`<p class="intro">${some} test ${word}s that the distilled student gets wrong: the label, what it predicts
    instead, and its probability for that.</p>
  <ul class="card mistakes">${misclassified.map((each) => mistake(report, each))}</ul>`
      : html`<p class="card none">${errors === 0 ? `None: every test ${word} is classified correctly.` : `No ${word}s were recorded in this run.`}</p>`;
  return html`
<section aria-labelledby="mistakes">
  <h2 id="mistakes">Mistakes of the distilled student</h2>
  ${body}
</section>`;
}

function mistake(report: Report, wrong: Misclassified): Markup {
  const { index, label, predicted, confidence } = wrong;
  const [truth, taken] = [className(report, label), className(report, predicted)];
  return html`
    <li>
      ${subject(report, wrong, `${truth}, test ${sampleWord(report)} ${index}`)}
      <span class="verdict">${truth} → <b>${taken}</b> <small>(${probability(confidence)})</small></span>
    </li>`;
}
