import { count, svg } from './dom.ts';
import type { Point } from './saved.ts';

/** A curve of test errors by epoch; `role` is the class that colours it. */
export interface Curve {
  title: string;
  role: string;
  points: readonly Point[];
  epochs: number;
}

const HEIGHT = 300;
const MARGIN = { top: 14, right: 120, bottom: 42, left: 52 };
const NARROW_MARGIN = { ...MARGIN, right: 14 };

/** Test errors by epoch, on a logarithmic scale, with the teachers' as a line across. */
export function drawCurves(
  figure: HTMLElement,
  curves: readonly Curve[],
  ensemble: number | undefined,
): void {
  const width = figure.clientWidth;
  const narrow = width < 520;
  const margin = narrow ? NARROW_MARGIN : MARGIN;
  const values = [...curves.flatMap(({ points }) => points.map(({ errors }) => errors)), ensemble ?? 0];
  const shown = values.filter((errors) => errors > 0);
  const [low, high] = shown.length > 0 ? [Math.min(...shown), Math.max(...shown)] : [100, 10_000];
  const range = { low: low / 1.15, high: high * 1.15 };
  const epochs = Math.max(...curves.map((curve) => curve.epochs));
  const x = (epoch: number) =>
    margin.left + ((epoch - 1) / Math.max(1, epochs - 1)) * (width - margin.left - margin.right);
  const y = (errors: number) =>
    margin.top +
    (Math.log(range.high / Math.max(errors, range.low)) / Math.log(range.high / range.low)) *
      (HEIGHT - margin.top - margin.bottom);

  const lines = ticks(range).flatMap((errors) => [
    svg('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: y(errors), y2: y(errors) }),
    svg('text', { x: margin.left - 10, y: y(errors) + 4, 'text-anchor': 'end' }, count(errors)),
  ]);
  const marks = [1, ...[0.25, 0.5, 0.75, 1].map((share) => Math.round(share * epochs))].map((epoch) =>
    svg('text', { x: x(epoch), y: HEIGHT - 20, 'text-anchor': 'middle' }, String(epoch)),
  );
  const axis = svg('text', { x: (x(1) + x(epochs)) / 2, y: HEIGHT - 2, 'text-anchor': 'middle' }, 'epoch');
  const across = ensemble
    ? [
        svg('line', { class: 'curve ensemble', x1: x(1), x2: x(epochs), y1: y(ensemble), y2: y(ensemble) }),
        label('teachers', 'ensemble', ensemble, x(epochs), y(ensemble), narrow),
      ]
    : [];
  const paths = curves.flatMap(({ title, role, points }) => {
    const last = points.at(-1);
    if (!last) return [];
    const d = points
      .map(({ epoch, errors }, i) => `${i ? 'L' : 'M'}${x(epoch).toFixed(1)} ${y(errors).toFixed(1)}`)
      .join('');
    return [
      svg('path', { class: `curve ${role}`, d }),
      svg('circle', { class: `end ${role}`, cx: x(last.epoch), cy: y(last.errors), r: 4 }),
      label(title, role, last.errors, x(last.epoch), y(last.errors), narrow),
    ];
  });
  figure.replaceChildren(
    svg(
      'svg',
      { role: 'img', 'aria-label': spoken(curves, ensemble), width, height: HEIGHT },
      ...lines,
      ...marks,
      axis,
      ...across,
      ...paths,
    ),
  );
}

/** 1, 2 and 5 times powers of ten within the range. */
function ticks({ low, high }: { low: number; high: number }): number[] {
  const all = [1, 10, 100, 1000, 10_000].flatMap((power) => [power, 2 * power, 5 * power]);
  return all.filter((errors) => errors >= low && errors <= high);
}

/** Beside the curve's end; above it where there is no room beside. */
function label(
  title: string,
  role: string,
  errors: number,
  x: number,
  y: number,
  narrow: boolean,
): SVGElement {
  const text = narrow ? count(errors) : `${title} ${count(errors)}`;
  const place = narrow
    ? { x, y: y - 10, 'text-anchor': 'end' }
    : { x: x + 10, y: y + 4, 'text-anchor': 'start' };
  return svg('text', { class: `name ${role}`, ...place }, text);
}

function spoken(curves: readonly Curve[], ensemble: number | undefined): string {
  const said = curves.map(({ title, points }) => {
    const last = points.at(-1);
    return last ? `${title}: ${last.errors} errors after epoch ${last.epoch}` : `${title}: not begun`;
  });
  if (ensemble) said.push(`teachers together: ${ensemble} errors`);
  return `Test errors by epoch. ${said.join('; ')}.`;
}
