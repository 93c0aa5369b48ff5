import { counted, measure } from '../../format/numbers.ts';
import type { StageCurve } from '../inside/inside.ts';
import type { Report } from '../report.ts';
import { lossFigure } from './curves.ts';
import { html, type Markup } from './html.ts';

/** What the stages before the last one learned, epoch by epoch. */
export async function stages({ inside }: Report): Promise<Markup> {
  const all = inside?.stages ?? [];
  if (all.length === 0) return html``;
  const figures: Markup[] = [];
  for (const [i, stage] of all.entries()) figures.push(await figure(stage, i + 1, all.length));
  return html`
<section aria-labelledby="stages">
  <h2 id="stages">${all.length === 1 ? 'The first stage' : 'The stages before'}</h2>
  <p class="intro">Before the distilled student learned to tell classes, its lower layers learned what its teacher’s
    answer. The last stage, among the learning curves, began with these weights.</p>
  <div class="stack">${figures}</div>
</section>`;
}

async function figure({ objectives, points }: StageCurve, stage: number, stages: number): Promise<Markup> {
  const what = titleOf(objectives);
  const [first, last] = [points[0], points.at(-1)];
  const change =
    first && last && first !== last
      ? `From ${measure(first.loss)} after epoch ${first.epoch} to ${measure(last.loss)} after ${counted(last.epoch, 'epoch')}.`
      : '';
  const of = stages > 1 ? html` <small>stage ${String(stage)}</small>` : html``;
  return html`
    <figure class="card">
      <h3>${what} by epoch${of}</h3>
      ${await lossFigure(points, `Line plot: ${what} by epoch. ${change}`)}
      <figcaption>${change}</figcaption>
    </figure>`;
}

/** "Hints’ error" */
function titleOf(objectives: readonly string[]): string {
  if (objectives.length !== 1) return `Error of ${objectives.join(' and ')}`;
  return { fitnets: 'Hints’ error', fsp: 'FSP’s error' }[objectives[0]!] ?? `Error of ${objectives[0]}`;
}
