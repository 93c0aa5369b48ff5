import { DistillError } from 'wasm-distill';
import {
  readTable,
  selectRows,
  type TableDataset,
  type TableDatasetOptions,
  type TableReading,
  tableDataset,
} from 'wasm-distill/data';
import type { Table } from 'wasm-distill/formats';
import { counted } from '../format/numbers.ts';
import { withoutIds } from './ids.ts';
import { withOneLabel } from './label-columns.ts';
import { filesNote, filesOf, ignoredNote } from './listing.ts';
import { oneHotNote } from './one-hot.ts';
import { precisionNote } from './precision.ts';
import type { Ask, Like, Parts, Reader, Reading } from './reader.ts';

const SUFFIX = /\.(csv|tsv|jsonl|ndjson|json)(\.gz)?$/i;

/** CSV, TSV and JSON lines: a file, or a folder with one for each part. */
export const table: Reader = {
  title: 'table',
  takes: ['label', 'input', 'missing', 'softId'],
  read: async (place, ask, like) => {
    const { train, val, test, ignored } = await filesOf(place, SUFFIX);
    const open = async (files: readonly string[]) => {
      const [first] = files;
      return first === undefined ? undefined : { name: first, table: await readTogether(files, place.name) };
    };
    const first = (await open(train))!;
    const parts = { val: await open(val), test: await open(test) };
    const reading = readingOf(first.table, first.name, ask, like);
    const others = { ...like, table: reading.table! };
    for (const part of ['val', 'test'] as const) {
      const other = parts[part];
      if (other) reading[part] = datasetOf(other.table, other.name, {}, others);
    }
    if (place.folder === undefined && test[0] !== undefined) reading.testName = test[0];
    return { ...reading, notes: [...filesNote(train), ...reading.notes, ...ignoredNote(ignored)] };
  },
};

/** The rows of all files. */
async function readTogether(files: readonly string[], name: string): Promise<Table> {
  try {
    return await readTable(files);
  } catch (error) {
    if (!(error instanceof DistillError) || !error.message.endsWith('give files that belong together'))
      throw error;
    const some = files.slice(0, 3).join(', ');
    throw new DistillError(
      error.code,
      `${name} has several tables (${some}) of different columns: name one with --data`,
      { cause: error },
    );
  }
}

/** The samples of a table, and how to divide them. */
export function readingOf(whole: Table, name: string, asked: Ask, like: Like): Reading {
  const { rows: given, ask, ids } = withoutIds(whole, name, asked);
  const rows = labeledOnce(given, name, ask, like);
  const train = datasetOf(rows, name, ask, like);
  const merged = 1 + given.columns.length - rows.columns.length;
  return {
    train,
    table: train.reading,
    ...(ids && { ids }),
    notes: [...(merged > 1 ? [oneHotNote(merged)] : []), ...notesOf(rows, train, ask)],
    ...(train.reading.fill && { divide: (indices) => divided(rows, name, ask, like, train, indices) }),
  };
}

/** Means are of the rows that are learned from: those of test rows aren't known when a model is used. */
function divided(
  rows: Table,
  name: string,
  ask: Ask,
  like: Like,
  { classNames }: TableDataset,
  { train: learned, val, test }: Parameters<NonNullable<Reading['divide']>>[0],
): Parts {
  const train = datasetOf(selectRows(rows, learned), name, ask, { ...like, classNames });
  const others = { ...like, table: train.reading };
  const other = (indices: readonly number[]) => datasetOf(selectRows(rows, indices), name, {}, others);
  return { train, ...(val && { val: other(val) }), ...(test && { test: other(test) }) };
}

function datasetOf(given: Table, name: string, ask: Ask, like: Like): TableDataset {
  const rows = labeledOnce(given, name, ask, like);
  return tableDataset(rows, howToRead(rows, name, ask, like));
}

/** `like`'s columns, if it has any, else those asked for; by the table, or the first rows of it. */
export function howToRead(
  rows: Table,
  name: string,
  ask: Ask,
  { classNames, table: reading }: Like,
): TableDatasetOptions {
  const options = optionsOf(rows, ask);
  if (reading) return { like: changed(reading, rows, options, name), name };
  if (ask.label === false && ask.input === undefined) return unlabeled(rows, { ...options, name });
  return { ...options, ...(classNames && { classNames }), name };
}

/** The table with its label in one column. */
export function labeledOnce(rows: Table, name: string, { label }: Ask, { table }: Like): Table {
  return withOneLabel(rows, label ?? table?.label, name);
}

/** Other columns where they are asked for. */
function changed(
  reading: TableReading,
  rows: Table,
  { label, inputs }: TableDatasetOptions,
  name: string,
): TableReading {
  const named = (column: string | number, what: string) => {
    const found = typeof column === 'number' ? rows.columns.at(column) : { name: column };
    if (found) return found.name;
    throw new DistillError(
      'bad-argument',
      `${name}: ${what} is column ${column}, but there are ${rows.columns.length}, counted from 0`,
    );
  };
  return {
    ...reading,
    ...(label !== undefined && { label: label === false ? null : named(label, 'the label') }),
    ...(inputs && { inputs: inputs.map((column) => named(column, 'the input')) }),
  };
}

/** Rows whose labels aren't asked for: a column of them, where there is one, is no input either. */
function unlabeled(rows: Table, options: TableDatasetOptions): TableDatasetOptions {
  let inputs: TableDatasetOptions['inputs'];
  try {
    const { label: _, ...others } = options;
    ({ inputs } = tableDataset(rows, others).reading);
  } catch {
    // It has no column of labels; what is wrong with the inputs, the next line says.
  }
  return { ...options, ...(inputs && { inputs }) };
}

function optionsOf(rows: Table, { label, input, missing }: Ask): TableDatasetOptions {
  const column = (text: string) => {
    const known = rows.columns.some((each) => each.name === text);
    return !known && /^-?\d+$/.test(text) ? Number(text) : text;
  };
  return {
    ...(label !== undefined && { label: label === false ? false : column(label) }),
    ...(input && { inputs: input.map(column) }),
    ...(missing && { missing }),
  };
}

/** `rows` may be the first ones alone. */
export function notesOf(
  rows: Table,
  { reading, labels }: Pick<TableDataset, 'reading' | 'labels'>,
  ask: Ask,
): string[] {
  const used = new Set([...reading.inputs, reading.label]);
  const dropped = rows.columns.map(({ name }) => name).filter((name) => !used.has(name));
  const shown = dropped.slice(0, 10).map((name) => (name === '' ? 'the first, which counts the rows' : name));
  const unlabeled = labels.filter((label) => label < 0).length;
  const hot = rows.columns.find(({ name }) => name === reading.label)?.values[0];
  return [
    ...(Array.isArray(hot) ? [oneHotNote(hot.length)] : []),
    ...(dropped.length > 0
      ? [
          `${counted(dropped.length, 'column')} not used: ${shown.join(', ')}${dropped.length > 10 ? ' …' : ''}`,
        ]
      : []),
    ...(ask.missing ? ['missing numbers are taken to be the mean of their column in the training rows'] : []),
    ...precisionNote(rows, reading.inputs),
    ...(reading.label !== null && unlabeled > 0 ? [`${counted(unlabeled, 'row')} without a label`] : []),
  ];
}
