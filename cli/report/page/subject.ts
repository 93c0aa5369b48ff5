import type { Report, ShownSample } from '../report.ts';
import { html, type Markup } from './html.ts';
import { bmpDataUri } from './images.ts';

/** A picture, or the numbers of a row. */
export function subject({ data }: Report, { image, row = [] }: ShownSample, alt: string): Markup {
  if (image)
    return html`<img src="${bmpDataUri(image)}" width="${String(image.width)}" height="${String(image.height)}" alt="${alt}">`;
  const rest = data && data.shape[0]! > row.length ? '…' : '';
  const numbers = row.map((n, i) => {
    const text = i + 1 < row.length ? `${n},` : String(n);
    return html`<span title="${data?.inputs?.[i] ?? ''}">${text}</span> `;
  });
  return html`<small class="row" title="${alt}">${numbers}${rest}</small>`;
}
