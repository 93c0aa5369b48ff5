import { duration } from '../numbers.js';
import { table } from '../table.js';
import type { Result, ResultRow } from './result.js';

const HEADING = ['what', 'paper', 'ours', 'deviation', 'seeds', 'goal'];

/** For a terminal: the table, and what is to be said about it. */
export function resultText(result: Result): string {
  return [`${result.name}: ${result.shows}`, table(HEADING, cells(result)), ...remarks(result)].join('\n');
}

/** As Markdown: the table with the weights' hashes, and how it was made. */
export function resultMarkdown(result: Result): string {
  const { name, shows, config, environment, trainingSeconds } = result;
  return `## ${name}

${shows[0]!.toUpperCase()}${shows.slice(1)}.

${markdownTable(HEADING, cells(result))}

${remarks(result).join(' ')}

\`${config.command}\`: ${config.training} training images, errors of ${config.errorsOf}; ${duration(trainingSeconds)} of training, Node ${environment.node}, ${environment.threads} threads.

<details><summary>SHA-256 of the weights</summary>

${markdownTable(['what', 'seed', 'weights'], result.rows.flatMap(hashes))}

</details>
`;
}

/** What comes out worse than in the paper or than hoped for, said plainly. */
function remarks({ rows, config }: Result): string[] {
  if (config.scale !== 'full')
    return [
      `This is a run at the scale "${config.scale}": its ordering may be compared with the paper's, its numbers not.`,
    ];
  const compared = rows.filter(({ paper, goal }) => paper !== null || goal !== null);
  const said = compared.flatMap((row) => [
    against(row, 'the paper', row.paper),
    against(row, 'the goal', row.goal),
  ]);
  return said.filter((text) => text !== undefined);
}

function against(
  { what, ours, paper, goal }: ResultRow,
  whose: string,
  theirs: number | null,
): string | undefined {
  if (theirs === null || (whose === 'the goal' && goal === paper)) return undefined;
  const difference = Math.abs(ours - theirs);
  if (difference === 0) return `${what}: as in ${whose}.`;
  return `${what}: ${number(difference)} ${ours < theirs ? 'fewer' : 'MORE'} errors than ${whose}.`;
}

function cells({ rows }: Result): string[][] {
  return rows.map(({ what, paper, ours, deviation, seeds, each, goal }) => [
    what,
    optional(paper),
    number(ours),
    each.length > 1 ? number(deviation) : '–',
    String(seeds.length),
    optional(goal),
  ]);
}

function hashes({ what, seeds, weightsSha256 }: ResultRow): string[][] {
  return seeds.map((seed, i) => [what, String(seed), `\`${weightsSha256[i]}\``]);
}

function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

function optional(value: number | null): string {
  return value === null ? '–' : number(value);
}

/** 74, or 74.4 */
function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
