import { count, probability } from '../../format/numbers.ts';
import type { Example, ImageData8, Misclassified, Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { bmpDataUri } from './images.ts';

/** Test digits with what the ensemble says about them, as it is and softened. */
export function softTargets({ examples, config }: Report): Markup {
  const temperature = typeof config.temperature === 'number' ? `T = ${config.temperature}` : 'T of the run';
  const most = Math.max(0, ...examples.flatMap(({ atTemperature }) => atTemperature));
  const body =
    examples.length > 0
      ? html`<p class="intro">The ensemble’s probabilities for some test digits. At T = 1 one class tends to have nearly
    everything; the temperature of the run brings out what else the digit looks like. Bars end at 100% in the upper row
    of each card, at ${probability(most)} in the lower one.</p>
  <ul class="examples">${examples.map((example) => exampleCard(example, temperature, most))}</ul>`
      : html`<p class="card none">No examples were recorded in this run.</p>`;
  return html`
<section aria-labelledby="targets">
  <h2 id="targets">Soft targets</h2>
  ${body}
</section>`;
}

function exampleCard(example: Example, temperature: string, most: number): Markup {
  const { index, label, image, atOne, atTemperature } = example;
  return html`
    <li class="card example">
      <div class="subject">
        ${picture(image, `Digit ${label}, test image ${index}`)}
        <span><b>${String(label)}</b> <small>#${String(index)}</small></span>
      </div>
      <div>${bars('T = 1', atOne, label, 1)}${bars(temperature, atTemperature, label, most)}</div>
    </li>`;
}

/** Ten bars in HTML rather than another plot: there are many, all tiny, and HTML stays sharp at any width. */
function bars(title: string, probabilities: number[], label: number, full: number): Markup {
  const top = probabilities
    .map((p, digit) => ({ p, digit }))
    .sort((a, b) => b.p - a.p || a.digit - b.digit)
    .slice(0, 3);
  const spoken = top.map(({ p, digit }) => `${digit} with ${probability(p)}`).join(', ');
  const written = top.map(({ p, digit }) => html`<span><b>${String(digit)}</b> ${probability(p)}</span>`);
  const bar = (p: number, digit: number) => html`
          <span class="bar${digit === label ? ' true' : ''}" style="--share:${(full > 0 ? p / full : 0).toFixed(4)}">${String(digit)}</span>`;
  return html`
        <div class="bars-title"><span>${title}</span><span class="top">${written}</span></div>
        <div class="bars" role="img" aria-label="At ${title}: ${spoken}">${probabilities.map(bar)}</div>`;
}

/** The test digits that the distilled student mistakes for another. */
export function misclassified({ misclassified, student }: Report): Markup {
  const errors = student.distilled.testErrors;
  const shown = misclassified.length;
  const some = shown < errors ? `${count(shown)} of the ${count(errors)}` : `All ${count(shown)}`;
  const body =
    shown > 0
      ? html`<p class="intro">${some} test images that the distilled student gets wrong: the label, what it predicts
    instead, and its probability for that.</p>
  <ul class="card mistakes">${misclassified.map(mistake)}</ul>`
      : html`<p class="card none">${errors === 0 ? 'None: every test image is classified correctly.' : 'No images were recorded in this run.'}</p>`;
  return html`
<section aria-labelledby="mistakes">
  <h2 id="mistakes">Mistakes of the distilled student</h2>
  ${body}
</section>`;
}

function mistake({ index, label, predicted, confidence, image }: Misclassified): Markup {
  return html`
    <li>
      ${picture(image, `Digit ${label}, test image ${index}`)}
      <span class="verdict">${String(label)} → <b>${String(predicted)}</b> <small>(${probability(confidence)})</small></span>
    </li>`;
}

function picture(image: ImageData8, alt: string): Markup {
  return html`<img src="${bmpDataUri(image)}" width="${String(image.width)}" height="${String(image.height)}" alt="${alt}">`;
}
