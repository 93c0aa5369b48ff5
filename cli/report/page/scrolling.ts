import { type Content, html, type Markup } from './html.ts';

/** A card whose table may be wider than a phone: it scrolls by itself, by the keyboard too. */
export function scrolling(label: string, content: Content): Markup {
  return html`<div class="card scrolls" role="region" tabindex="0" aria-label="${label}">${content}</div>`;
}
