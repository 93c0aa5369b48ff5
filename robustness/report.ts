import { count, counted, percent } from '../cli/format/numbers.ts';
import type { DataName } from './data-sets.ts';
import { GOALS, type Judged, parts, type Summary, summarize } from './statistics.ts';
import { teachers } from './teachers.ts';

/** Cells that were measured, of how many that were asked for. */
export interface Result {
  judged: readonly Judged[];
  of: number;
}

/** Everything as JSON has it. */
export function resultOf({ judged, of }: Result) {
  const summaries = parts(judged).map(([name, cells]) => ({ name, ...summarize(cells) }));
  return { goals: GOALS, of, summaries, cells: judged };
}

/** The summary and all cells in Markdown. */
export function markdownOf({ judged, of }: Result): string {
  const names = [...new Set(judged.map(({ cell }) => cell.data))];
  const measured = `${judged.length} of ${counted(of, 'cell')} measured.`;
  return `${[measured, summaryTable(judged), ...names.map((name) => section(name, judged))].join('\n\n')}\n`;
}

function summaryTable(judged: readonly Judged[]): string {
  const row = (name: string, { cells, dead, collapsed, worse, notWorse, small, ratio }: Summary) => [
    name,
    ...[cells, dead, collapsed, worse].map(String),
    percent(notWorse, 1),
    small > 0 ? `${ratio.toFixed(3)} (${small})` : '–',
  ];
  return table(
    ['', 'cells', 'dead', 'reported as collapsed', 'worse', 'not worse', 'ratio up to 5,000 samples (cells)'],
    [
      ['goal', '', String(GOALS.dead), '', '', percent(GOALS.notWorse), `≤ ${GOALS.ratio}`],
      ...parts(judged).map(([name, cells]) => row(name, summarize(cells))),
    ],
  );
}

function section(name: DataName, judged: readonly Judged[]): string {
  const cells = judged.filter(({ cell }) => cell.data === name);
  const { of, constant } = cells[0]!;
  const told = [...new Map(cells.map(({ cell, teacher }) => [cell.teacher, teacher.errors]))].map(
    ([teacher, errors]) => {
      const { network, epochs } = teachers[teacher];
      return `\`${network}\` after ${counted(epochs, 'epoch')} of all, ${counted(errors, 'error')}`;
    },
  );
  return `## ${name}

${count(of)} test samples, of which a constant answer gets ${count(constant)} wrong. Teacher: ${told.join('; ')}.

${table(
  ['samples', 'student', 'T', 'loss', 'a', 'steps', 'seed', 'labels', 'distilled', 'ratio', ''],
  cells.map(cellsOf),
)}`;
}

function cellsOf({ cell, labels, distilled, ratio, dead, worse }: Judged): string[] {
  const { size, student, T, form, alpha, steps, seed } = cell;
  const collapsed = Object.entries({ labels, distilled }).filter(([, told]) => told.collapsed);
  const marks = [
    ...dead.map((who) => `${who} dead`),
    ...collapsed.map(([who]) => `${who} reported as collapsed`),
    ...(worse ? ['worse'] : []),
  ];
  return [
    ...[typeof size === 'number' ? count(size) : size, `\`${student}\``, String(T), form],
    ...[alpha === undefined ? '' : String(alpha), count(steps), String(seed)],
    ...[count(labels.errors), count(distilled.errors), ratio.toFixed(2), marks.join(', ')],
  ];
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), `|${heading.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** What stands above this line in a document is written by hand, and stays. */
const MARK = '<!-- Below is what npm run robustness -- --write wrote. -->';

/** A document with what was measured in place of what it had below the mark. */
export function documentOf(before: string | undefined, result: Result): string {
  const above = (before ?? '# Robustness').split(MARK)[0]!.trimEnd();
  return `${above}\n\n${MARK}\n\n${markdownOf(result)}`;
}
