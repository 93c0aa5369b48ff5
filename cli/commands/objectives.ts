import type { Command } from 'commander';
import { entryOf, type Needs, type ObjectiveName, objectiveCatalog } from 'wasm-distill/objectives';
import { json } from '../format/json.ts';
import { named } from '../options/objective-list.ts';
import { addOptions, type OptionName, readOptions } from '../options/options.ts';
import { table } from '../terminal/table.ts';

const OPTIONS = ['json'] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill objectives
  wasm-distill objectives darkrank                         one of them, with its options
  wasm-distill objectives --json
  wasm-distill distill --objective kd+similarity --weight similarity=1000`;

export function objectivesCommand(program: Command): void {
  const command = program
    .command('objectives')
    .summary('what a student can learn from')
    .argument('[name]', 'one of them: its options, too')
    .description(
      'Lists what distill --objective takes: what the student does, what that needs, its weight in a sum, the weight of labels beside it, and the paper it is from.',
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS);
  command.action((name: string | undefined, raw) => {
    const options = readOptions(OPTIONS, raw);
    if (name !== undefined) {
      const one = named(name);
      process.stdout.write(options.json ? json(detailsOf(one)) : `${detailed(one)}\n`);
      return;
    }
    const rows = Object.keys(objectiveCatalog).map((name) => rowOf(name as ObjectiveName));
    process.stdout.write(options.json ? json({ objectives: rows }) : `${listed(rows)}\n`);
  });
}

type Row = ReturnType<typeof rowOf>;

function rowOf(name: ObjectiveName) {
  const { aliases, line, needs, source, weight, labels, options } = entryOf(name);
  const defaults = Object.entries(options).map(([option, { default: value }]) => [option, value ?? null]);
  return {
    ...{ name, aliases, line, needs, weight, labels, source },
    options: Object.fromEntries(defaults) as Record<string, unknown>,
  };
}

/** A row with what its options can be. */
function detailsOf(name: ObjectiveName) {
  const { options, second } = entryOf(name);
  const told = Object.entries(options).map(([option, { default: value, is }]) => [
    option,
    { default: value ?? null, takes: is.takes },
  ]);
  return {
    ...rowOf(name),
    options: Object.fromEntries(told) as Record<string, { default: unknown; takes: string }>,
    ...(second && { second: second.terms }),
  };
}

function detailed(name: ObjectiveName): string {
  const { aliases, line, source, needs, weight, labels, options, second } = detailsOf(name);
  const beside = labels === 'inside' ? 'labels are part of it' : `labels beside it ${labels}`;
  const after = second?.map((term) => `, ${term.objective} of ${weightText(term.weight)}`).join('');
  const facts = [
    ['source', `${source.paper}, ${source.venue} ${source.year}`],
    ['needs', needsOf(needs)],
    ['weight', `${weight}, ${beside}`],
    ...(after === undefined ? [] : [['second stage', `labels${after}`]]),
  ];
  const cells = Object.entries(options).map(([option, { default: value, takes }]) => [
    option,
    value === null ? '' : String(value),
    takes,
  ]);
  return [
    `${[name, ...aliases].join(', ')}: ${line}`,
    aligned(facts),
    cells.length > 0 ? aligned([['option', 'default', 'takes'], ...cells]) : 'no options',
  ].join('\n\n');
}

/** Columns of words, each as wide as its widest. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  return lines.map((text) => text.trimEnd()).join('\n');
}

function weightText(weight: number | { from: number; to: number }): string {
  return typeof weight === 'number' ? String(weight) : `${weight.from} to ${weight.to}`;
}

function listed(rows: readonly Row[]): string {
  const cells = rows.map(({ name, aliases, needs, weight, labels }) => [
    [name, ...aliases].join(', '),
    needsOf(needs),
    String(weight),
    String(labels),
  ]);
  const lines = rows.map(
    ({ name, line, source: { paper, venue, year } }) => `${name}: ${line} (${paper}, ${venue} ${year})`,
  );
  return `${table(['objective', 'needs', 'weight', 'labels'], cells)}\n\n${lines.join('\n')}`;
}

const TEACHERS: Readonly<Record<Needs['teacher'], string | undefined>> = {
  none: undefined,
  'soft targets': 'teachers',
  logits: 'teachers',
  embeddings: 'one teacher',
  layers: 'one teacher of this library',
};

function needsOf({ teacher, labels, maps, batch, equalChannels, stages }: Needs): string {
  const all = [
    TEACHERS[teacher],
    labels && 'labels',
    maps && 'images',
    batch && `batches of ${batch}`,
    equalChannels && 'equal channels',
    stages && `${stages} stages`,
  ];
  return all.filter(Boolean).join(', ') || 'nothing';
}
