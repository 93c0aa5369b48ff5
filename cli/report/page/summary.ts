import { count, counted, errorRate, share } from '../../format/numbers.ts';
import type { ModelReport, Report } from '../report.ts';
import { type Content, html, type Markup } from './html.ts';
import { sampleWord } from './words.ts';

/** The result in a sentence, what to make of it, and the three numbers that it is about. */
export function summary(report: Report): Markup {
  return html`
<header>
  <p class="eyebrow">Knowledge distillation report</p>
  <h1>${headline(report)}</h1>
  <p class="lead">${recovery(report)} ${caution(report)}</p>
  <ul class="tiles">${tiles(report)}</ul>
  ${report.warnings.map((sentence) => html`<p class="note">Warning: ${sentence}.</p>`)}
</header>`;
}

function headline(report: Report): string {
  const { student, testSize } = report;
  const { distilled, hard } = student;
  const baseline = same(distilled.layers, hard.layers) ? 'the same network' : 'the student';
  const made = `The distilled student makes ${counted(distilled.testErrors, 'error')}`;
  const compared = comparison(distilled.testErrors - hard.testErrors, `${baseline} trained on hard labels`);
  const { relativeCost } = distilled;
  const cost = relativeCost === undefined ? '' : `, at ${share(relativeCost)} of the ensemble’s forward cost`;
  return `${made} in ${count(testSize)} test ${sampleWord(report)}s, ${compared}${cost}.`;
}

function comparison(difference: number, other: string): string {
  if (difference === 0) return `as many as ${other}`;
  return `${count(Math.abs(difference))} ${difference < 0 ? 'fewer' : 'more'} than ${other}`;
}

/** How much of the gap between the student's own result and the ensemble's distillation closed, if there is a gap. */
function recovery({ teachers, ensemble, student }: Report): string {
  if (!ensemble)
    return 'Its teachers are outputs that were made elsewhere, of which there are none for the test data.';
  const made = `The ensemble of ${counted(teachers.length, 'teacher')} makes ${count(ensemble.testErrors)}`;
  const gap = student.hard.testErrors - ensemble.testErrors;
  const gained = student.hard.testErrors - student.distilled.testErrors;
  if (gap <= 0)
    return `${made}, no fewer than the student trained on hard labels: there was no gap to close.`;
  if (gained <= 0) return `${made}; distillation closed none of the gap to it.`;
  if (gained > gap) return `${made}: the distilled student does better than its teachers together.`;
  return `${made}: distillation closed ${share(gained / gap)} of the gap to it.`;
}

function caution({ student }: Report): string {
  const errors = student.distilled.testErrors;
  if (errors === 0) return '';
  const deviation = counted(Math.round(Math.sqrt(errors)), 'error');
  return `With this many errors, chance alone moves a count by about ${deviation} (one standard deviation).`;
}

function tiles({ student, ensemble, testSize }: Report): Content {
  const scale = Math.max(1, student.distilled.testErrors, student.hard.testErrors, ensemble?.testErrors ?? 0);
  const tile = (role: string, title: string, errors: number) => html`
    <li class="tile ${role}">
      <span class="tile-title">${title}</span>
      <span class="tile-number">${count(errors)} <small>${errors === 1 ? 'error' : 'errors'}, ${errorRate(errors, testSize)}</small></span>
      <span class="meter" style="--share:${(errors / scale).toFixed(4)}"></span>
    </li>`;
  return [
    tile('distilled', 'Distilled student', student.distilled.testErrors),
    tile('hard', 'Student on hard labels', student.hard.testErrors),
    ...(ensemble ? [tile('ensemble', 'Ensemble of teachers', ensemble.testErrors)] : []),
  ];
}

function same(a: ModelReport['layers'], b: ModelReport['layers']): boolean {
  return String(a) === String(b);
}
