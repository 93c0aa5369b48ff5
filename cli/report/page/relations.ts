import { count, measure } from '../../format/numbers.ts';
import type { RelationFigure } from '../inside/inside.ts';
import type { ImageData8, Report } from '../report.ts';
import { heatDataUri, heatLegend } from './heat.ts';
import { html, type Markup } from './html.ts';
import { className, sampleWord } from './words.ts';

/** Of a side of a matrix, in the drawing's own units. */
const SIDE = 300;
/** Of a name beside it, and the width of a letter. */
const MOST_LETTERS = 10;
const LETTER = 8;
/** Of more classes no names are written, as there would be no room for them. */
const MOST_NAMED = 15;

/** Which test samples are alike for teacher and students. */
export function relations(report: Report): Markup {
  const all = report.inside?.relations ?? [];
  if (all.length === 0) return html``;
  const word = sampleWord(report);
  return html`
<section aria-labelledby="relations">
  <h2 id="relations">Which ${word}s are alike</h2>
  <p class="intro">The student learned which ${word}s its teacher finds alike. Rows and columns are the same
    ${count(all[0]!.labels.length)} test ${word}s, sorted by class: a bright square on the diagonal is a class whose ${word}s are
    alike.</p>
  <div class="stack">${all.map((one) => relation(report, one))}</div>
</section>`;
}

function relation(report: Report, { measure: by, labels, matrices, range, apart }: RelationFigure): Markup {
  const [least, most] = range.map((value) => String(Number(value.toFixed(2)))) as [string, string];
  const what = by === 'cosines' ? 'cosine of the angle between two' : 'distance of two, in means of all';
  const legend = by === 'cosines' ? heatLegend(least, most) : heatLegend(most, least);
  const differs = (by: number) => `Differs from the teacher’s by ${measure(by)} on average.`;
  const drawn = (name: string, role: string, image: ImageData8, said: string) => html`
      <figure class="${role}">
        <h3 class="who ${role}">${name}</h3>
        ${matrix(report, labels, image, `Matrix of the ${name}: ${what}. ${said}`)}
        <figcaption>${said}</figcaption>
      </figure>`;
  return html`
    <div class="card">
      <div class="matrices">
        ${drawn('teacher', 'ensemble', matrices.teacher, 'What was to be learned.')}
        ${drawn('distilled student', 'distilled', matrices.distilled, differs(apart.distilled))}
        ${drawn('student on labels', 'hard', matrices.hard, differs(apart.hard))}
      </div>
      <p class="note">${what[0]!.toUpperCase()}${what.slice(1)}: ${legend}</p>
    </div>`;
}

/** A matrix with the names of the classes beside its rows. */
function matrix(report: Report, labels: readonly number[], image: ImageData8, alt: string): Markup {
  const groups = groupsOf(labels);
  const named = groups.length <= MOST_NAMED;
  const names = groups.map(({ label }) => shortened(className(report, label)));
  const room = named ? Math.max(...names.map((name) => name.length)) * LETTER + 8 : 0;
  const at = (row: number) => ((SIDE * row) / labels.length).toFixed(1);
  const name = ({ from, to }: Group, i: number) =>
    html`<text x="${String(room - 6)}" y="${at((from + to) / 2)}" text-anchor="end" dominant-baseline="central">${names[i]!}</text>`;
  const line = ({ from }: Group) =>
    html`<path d="M${String(room)} ${at(from)}h${String(SIDE)}M${(room + Number(at(from))).toFixed(1)} 0v${String(SIDE)}"/>`;
  return html`<svg class="matrix" viewBox="0 0 ${String(room + SIDE)} ${String(SIDE)}" role="img" aria-label="${alt}">
          <image href="${heatDataUri(image)}" x="${String(room)}" y="0" width="${String(SIDE)}" height="${String(SIDE)}" preserveAspectRatio="none"/>
          ${named ? groups.map(name) : ''}${groups.slice(1).map(line)}
        </svg>`;
}

interface Group {
  label: number;
  from: number;
  to: number;
}

/** Runs of one class. */
function groupsOf(labels: readonly number[]): Group[] {
  const begins = [...labels.keys()].filter((i) => i === 0 || labels[i] !== labels[i - 1]);
  return begins.map((from, i) => ({ label: labels[from]!, from, to: begins[i + 1] ?? labels.length }));
}

function shortened(name: string): string {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
}
