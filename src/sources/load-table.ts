import { checkNames, checkWord } from '../checks.js';
import { demand } from '../errors.js';
import { type CsvOptions, parseCsv } from '../formats/csv.js';
import { parseJsonl } from '../formats/jsonl.js';
import { joinTables, type NamedTable, type Table } from '../formats/table.js';
import { type Source, unpackedBytesOf } from './bytes-of.js';
import { type TableDataset, type TableDatasetOptions, tableDataset, tableOptions } from './table-dataset.js';

export interface ReadTableOptions extends CsvOptions {
  /** Default: by the name's end, .csv, .tsv, .jsonl, .ndjson or .json (also with .gz), else by how the file starts. */
  format?: 'csv' | 'tsv' | 'jsonl';
}

const readOptions = ['format', 'delimiter', 'header'];

export interface LoadTableOptions extends ReadTableOptions, TableDatasetOptions {}

/**
 * A table from CSV, TSV or JSON lines, packed by gzip or not; of several files with the same columns their rows, in the
 * order given.
 *
 * Rejects with 'missing' for files that can't be read, with what `parseCsv` and `parseJsonl` throw.
 */
export async function readTable(
  source: Source | readonly Source[],
  options: ReadTableOptions = {},
): Promise<Table> {
  return (await readAll(source, options)).table;
}

/**
 * A data set from a table in CSV, TSV or JSON lines: see `tableDataset` for columns, labels and missing values. Test data
 * are read as the training data were by `like`:
 *
 *     const train = await loadTable('train.csv', { label: 'species', missing: 'mean' });
 *     const test = await loadTable('test.csv', { like: train.reading });
 *
 * Rejects with 'missing' for files that can't be read, with what `tableDataset` throws.
 */
export async function loadTable(
  source: Source | readonly Source[],
  options: LoadTableOptions = {},
): Promise<TableDataset> {
  checkNames(options, 'loadTable', [...readOptions, ...tableOptions]);
  const { format, delimiter, header, ...rest } = options;
  const { table, name } = await readAll(source, {
    ...(format !== undefined && { format }),
    ...(delimiter !== undefined && { delimiter }),
    ...(header !== undefined && { header }),
  });
  return tableDataset(table, { name, ...rest });
}

async function readAll(source: Source | readonly Source[], options: ReadTableOptions): Promise<NamedTable> {
  checkNames(options, 'readTable', readOptions);
  const sources = Array.isArray(source) ? (source as readonly Source[]) : [source as Source];
  demand(sources.length > 0, 'readTable was given no file');
  const parts: NamedTable[] = [];
  for (const one of sources) parts.push(await readOne(one, options));
  const [{ name }, ...others] = parts as [NamedTable, ...NamedTable[]];
  return {
    table: joinTables(parts),
    name: others.length > 0 ? `${name} with ${others.length} more` : name,
  };
}

async function readOne(source: Source, options: ReadTableOptions): Promise<NamedTable> {
  const { format, delimiter, header } = options;
  if (format !== undefined) checkWord(format, 'format', ['csv', 'tsv', 'jsonl']);
  const { bytes, name } = await unpackedBytesOf(source);
  const kind = format ?? formatOf(bytes, name);
  const separator = delimiter ?? (kind === 'tsv' ? '\t' : undefined);
  const csv = {
    ...(separator !== undefined && { delimiter: separator }),
    ...(header !== undefined && { header }),
  };
  return { table: kind === 'jsonl' ? parseJsonl(bytes, name) : parseCsv(bytes, name, csv), name };
}

function formatOf(bytes: Uint8Array, name: string): 'csv' | 'tsv' | 'jsonl' {
  const end = /\.(csv|tsv|jsonl|ndjson|json)$/i.exec(name)?.[1]?.toLowerCase();
  if (end === 'csv' || end === 'tsv') return end;
  const start = bytes.find((byte) => byte > 0x20);
  return end !== undefined || start === 0x7b || start === 0x5b ? 'jsonl' : 'csv';
}
