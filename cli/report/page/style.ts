/** The colors of roles and paper, in the light and in the dark. */
export const COLORS = `
:root {
  color-scheme: light dark; --inset: 20px;
  --page: #f6f6f3; --card: #ffffff; --ink: #1c2127; --muted: #5a636e; --line: #dfe1e5;
  --distilled: #3551cf; --hard: #b4530a; --ensemble: #0b7a6f; --teacher: #78818d;
  --mistake: #c01f4a; --on-strong: #ffffff; --on-weak: #000000; --tint: #eef1fd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151a; --card: #1a1f26; --ink: #e7eaee; --muted: #a0a9b5; --line: #323943;
    --distilled: #93a7ff; --hard: #f2a154; --ensemble: #4fcfbf; --teacher: #8c95a2;
    --mistake: #f0527a; --on-strong: #000000; --on-weak: #ffffff; --tint: #20263a;
  }
}
`;

/**
 * The page's style sheet. A role (distilled, hard, ensemble, teacher) is a class that sets `--role`, and so has the same
 * color in tiles, table, legend and plots.
 */
export const STYLE = `${COLORS}.distilled { --role: var(--distilled) }
.hard { --role: var(--hard) }
.ensemble { --role: var(--ensemble) }
.teacher { --role: var(--teacher) }

* { box-sizing: border-box }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
main, footer { max-width: 1160px; margin: 0 auto; padding: 0 20px }
h1, h2, h3, p, figure, ul { margin: 0; padding: 0 }
ul { list-style: none }
small { font-size: 0.8125rem; font-weight: 400; color: var(--muted) }
section { margin-top: 64px }
h1 { font-size: clamp(1.5rem, 1.1rem + 1.6vw, 2.25rem); line-height: 1.22; letter-spacing: -0.018em; text-wrap: balance; max-width: 30em }
h2 { font-size: 1.375rem; line-height: 1.3; letter-spacing: -0.01em; margin-bottom: 14px }
h3 { font-size: 0.9375rem; line-height: 1.4; font-weight: 600; margin-bottom: 10px }
h3 small { margin-left: 6px }
.intro, .lead { color: var(--muted); max-width: 46em; text-wrap: pretty }
.intro { margin: -6px 0 18px }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: var(--inset) }
.none, .note { color: var(--muted) }
.note { font-size: 0.875rem; margin-top: 14px }
footer { margin-top: 56px; padding-bottom: 40px; color: var(--muted); font-size: 0.875rem }

header { padding-top: 56px }
.eyebrow { color: var(--muted); font-size: 0.8125rem; letter-spacing: 0.06em; text-transform: uppercase; margin-bottom: 12px }
.lead { margin-top: 16px; font-size: 1.0625rem }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px; margin-top: 32px }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px var(--inset) 20px }
.tile-title, .tile-number { display: block }
.tile-title { color: var(--role); font-weight: 600; font-size: 0.9375rem }
.tile-number { font-size: 2.25rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.02em; font-variant-numeric: tabular-nums }
.tile-number small { font-size: 0.9375rem; letter-spacing: 0 }
.meter { display: block; height: 6px; border-radius: 3px; margin-top: 8px; background: linear-gradient(var(--role, var(--teacher)) 0 0) 0 / calc(100% * var(--share)) 100% no-repeat var(--line) }

table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
caption { text-align: left; color: var(--muted); font-size: 0.875rem; padding-bottom: 10px }
th { text-align: left; font-weight: 500 }
th, td { padding: 8px 10px; border-top: 1px solid var(--line); vertical-align: top }
th:first-child, td:first-child { padding-left: 0 }
th:last-child, td:last-child { padding-right: 0 }
thead th { border-top: 0; color: var(--muted); font-size: 0.8125rem; vertical-align: bottom }
.models td:not(.layers), .models thead th:not(:first-child, .layers) { text-align: right }
.models tbody th { width: 27%; overflow-wrap: anywhere }
.models td.layers { color: var(--muted) }
.models .key { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin: 0 10px 0 0; background: var(--role) }
.models :is(.distilled, .hard) :is(th, td) { background: var(--tint); font-weight: 650 }
.models :is(.distilled, .hard) th { box-shadow: calc(-1 * var(--inset)) 0 var(--tint) }
.models :is(.distilled, .hard) td:last-child { box-shadow: var(--inset) 0 var(--tint) }
/* On the tint the roles' own colors would be a little too light, or too dark. */
.models :is(.distilled, .hard) .errors { color: color-mix(in srgb, var(--role) 90%, var(--ink)) }
.layers-below { display: none }

.plot svg { display: block; max-width: 100%; height: auto; margin: 0 auto }
.narrow { display: none }
.curves { display: grid; grid-template-columns: 660fr 400fr; gap: 24px }
.legend { display: flex; flex-wrap: wrap; gap: 4px 22px; margin-bottom: 18px; font-size: 0.875rem }
.legend li { display: flex; align-items: center; gap: 8px }
.stroke { width: 26px; border-top: 3px solid var(--role) }
.hard .stroke { border-top-style: dashed }
.ensemble .stroke { border-top-style: dotted }
.teacher .stroke { border-top-width: 1.5px }

.confusions { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px }
.confusions .card { padding: 16px }
figcaption { color: var(--muted); font-size: 0.875rem; margin-top: 12px }

img { image-rendering: pixelated; display: block; height: auto; border-radius: 6px; background: #000 }
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(310px, 1fr)); gap: 16px }
.example { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 18px; padding: 16px }
.subject { overflow-wrap: anywhere; line-height: 1.3 }
.subject b { font-size: 0.875rem }
.subject img { width: 84px; margin-bottom: 6px }
small.row { display: block; margin-bottom: 6px }
small.row span { white-space: nowrap }
.bars { display: grid; grid-template-columns: repeat(var(--bars, 10), minmax(0, 1fr)); gap: 4px }
.bar { font-size: 0.6875rem; line-height: 1; text-align: center; color: var(--muted); font-variant-numeric: tabular-nums }
.bar::before { content: ""; display: block; height: 48px; margin-bottom: 4px; border-bottom: 1px solid var(--line); background: linear-gradient(var(--teacher) 0 0) bottom / 100% calc(100% * var(--share)) no-repeat }
.bar.true { color: var(--ink); font-weight: 700 }
.bar.true::before { background-image: linear-gradient(var(--ensemble) 0 0) }
.bars-title { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 8px; font-size: 0.75rem; line-height: 1.4; margin-bottom: 6px; white-space: nowrap }
.bars + .bars-title { margin-top: 12px }
.top { display: flex; min-width: 0; gap: 9px; color: var(--muted); font-variant-numeric: tabular-nums }
.top span { display: flex; gap: 4px; min-width: 0 }
.top b { max-width: 5em; color: var(--ink); overflow: hidden; text-overflow: ellipsis }

.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 20px 14px }
.mistakes li { text-align: center }
.mistakes img { width: 100%; max-width: 112px; margin: 0 auto 6px }
.verdict { display: block; overflow-wrap: anywhere; font-size: 0.875rem; line-height: 1.3; font-variant-numeric: tabular-nums }
.verdict small { display: block }

.heat, .matrix image { image-rendering: pixelated }
.heat-legend { display: inline-flex; align-items: center; gap: 8px }
.heat-legend img { width: 110px; height: 10px; border-radius: 3px; image-rendering: auto }
.maps { display: grid; grid-template-columns: 8.5em repeat(var(--samples), minmax(0, 84px)); gap: 10px; align-items: center; justify-content: start }
.maps img { width: 100%; aspect-ratio: 1; object-fit: fill }
.who { color: var(--role, var(--muted)); font-weight: 600; font-size: 0.875rem; line-height: 1.3 }
.matrices { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 24px }
.matrix { display: block; width: 100%; height: auto }
.matrix text { font-size: 13px; fill: var(--muted) }
.matrix path { stroke: #ffffff; stroke-opacity: 0.55; fill: none }
.queries { display: grid; gap: 18px }
.queries > li { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 28px; align-items: start }
.queries ol { display: grid; grid-template-columns: repeat(6, minmax(0, 84px)); gap: 14px; margin: 0; padding: 0; list-style: none }
.queries img { width: 100%; margin-bottom: 4px }
.queries ol img { outline: 2px solid var(--mark); outline-offset: 2px }
.queries .verdict { text-align: center }
.right { --mark: var(--ensemble) }
.wrong-class { --mark: var(--mistake) }
.wrong-class img { outline-style: dashed !important }
.wrong-class .verdict { color: var(--mistake); font-weight: 650 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

.run { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; margin-bottom: 16px; align-items: start }
.stack { display: grid; gap: 16px }
.facts caption { color: var(--ink); font-weight: 600; font-size: 0.9375rem }
.facts { font-size: 0.9375rem }
.facts :is(th, td) { padding-block: 6px }
.facts th { color: var(--muted); width: 38%; overflow-wrap: anywhere }
.facts td { overflow-wrap: anywhere }
.facts thead th { width: auto; overflow-wrap: normal }
.decisions tbody th { width: auto }
.decisions thead td { border-top: 0 }
.decisions td { overflow-wrap: break-word }
.scrolls { overflow-x: auto }
.scrolls:focus-visible { outline: 2px solid var(--distilled); outline-offset: 2px }
.counts :is(td, thead th):not(:first-child) { text-align: right }
.counts td { white-space: nowrap }
.importance .meter { min-width: 90px }
.wrong .mistakes { grid-template-columns: repeat(auto-fill, minmax(78px, 1fr)) }
.facts .meter { height: 4px; border-radius: 2px; margin: 3px 0 2px }
.facts .total :is(th, td) { font-weight: 650; color: var(--ink) }
.weights th { width: 22% }
.weights .file { display: block }
code { font: 0.8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--muted); overflow-wrap: anywhere }

@media (max-width: 1000px) {
  .curves { grid-template-columns: 1fr }
  .confusions { grid-template-columns: repeat(auto-fit, minmax(310px, 1fr)) }
}
@media (max-width: 640px) {
  :root { --inset: 14px }
  main, footer { padding-inline: 14px }
  header { padding-top: 32px }
  section { margin-top: 48px }
  .tiles, .run, .confusions { grid-template-columns: 1fr }
  .tiles { gap: 10px; margin-top: 24px }
  .tile { padding-block: 12px 14px }
  .tile-number { font-size: 1.75rem }
  .wide { display: none }
  .narrow { display: block }
  .models { font-size: 0.8125rem }
  .models :is(th, td):not(:first-child) { padding-left: 4px }
  .models :is(th, td):not(:last-child) { padding-right: 4px }
  .models .key { margin-right: 7px }
  .models thead th { font-size: 0.75rem }
  .models tbody th { width: 38% }
  .models .layers, .balanced .rate, .wide-only { display: none }
  .compared tbody th { overflow-wrap: break-word }
  /* The cells to the right have one line of text: the layers may run below it. */
  .layers-below { display: block; margin-right: -190px; font-size: 0.75rem; font-weight: 400; color: var(--muted) }
  .examples, .matrices { grid-template-columns: 1fr }
  .maps { grid-template-columns: repeat(var(--samples), minmax(0, 1fr)); gap: 6px }
  .maps .who { grid-column: 1 / -1; margin-top: 6px }
  .queries > li { grid-template-columns: 52px minmax(0, 1fr); gap: 16px }
  .queries ol { gap: 8px }
  .queries ol img { outline-offset: 0 }
  .queries .verdict { font-size: 0.75rem }
  .mistakes { grid-template-columns: repeat(auto-fill, minmax(72px, 1fr)); gap: 16px 10px }
  .facts { font-size: 0.875rem }
  .weights :is(th, td) { display: block; width: auto; padding-inline: 0 }
  .weights td { border: 0; padding-top: 0 }
}
@media print {
  section, .card, li { break-inside: avoid }
}
`;
