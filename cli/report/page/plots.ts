import { parse, View } from 'vega';
import { type Config, compile, type TopLevelSpec } from 'vega-lite';
import { html, Markup } from './html.ts';

/**
 * Colors are the page's CSS variables, which SVG attributes can reference too, so one plot serves the light and the
 * dark page. Fonts come from the page too.
 */
const THEME: Config = {
  background: 'transparent',
  font: 'inherit',
  aria: false,
  view: { stroke: null },
  axis: {
    domain: false,
    ticks: false,
    gridColor: 'var(--line)',
    labelColor: 'var(--muted)',
    labelFontSize: 12,
    labelPadding: 6,
    titleColor: 'var(--muted)',
    titleFontSize: 12,
    titleFontWeight: 'normal',
  },
};

/** Draws a Vega-Lite specification to SVG. */
export async function draw(spec: TopLevelSpec): Promise<Markup> {
  const view = new View(parse(compile(spec, { config: THEME }).spec), { renderer: 'none' });
  try {
    return new Markup(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** One or more drawings of the same thing, as a single image to screen readers. */
export function plot(label: string, drawings: Markup): Markup {
  return html`<div class="plot" role="img" aria-label="${label}"><div aria-hidden="true">${drawings}</div></div>`;
}

/** The page shows `wide` or, on a phone, `narrow`: text in a scaled-down plot would be too small to read. */
export function wideAndNarrow(wide: Markup, narrow: Markup): Markup {
  return html`<div class="wide">${wide}</div><div class="narrow">${narrow}</div>`;
}
