import type { TopLevelSpec } from 'vega-lite';
import { draw } from '../cli/report/page/plots.ts';
import { COLORS } from '../cli/report/page/style.ts';
import type { Plot } from './experiment.ts';
import type { Result } from './result.ts';

const LINES = ['var(--distilled)', 'var(--hard)', 'var(--ensemble)', 'var(--teacher)'];
const TIGHT = { nice: false, padding: 12 } as const;
/** Its round ends would be powers of ten, and most of it empty. */
const LOG = { type: 'log', ...TIGHT } as const;
const LINEAR = { type: 'linear', zero: false } as const;

/** The rows as lines, with a bar of one deviation each way: an SVG file that is light or dark like the page around it. */
export async function plotSvg(result: Result, plot: Plot): Promise<string> {
  const { text } = await draw(specification(result, plot));
  return text.replace(/(<svg[^>]*>)/, `$1<style>${COLORS}svg { font-family: system-ui, sans-serif }</style>`);
}

function specification({ rows, config }: Result, { x: xTitle, y: yTitle, log = false }: Plot): TopLevelSpec {
  const points = rows.flatMap(({ at, ours, deviation }) =>
    at ? [{ ...at, ours, low: ours - deviation, high: ours + deviation }] : [],
  );
  const lines = [...new Set(points.map(({ line }) => line))];
  const ticks = [...new Set(points.map((point) => point.x))];
  const x = {
    field: 'x',
    type: 'quantitative',
    title: xTitle,
    scale: log ? LOG : { ...LINEAR, ...TIGHT },
    axis: { grid: false, values: ticks, labelOverlap: true },
  } as const;
  const y = {
    type: 'quantitative',
    title: `${yTitle} of ${config.testImages}`,
    scale: far(points) ? LOG : { ...LINEAR, nice: true },
  } as const;
  const color = {
    field: 'line',
    type: 'nominal',
    scale: { domain: lines, range: LINES },
    legend: { title: null, labelColor: 'var(--muted)', orient: 'top', symbolType: 'stroke', labelLimit: 300 },
  } as const;
  return {
    width: 620,
    height: 340,
    padding: 12,
    data: { values: points },
    layer: [
      { mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y: { ...y, field: 'ours' }, color } },
      { mark: { type: 'circle', size: 36, opacity: 1 }, encoding: { x, y: { ...y, field: 'ours' }, color } },
      {
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.6 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
    ],
  };
}

/** Whether one scale would flatten the lower lines. */
function far(points: readonly { low: number; high: number }[]): boolean {
  const least = Math.min(...points.map(({ low }) => low));
  return least > 0 && Math.max(...points.map(({ high }) => high)) > 3 * least;
}
