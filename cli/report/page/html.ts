/** A piece of finished HTML. Everything else gets escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/** No numbers: each goes through `numbers.ts` first, so that all are formatted alike. */
export type Content = string | Markup | readonly Content[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A tagged template in which every interpolated string is escaped, in text and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(strings.reduce((before, string, i) => before + render(values[i - 1]!) + string));
}

function render(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return content.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
  return content.map(render).join('');
}
