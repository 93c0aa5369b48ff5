import { count, svg } from './dom.ts';
import type { Point } from './saved.ts';

/** A network's test errors by epoch; `role` is the class that colors it. */
export interface Curve {
  title: string;
  role: string;
  points: readonly Point[];
}

/** What a curve or the teachers' line is called, where it ends. */
interface Name {
  title: string;
  role: string;
  errors: number;
  epoch: number;
}

interface Scales {
  width: number;
  /** Whether names have to stand above the curves' ends, as there is no room beside them. */
  narrow: boolean;
  range: { low: number; high: number };
  x(epoch: number): number;
  y(errors: number): number;
}

const HEIGHT = 300;
const LINE_HEIGHT = 16;

/** Test errors over `epochs` epochs, on a logarithmic scale, with the teachers' as a line across. */
export function drawCurves(
  figure: HTMLElement,
  curves: readonly Curve[],
  epochs: number,
  ensemble: number | undefined,
): void {
  const errors = curves.flatMap(({ points }) => points.map((point) => point.errors));
  const scales = makeScales(figure.clientWidth, epochs, ensemble ? [...errors, ensemble] : errors);
  const names: Name[] = curves.flatMap(({ points, ...curve }) =>
    points.slice(-1).map((last) => ({ ...curve, ...last })),
  );
  if (ensemble) names.push({ title: 'teachers', role: 'ensemble', errors: ensemble, epoch: epochs });
  figure.replaceChildren(
    svg(
      'svg',
      { role: 'img', 'aria-label': spoken(names), width: scales.width, height: HEIGHT },
      ...axes(scales, epochs),
      ...(ensemble ? [across(scales, ensemble, epochs)] : []),
      ...curves.flatMap((curve) => line(scales, curve)),
      ...labels(scales, names),
    ),
  );
}

function makeScales(width: number, epochs: number, errors: readonly number[]): Scales {
  const narrow = width < 520;
  const margin = { top: 24, right: narrow ? 14 : 136, bottom: 42, left: 52 };
  const shown = errors.length > 0 ? errors : [100, 10_000];
  // A network without an error would have no place on a logarithmic scale.
  const range = { low: Math.max(1, Math.min(...shown)) / 1.15, high: Math.max(1, ...shown) * 1.15 };
  const along = (width - margin.left - margin.right) / (epochs - 1);
  const down = (HEIGHT - margin.top - margin.bottom) / Math.log(range.high / range.low);
  return {
    width,
    narrow,
    range,
    x: (epoch) => margin.left + (epoch - 1) * along,
    y: (n) => margin.top + Math.log(range.high / Math.max(n, range.low)) * down,
  };
}

function axes({ x, y, range }: Scales, epochs: number): SVGElement[] {
  const [left, right] = [x(1), x(epochs)];
  return [
    ...ticks(range).flatMap((errors) => [
      svg('line', { class: 'grid', x1: left, x2: right, y1: y(errors), y2: y(errors) }),
      svg('text', { x: left - 10, y: y(errors) + 4, 'text-anchor': 'end' }, count(errors)),
    ]),
    ...[1, epochs / 4, epochs / 2, (3 * epochs) / 4, epochs].map((epoch) =>
      svg('text', { x: x(epoch), y: HEIGHT - 20, 'text-anchor': 'middle' }, String(epoch)),
    ),
    svg('text', { x: (left + right) / 2, y: HEIGHT - 2, 'text-anchor': 'middle' }, 'epoch'),
  ];
}

/** 1, 2 and 5 times powers of ten within the range. */
function ticks({ low, high }: Scales['range']): number[] {
  const all = [1, 10, 100, 1000, 10_000].flatMap((power) => [power, 2 * power, 5 * power]);
  return all.filter((errors) => errors >= low && errors <= high);
}

function across({ x, y }: Scales, errors: number, epochs: number): SVGElement {
  return svg('line', { class: 'curve ensemble', x1: x(1), x2: x(epochs), y1: y(errors), y2: y(errors) });
}

function line({ x, y }: Scales, { role, points }: Curve): SVGElement[] {
  const last = points.at(-1);
  if (!last) return [];
  const places = points.map(({ epoch, errors }) => `${x(epoch).toFixed(1)} ${y(errors).toFixed(1)}`);
  return [
    svg('path', { class: `curve ${role}`, d: `M${places.join('L')}` }),
    svg('circle', { class: `end ${role}`, cx: x(last.epoch), cy: y(last.errors), r: 4 }),
  ];
}

/** The names, from the top down, each below the one before where they would overlap. */
function labels({ x, y, narrow }: Scales, names: readonly Name[]): SVGElement[] {
  let free = Number.NEGATIVE_INFINITY;
  return [...names]
    .sort((a, b) => b.errors - a.errors)
    .map(({ title, role, errors, epoch }) => {
      const place = Math.max(free, y(errors) + (narrow ? -10 : 4));
      free = place + LINE_HEIGHT;
      const beside = narrow
        ? { x: x(epoch), 'text-anchor': epoch > 12 ? 'end' : 'start' }
        : { x: x(epoch) + 10 };
      return svg('text', { class: `name ${role}`, y: place, ...beside }, `${title} ${count(errors)}`);
    });
}

function spoken(names: readonly Name[]): string {
  const said = names.map(({ title, errors, epoch }) => `${title}: ${errors} errors after epoch ${epoch}`);
  return `Test errors by epoch. ${said.join('; ') || 'Nothing yet'}.`;
}
