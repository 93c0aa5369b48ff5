import type { TopLevelSpec } from 'vega-lite';
import { count } from '../../format/numbers.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { draw, plot } from './plots.ts';
import { className } from './words.ts';

type Confusion = Report['confusion'][number];

type NameOf = (label: number) => string;

interface Mistake {
  truth: number;
  predicted: number;
  images: number;
}

/** Of more classes cells would be too many to look at: the sentence below has the most frequent. */
const MOST_DRAWN = 40;
/** Of a name along an axis, and the width of a letter. */
const MOST_LETTERS = 12;
const LETTER = 6.5;

const STEP = 31;
const MARGIN = { left: 34, right: 4, top: 38, bottom: 4 };

/** Which classes are taken for which: heat maps of the mistakes, all on one scale. */
export async function confusion(report: Report): Promise<Markup> {
  const most = Math.max(0, ...report.confusion.flatMap(mistakes).map(({ images }) => images));
  const figures: Markup[] = [];
  for (const each of report.confusion)
    figures.push(await figure(each, most, (label) => className(report, label)));
  const body =
    figures.length > 0
      ? html`<p class="intro">Rows are the true classes, columns the predicted ones. Color shows mistakes only, on one
    scale for all; the right answers on the diagonal are in gray.</p>
  <div class="confusions">${figures}</div>`
      : html`<p class="card none">No confusion matrix was recorded in this run.</p>`;
  return html`
<section aria-labelledby="confusion">
  <h2 id="confusion">Confusions</h2>
  ${body}
</section>`;
}

async function figure(confusion: Confusion, most: number, nameOf: NameOf): Promise<Markup> {
  const { name, matrix } = confusion;
  const worst = mistakes(confusion).sort(
    (a, b) => b.images - a.images || a.truth - b.truth || a.predicted - b.predicted,
  );
  const wrong = worst.reduce((sum, { images }) => sum + images, 0);
  const listed = worst
    .slice(0, 3)
    .map(({ truth, predicted, images }) => `${nameOf(truth)} → ${nameOf(predicted)} (${count(images)})`);
  const frequent = listed.length > 0 ? `Most often: ${listed.join(', ')}.` : 'No mistakes.';
  const label = `Confusion matrix of ${name}: ${count(wrong)} mistakes. ${frequent}`;
  const map = matrix.length > MOST_DRAWN ? '' : plot(label, await draw(heatMap(matrix, most, nameOf)));
  return html`
    <figure class="card">
      <h3>${name} <small>${count(wrong)} wrong</small></h3>
      ${map}
      <figcaption>${frequent}</figcaption>
    </figure>`;
}

function shortened(name: string): string {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
}

function mistakes({ matrix }: Confusion): Mistake[] {
  return matrix.flatMap((row, truth) =>
    row.flatMap((images, predicted) =>
      images > 0 && truth !== predicted ? [{ truth, predicted, images }] : [],
    ),
  );
}

function heatMap(matrix: number[][], most: number, nameOf: NameOf): TopLevelSpec {
  const names = matrix.map((_, label) => shortened(nameOf(label)));
  const longest = Math.max(...names.map((name) => name.length));
  const labelExpr = `${JSON.stringify(names)}[datum.value]`;
  const room = longest > 2 ? Math.ceil(LETTER * longest) : 0;
  const cells = matrix.flatMap((row, truth) =>
    row.map((images, predicted) => cell(truth, predicted, images, most)),
  );
  const axis = { orient: 'top', labelAngle: longest > 2 ? -90 : 0, titlePadding: 2, labelExpr } as const;
  return {
    data: { values: cells },
    width: { step: STEP },
    height: { step: STEP },
    padding: { ...MARGIN, left: MARGIN.left + room, top: MARGIN.top + room },
    autosize: 'none',
    encoding: {
      x: { field: 'predicted', type: 'ordinal', title: 'predicted', axis, scale: { padding: 0.06 } },
      y: {
        field: 'truth',
        type: 'ordinal',
        title: 'true',
        axis: { titlePadding: 2, labelExpr },
        scale: { padding: 0.06 },
      },
    },
    layer: [
      {
        mark: { type: 'rect', cornerRadius: 3 },
        encoding: {
          color: { field: 'color', type: 'nominal', scale: null },
          fillOpacity: { field: 'opacity', type: 'quantitative', scale: null },
        },
      },
      {
        mark: 'text',
        encoding: {
          size: { field: 'size', type: 'quantitative', scale: null },
          text: { field: 'text', type: 'nominal' },
          color: { field: 'ink', type: 'nominal', scale: null },
        },
      },
    ],
  };
}

/**
 * Color strength grows with the square root of the number of mistakes: most cells hold a few, and even one is worth
 * seeing.
 */
function cell(truth: number, predicted: number, images: number, most: number) {
  const plain = {
    truth,
    predicted,
    text: '',
    size: 12,
    color: 'var(--line)',
    opacity: 0.25,
    ink: 'var(--muted)',
  };
  if (truth === predicted) return { ...plain, text: count(images), size: 10, opacity: 0.6 };
  if (images === 0) return plain;
  const opacity = 0.1 + 0.9 * Math.sqrt(images / most);
  // Where black and white are equally legible on the color, in the light and in the dark style alike.
  const ink = opacity > 0.82 ? 'var(--on-strong)' : 'var(--on-weak)';
  return { ...plain, text: count(images), color: 'var(--mistake)', opacity, ink };
}
