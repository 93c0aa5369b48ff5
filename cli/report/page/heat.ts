import type { ImageData8 } from '../report.ts';
import { html, type Markup } from './html.ts';
import { bmpDataUri } from './images.ts';

/**
 * Five colors of Cividis (Nuñez, Anderton & Renslow, PLOS ONE 2018), evenly apart: their lightness only grows, so that
 * they print in gray, and people who see no red or green see the same map.
 */
const STOPS = [
  [0, 32, 77],
  [66, 77, 108],
  [124, 123, 120],
  [187, 174, 108],
  [255, 234, 70],
] as const;

/** The color of 0 to 255, as [red, green, blue]. */
function heat(value: number): [number, number, number] {
  const at = (value / 255) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(at));
  const between = (i: 0 | 1 | 2) =>
    Math.round(STOPS[low]![i] + (at - low) * (STOPS[low + 1]![i] - STOPS[low]![i]));
  return [between(0), between(1), between(2)];
}

/** Bytes as colors: dark for 0, bright for 255. */
export function heatDataUri(image: ImageData8): string {
  return bmpDataUri(image, heat);
}

export function heatMap(image: ImageData8, alt: string): Markup {
  return html`<img class="heat" src="${heatDataUri(image)}" width="${String(image.width)}" height="${String(image.height)}" alt="${alt}">`;
}

/** What the darkest and the brightest color stand for. */
export function heatLegend(dark: string, bright: string): Markup {
  const base64 = Buffer.from(Array.from({ length: 64 }, (_, i) => Math.round((255 * i) / 63))).toString(
    'base64',
  );
  const scale = heatDataUri({ height: 1, width: 64, base64 });
  return html`<span class="heat-legend">${dark} <img src="${scale}" width="64" height="1" alt="from dark to bright"> ${bright}</span>`;
}

/** Where a map is brightest: "at the top left". */
export function brightest({ height, width, base64 }: ImageData8): string {
  const bytes = Buffer.from(base64, 'base64');
  const at = bytes.indexOf(Math.max(...bytes));
  const third = (place: number, size: number) => Math.min(2, Math.floor((3 * (place + 0.5)) / size));
  const row = third(Math.floor(at / width), height);
  const column = third(at % width, width);
  if (row === 1 && column === 1) return 'in the middle';
  const words = [['top', '', 'bottom'][row], ['left', '', 'right'][column]].filter((word) => word);
  return `at the ${words.join(' ')}`;
}
