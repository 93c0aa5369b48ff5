import { heat } from '../heat-color.ts';
import type { ImageData8 } from '../report.ts';
import { html, type Markup } from './html.ts';
import { bmpDataUri } from './images.ts';

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
