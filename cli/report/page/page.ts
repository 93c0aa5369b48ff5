import { type Content, html, Markup } from './html.ts';
import { STYLE } from './style.ts';

/** The page around its sections. Its security policy enforces its promise: nothing is fetched or executed. */
export function page(title: string, main: Content, footer: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>${main}
</main>
<footer>${footer}</footer>
</body>
</html>
`.text;
}
