import type { TopLevelSpec } from 'vega-lite';
import { count, counted } from '../../format/numbers.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './html.ts';
import { draw, plot, wideAndNarrow } from './plots.ts';

type Role = 'teacher' | 'hard' | 'distilled';

interface Point {
  name: string;
  role: Role;
  epoch: number;
  value: number;
}

interface Plot {
  points: Point[];
  format: string;
  /** A value to compare the curves with. */
  reference?: number;
}

interface Size {
  width: number;
  height: number;
}

/** From the most muted to the most prominent: the order in which they are drawn on top of each other. */
const STYLES: Record<Role, { color: string; strokeWidth: number; strokeDash?: number[]; opacity: number }> = {
  teacher: { color: 'var(--teacher)', strokeWidth: 1, opacity: 0.55 },
  hard: { color: 'var(--hard)', strokeWidth: 2, strokeDash: [7, 3], opacity: 1 },
  distilled: { color: 'var(--distilled)', strokeWidth: 2.5, opacity: 1 },
};
const ROLES = Object.keys(STYLES) as Role[];
const MARGIN = { left: 52, right: 14, top: 10, bottom: 44 };
const NARROW: Size = { width: 330, height: 260 };

/** Test errors, or validation errors where there are any, and training loss of every model, epoch by epoch. */
export async function curves(report: Report): Promise<Markup> {
  const body = report.curves.some(({ points }) => points.length > 0)
    ? await figures(report)
    : html`<p class="card none">No learning curve was recorded in this run.</p>`;
  return html`
<section aria-labelledby="curves">
  <h2 id="curves">Learning curves</h2>
  ${body}
</section>`;
}

async function figures(report: Report): Promise<Markup> {
  const validated = report.validationSize !== undefined;
  const errors: Plot = {
    points: pointsOf(report, validated ? 'validationErrors' : 'testErrors'),
    format: ',d',
    // Counted on the test data, to which validation errors don't compare.
    ...(!validated && report.ensemble && { reference: report.ensemble.testErrors }),
  };
  const loss: Plot = { points: pointsOf(report, 'loss'), format: ',~g' };
  return html`
  <div class="card">
    ${legend(report)}
    <div class="curves">
      <figure>
        <h3>${validated ? 'Validation' : 'Test'} errors by epoch${logNote(errors)}</h3>
        ${await figure(errors, { width: 660, height: 340 }, errorsLabel(report))}
      </figure>
      <figure>
        <h3>Training loss by epoch${logNote(loss)}</h3>
        ${await figure(loss, { width: 400, height: 340 }, 'Line plot of the training loss of every model by epoch.')}
      </figure>
    </div>
    <p class="note">Each model’s loss is measured against its own targets, so only the shapes of the loss curves compare
      between the two students, not their levels.</p>
  </div>`;
}

/** The loss of a single training by epoch. */
export function lossFigure(
  losses: readonly { epoch: number; loss: number }[],
  label: string,
): Promise<Markup> {
  const points = losses
    .filter(({ loss }) => Number.isFinite(loss))
    .map(({ epoch, loss }): Point => ({ name: label, role: 'distilled', epoch, value: loss }));
  return figure({ points, format: ',~g' }, { width: 660, height: 280 }, label);
}

async function figure(data: Plot, size: Size, label: string): Promise<Markup> {
  if (data.points.length === 0)
    return html`<p class="none">Nothing to draw: no finite value was recorded.</p>`;
  return plot(label, wideAndNarrow(await draw(lines(data, size)), await draw(lines(data, NARROW))));
}

function pointsOf({ curves, student }: Report, key: 'testErrors' | 'validationErrors' | 'loss'): Point[] {
  const roleOf = (name: string): Role => {
    if (name === student.distilled.name) return 'distilled';
    return name === student.hard.name ? 'hard' : 'teacher';
  };
  return curves
    .flatMap(({ name, points }) =>
      points.map((point) => ({
        ...{ name, role: roleOf(name), epoch: point.epoch },
        value: point[key] ?? Number.NaN,
      })),
    )
    .filter(({ value }) => Number.isFinite(value));
}

function lines({ points, format, reference }: Plot, size: Size): TopLevelSpec {
  const y = {
    field: 'value',
    type: 'quantitative',
    title: null,
    ...vertical(valuesOf({ points, reference }), format),
  } as const;
  const x = {
    field: 'epoch',
    type: 'quantitative',
    title: 'epoch',
    scale: { zero: false, nice: false, padding: 8 },
    axis: { grid: false, format: ',d', values: epochTicks(points, size.width / 70) },
  } as const;
  const rule = {
    data: { values: reference === undefined ? [] : [{ value: reference }] },
    mark: { type: 'rule' as const, color: 'var(--ensemble)', strokeWidth: 1.5, strokeDash: [2, 3] },
    encoding: { y },
  };
  const linesOf = (role: Role) => ({
    data: { values: points.filter((point) => point.role === role) },
    mark: { type: 'line' as const, ...STYLES[role] },
    encoding: { x, y, detail: { field: 'name', type: 'nominal' as const } },
  });
  // A dot where each curve ends, which is all that shows for a single epoch.
  const endsOf = (role: Role) => ({
    data: { values: lastOfEach(points.filter((point) => point.role === role)) },
    mark: {
      type: 'circle' as const,
      size: role === 'teacher' ? 14 : 44,
      opacity: 1,
      color: STYLES[role].color,
    },
    encoding: { x, y },
  });
  return {
    width: size.width - MARGIN.left - MARGIN.right,
    height: size.height - MARGIN.top - MARGIN.bottom,
    padding: MARGIN,
    autosize: 'none',
    layer: [rule, ...ROLES.flatMap((role) => [linesOf(role), endsOf(role)])],
  };
}

function vertical(values: number[], format: string) {
  if (isLog(values)) {
    const scale = { type: 'log', domain: logDomain(values), nice: false } as const;
    return { scale, axis: { format, values: logTicks(values) } };
  }
  return { scale: { zero: false, padding: 8 }, axis: { format, tickCount: 5 } };
}

function lastOfEach(points: Point[]): Point[] {
  return [...new Map(points.map((point) => [point.name, point])).values()];
}

function valuesOf({
  points,
  reference,
}: Pick<Plot, 'points'> & { reference?: number | undefined }): number[] {
  const values = points.map(({ value }) => value);
  return reference === undefined ? values : [...values, reference];
}

/** A logarithmic axis if all values are positive and the largest would flatten the rest. */
function isLog(values: number[]): boolean {
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) > 8 * least;
}

function logDomain(values: number[]): [number, number] {
  return [Math.min(...values) / 1.08, Math.max(...values) * 1.08];
}

/** 1, 2, 5, 10, …: those in the domain, or only the powers of ten if these are many. */
function logTicks(values: number[]): number[] {
  const [least, most] = logDomain(values);
  const decades = Array.from(
    { length: Math.ceil(Math.log10(most)) - Math.floor(Math.log10(least)) + 1 },
    (_, i) => Math.floor(Math.log10(least)) + i,
  );
  const ticks = (leading: number[]) =>
    decades
      .flatMap((decade) => leading.map((digit) => Number(`${digit}e${decade}`)))
      .filter((tick) => tick >= least && tick <= most);
  const fine = ticks([1, 2, 5]);
  return fine.length > 8 ? ticks([1]) : fine;
}

/** Whole epochs in steps of 1, 2, 5, 10, …, so that about `most` of them fit. */
function epochTicks(points: Point[], most: number): number[] {
  const epochs = points.map(({ epoch }) => epoch);
  const first = Math.min(...epochs);
  const last = Math.max(...epochs);
  let step = 1;
  for (let i = 0; (last - first) / step > most; i++) step *= i % 3 === 1 ? 2.5 : 2;
  const from = Math.ceil(first / step) * step;
  return Array.from({ length: Math.floor((last - from) / step) + 1 }, (_, i) => from + i * step);
}

function logNote({ points, reference }: Plot): Markup {
  return isLog(valuesOf({ points, reference })) ? html` <small>log scale</small>` : html``;
}

function errorsLabel({ student, ensemble, validationSize }: Report): string {
  const what =
    validationSize === undefined ? 'test errors' : `errors on ${count(validationSize)} validation samples`;
  return (
    `Line plot of the ${what} of every model by epoch. At the end, on the test data: ` +
    `distilled student ${count(student.distilled.testErrors)}, student on hard labels ${count(student.hard.testErrors)}` +
    `${ensemble ? `, ensemble ${count(ensemble.testErrors)}` : ''}.`
  );
}

function legend({ teachers, ensemble, validationSize }: Report): Markup {
  const entry = (role: string, text: string) =>
    html`<li class="${role}"><span class="stroke"></span>${text}</li>`;
  return html`<ul class="legend" aria-label="Legend">
      ${entry('distilled', 'distilled student')}${entry('hard', 'student on hard labels')}
      ${teachers.length > 0 ? entry('teacher', counted(teachers.length, 'teacher')) : ''}${ensemble && validationSize === undefined ? entry('ensemble', 'ensemble, final') : ''}
    </ul>`;
}
