import type { Command } from 'commander';
import { entryOf, type Needs, type ObjectiveName, objectiveCatalog } from 'wasm-distill/objectives';
import { json } from '../format/json.ts';
import { addOptions, type OptionName, readOptions } from '../options/options.ts';
import { table } from '../terminal/table.ts';

const OPTIONS = ['json'] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill objectives
  wasm-distill objectives --json
  wasm-distill distill --objective kd+attention --weight attention=10`;

export function objectivesCommand(program: Command): void {
  const command = program
    .command('objectives')
    .summary('what a student can learn from')
    .description(
      'Lists what distill --objective takes: what the student does, what that needs, its weight in a sum, the weight of labels beside it, and the paper it is from.',
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS);
  command.action((raw) => {
    const options = readOptions(OPTIONS, raw);
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
