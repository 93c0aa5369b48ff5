import type { BySide, MapsFigure } from '../inside/inside.ts';
import type { ImageData8, Report } from '../report.ts';
import { brightest, heatLegend, heatMap } from './heat.ts';
import { html, type Markup } from './html.ts';
import { subject } from './subject.ts';
import { className } from './words.ts';

const ROWS: readonly (readonly [keyof BySide<unknown>, name: string, role: string])[] = [
  ['teacher', 'teacher', 'ensemble'],
  ['distilled', 'distilled student', 'distilled'],
  ['hard', 'student on labels', 'hard'],
];

/** Where teacher and students look in some test images. */
export function maps(report: Report): Markup {
  const all = report.inside?.maps ?? [];
  if (all.length === 0) return html``;
  return html`
<section aria-labelledby="maps">
  <h2 id="maps">Where they look</h2>
  <p class="intro">The student learned to look where its teacher does. The student on labels, which nobody told, is there to
    compare. Each map has its own scale, as only its pattern was taught.</p>
  <div class="stack">${all.map((one) => figure(report, one))}</div>
</section>`;
}

function figure(report: Report, { of, samples }: MapsFigure): Markup {
  const named = (label: number) => className(report, label);
  const row = ([who, name, role]: (typeof ROWS)[number]) => html`
        <span class="who ${role}">${name}</span>${samples.map(({ index, label, maps }) => cell(maps[who], `${name}, test image ${index} (${named(label)})`))}`;
  return html`
    <figure class="card">
      <h3>${titleOf(of)}</h3>
      <div class="maps" style="--samples:${String(samples.length)}">
        <span class="who">test image</span>${samples.map((sample) => subject(report, sample, `${named(sample.label)}, test image ${sample.index}`))}${ROWS.map(row)}
      </div>
      <figcaption>${heatLegend('none', 'most in the image')}</figcaption>
    </figure>`;
}

function titleOf(of: MapsFigure['of']): string {
  if (of === 'gradients') return 'How much the loss depends on each pixel';
  const taught =
    of.teacher === undefined ? 'inside the teacher and of' : `of the teacher’s layer ${of.teacher} and`;
  return `Attention ${taught} the student’s layer ${of.student}`;
}

function cell(map: ImageData8, whose: string): Markup {
  return heatMap(map, `Map of the ${whose}, brightest ${brightest(map)}`);
}
