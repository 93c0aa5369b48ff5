import { count, measure } from '../cli/format/numbers.ts';
import { marksOf } from '../cli/report/marks.ts';
import { table } from '../cli/terminal/table.ts';
import type { Result, ResultRow } from './result.ts';

type Column = [heading: string, cell: (row: ResultRow) => string];

const WHAT: Column = ['what', (row) => `${row.what}${marked(row)}`];
const OURS: readonly Column[] = [
  ['ours', ({ ours }) => measure(ours)],
  ['deviation', ({ each, deviation }) => (each.length > 1 ? measure(deviation) : '–')],
  ['seeds', ({ seeds }) => String(seeds.length)],
];
const UNIT: Column = ['unit', ({ unit }) => unit];
/** Beside the paper's numbers or another's, or where it has none. */
const besideOf = (whose: string): readonly Column[] => [
  WHAT,
  [whose, ({ paper }) => optional(paper)],
  ...OURS,
  ['goal', ({ goal }) => optional(goal)],
  UNIT,
];
const ALONE: readonly Column[] = [WHAT, ...OURS, UNIT];

/** Steps to what another row ends with. */
function stepsColumn(to: string): Column {
  return [
    `steps to the errors of "${to}"`,
    ({ stepsTo }) => (typeof stepsTo === 'number' ? count(Math.round(stepsTo)) : '–'),
  ];
}

/** For a terminal: the table, and what is to be said about it. */
export function resultText(result: Result): string {
  const title = `${result.name}: ${result.shows}`;
  return [title, table(...tableOf(result)), ...remarks(result)].join('\n');
}

/** As Markdown: the table with the weights' hashes, and how it was made. `plots` is the folder of the plot. */
export function resultMarkdown(result: Result, plots: string): string {
  const { name, shows, plot, config, environment, rows } = result;
  const parts = [
    `## ${name}`,
    `${shows[0]!.toUpperCase()}${shows.slice(1)}.`,
    markdownTable(...tableOf(result)),
    ...(plot ? [`![${plot.y} by ${plot.x}](${plots}/${name}.svg)`] : []),
    remarks(result)
      .map((remark) => `- ${remark}`)
      .join('\n'),
    `\`${config.command}\`: ${config.data ? `${config.data}, ` : ''}${count(config.trainingImages)} training images, ${count(config.testImages)} test images; wasm-distill ${environment.version}, Node ${environment.node}, ${environment.platform}.`,
    '<details><summary>SHA-256 of the weights</summary>',
    markdownTable(['what', 'seed', 'result', 'seconds', 'weights'], rows.flatMap(models)),
    '</details>',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Where our numbers differ from the paper's, or miss a goal, said plainly. Others' are of other settings. */
function remarks({ rows, config, otherTask, withoutNumbers, beside }: Result): string[] {
  if (withoutNumbers) return config.scale === 'full' ? [] : [`A run at the scale "${config.scale}".`];
  if (config.scale !== 'full')
    return [
      `A run at the scale "${config.scale}": its ordering can be compared with ${beside ?? 'the paper'}'s, its numbers can't.`,
    ];
  return rows.flatMap((row) => {
    const paper = otherTask || beside !== undefined ? null : row.paper;
    return [
      ...(paper === null ? [] : [against(row, 'the paper', paper)]),
      ...(row.goal === null || row.goal === paper ? [] : [against(row, 'the goal', row.goal)]),
    ];
  });
}

function against(row: ResultRow, whose: string, theirs: number): string {
  const { what, ours, unit, better } = row;
  const by =
    unit === 'errors'
      ? `${measure(Math.abs(ours - theirs))} errors`
      : `${measure(Math.abs(ours - theirs))} points`;
  if (ours === theirs) return `${what}: the same as ${whose}.`;
  return `${what}: ${ours < theirs === (better === 'less') ? 'better' : '**worse**'} than ${whose} by ${by}.`;
}

function tableOf({
  rows,
  withoutNumbers,
  beside = 'paper',
  stepsTo,
}: Result): [heading: string[], rows: string[][]] {
  const columns = [
    ...(withoutNumbers ? ALONE : besideOf(beside)),
    ...(stepsTo === undefined ? [] : [stepsColumn(stepsTo)]),
  ];
  return [columns.map(([heading]) => heading), rows.map((row) => columns.map(([, cell]) => cell(row)))];
}

/** Behind the name of a row: how many of its networks collapsed, or have a silent layer. */
function marked({ marks = {}, seeds }: ResultRow): string {
  const all = Object.values(marks);
  if (all.length === 0) return '';
  if (seeds.length === 1) return ` (${marksOf(all[0]!)})`;
  const collapsed = all.filter((mark) => mark.collapsed).length;
  const silent = all.filter((mark) => mark.silent).length;
  const words = [
    ...(collapsed > 0 ? [`${collapsed} of ${seeds.length} collapsed`] : []),
    ...(silent > 0 ? [`${silent} of ${seeds.length} with a silent layer`] : []),
  ];
  return ` (${words.join(', ')})`;
}

function models({ what, seeds, each, marks = {}, trainingSeconds, weightsSha256 }: ResultRow): string[][] {
  return seeds.map((seed, i) => [
    what,
    `${seed}${marks[i] ? ` (${marksOf(marks[i])})` : ''}`,
    // One value where the seeds answer together.
    measure(each[i] ?? each[0]!),
    trainingSeconds ? measure(trainingSeconds[i]!) : '–',
    `\`${weightsSha256[i]}\``,
  ]);
}

function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

function optional(value: number | null): string {
  return value === null ? '–' : measure(value);
}
