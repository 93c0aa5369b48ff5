import { count, svg } from './dom.ts';

/** Numbers of a network by epoch; `role` is the class that colors it. */
export interface Curve {
  title: string;
  role: string;
  points: readonly { epoch: number; value: number }[];
}

export interface Chart {
  /** What is drawn, for screen readers: "Test errors". */
  of: string;
  /** " errors": what a number that is said is of. */
  unit: string;
  curves: readonly Curve[];
  epochs: number;
  /** A line across. */
  level?: { title: string; role: string; value: number } | undefined;
  /** What the scale covers while there is nothing. */
  empty: readonly [number, number];
  height: number;
}

/** What a curve or the line across is called, where it ends. */
interface Name {
  title: string;
  role: string;
  value: number;
  epoch: number;
}

interface Scales {
  width: number;
  height: number;
  /** Whether names have to stand above the curves' ends, as there is no room beside them. */
  narrow: boolean;
  range: { low: number; high: number };
  x(epoch: number): number;
  y(value: number): number;
}

const LINE_HEIGHT = 16;

/** Curves over epochs, on a logarithmic scale. */
export function drawCurves(figure: HTMLElement, chart: Chart): void {
  const { curves, epochs, level, height } = chart;
  const scales = makeScales(figure.clientWidth, chart);
  const names: Name[] = curves.flatMap(({ points, ...curve }) =>
    points.slice(-1).map((last) => ({ ...curve, ...last })),
  );
  if (level) names.push({ ...level, epoch: epochs });
  figure.replaceChildren(
    svg(
      'svg',
      { role: 'img', 'aria-label': spoken(chart, names), width: scales.width, height },
      ...axes(scales, epochs),
      ...(level ? [across(scales, level, epochs)] : []),
      ...curves.flatMap((curve) => line(scales, curve)),
      ...labels(scales, names, epochs),
    ),
  );
}

function makeScales(width: number, { curves, epochs, level, empty, height }: Chart): Scales {
  const narrow = width < 520;
  const margin = { top: 24, right: narrow ? 14 : 136, bottom: 42, left: 52 };
  const values = curves.flatMap(({ points }) => points.map(({ value }) => value));
  if (level) values.push(level.value);
  const shown = values.length > 0 ? values : empty;
  // A network without an error would have no place on a logarithmic scale.
  const range = { low: Math.max(1, Math.min(...shown)) / 1.15, high: Math.max(1, ...shown) * 1.15 };
  const along = (width - margin.left - margin.right) / (epochs - 1);
  const down = (height - margin.top - margin.bottom) / Math.log(range.high / range.low);
  return {
    ...{ width, height, narrow, range },
    x: (epoch) => margin.left + (epoch - 1) * along,
    y: (n) => margin.top + Math.log(range.high / Math.max(n, range.low)) * down,
  };
}

function axes({ x, y, range, height }: Scales, epochs: number): SVGElement[] {
  const [left, right] = [x(1), x(epochs)];
  return [
    ...ticks(range).flatMap((value) => [
      svg('line', { class: 'grid', x1: left, x2: right, y1: y(value), y2: y(value) }),
      svg('text', { x: left - 10, y: y(value) + 4, 'text-anchor': 'end' }, count(value)),
    ]),
    ...[1, epochs / 4, epochs / 2, (3 * epochs) / 4, epochs].map((epoch) =>
      svg('text', { x: x(epoch), y: height - 20, 'text-anchor': 'middle' }, String(epoch)),
    ),
    svg('text', { x: (left + right) / 2, y: height - 2, 'text-anchor': 'middle' }, 'epoch'),
  ];
}

/** 1, 2 and 5 times powers of ten within the range. */
function ticks({ low, high }: Scales['range']): number[] {
  const all = [1, 10, 100, 1000, 10_000].flatMap((power) => [power, 2 * power, 5 * power]);
  return all.filter((value) => value >= low && value <= high);
}

function across({ x, y }: Scales, { role, value }: Omit<Name, 'epoch'>, epochs: number): SVGElement {
  return svg('line', { class: `curve ${role}`, x1: x(1), x2: x(epochs), y1: y(value), y2: y(value) });
}

function line({ x, y }: Scales, { role, points }: Curve): SVGElement[] {
  const last = points.at(-1);
  if (!last) return [];
  const places = points.map(({ epoch, value }) => `${x(epoch).toFixed(1)} ${y(value).toFixed(1)}`);
  return [
    svg('path', { class: `curve ${role}`, d: `M${places.join('L')}` }),
    svg('circle', { class: `end ${role}`, cx: x(last.epoch), cy: y(last.value), r: 4 }),
  ];
}

/** The names, from the top down, each below the one before where they would overlap. */
function labels({ x, y, narrow }: Scales, names: readonly Name[], epochs: number): SVGElement[] {
  let free = Number.NEGATIVE_INFINITY;
  return [...names]
    .sort((a, b) => b.value - a.value)
    .map(({ title, role, value, epoch }) => {
      const place = Math.max(free, y(value) + (narrow ? -10 : 4));
      free = place + LINE_HEIGHT;
      const beside = narrow
        ? { x: x(epoch), 'text-anchor': epoch > epochs / 2 ? 'end' : 'start' }
        : { x: x(epoch) + 10 };
      return svg('text', { class: `name ${role}`, y: place, ...beside }, `${title} ${count(value)}`);
    });
}

function spoken({ of, unit }: Chart, names: readonly Name[]): string {
  const said = names.map(({ title, value, epoch }) => `${title}: ${value}${unit} after epoch ${epoch}`);
  return `${of} by epoch. ${said.join('; ') || 'Nothing yet'}.`;
}
