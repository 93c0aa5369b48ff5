import { DistillError } from 'wasm-distill';
import { type OpenedParquet, openParquetFile } from 'wasm-distill/data';
import { type Cell, isImage, type ParquetFile, type Table } from 'wasm-distill/formats';
import type { Ask } from './reader.ts';

/** Parquet files of which one row group has been read, which tells what they hold. */
export interface OpenedFiles {
  /** That row group isn't read again by whoever reads these first. */
  opened: readonly OpenedParquet[];
  first: Table;
  /** Of all files. */
  rows: number;
}

/** @throws DistillError 'missing', 'bad-file' */
export async function openFiles(names: readonly string[]): Promise<OpenedFiles> {
  const opened: OpenedParquet[] = [];
  for (const name of names) opened.push(await openParquetFile(name));
  const [{ name, file }, ...others] = opened as [OpenedParquet, ...OpenedParquet[]];
  const group = file.groups.findIndex((rows) => rows > 0);
  if (group < 0) throw new DistillError('bad-file', `${name}: the Parquet file has no rows`);
  const first = await file.read(group);
  return {
    opened: [{ name, file: remembering(file, group, first) }, ...others],
    first,
    rows: opened.reduce((sum, one) => sum + one.file.rows, 0),
  };
}

/** The same file; the row group that was read is given out once, and isn't kept. */
function remembering(file: ParquetFile, known: number, table: Table): ParquetFile {
  let kept: Table | undefined = table;
  return {
    ...file,
    read: async (group, columns = file.columns) => {
      if (group !== known || !kept) return file.read(group, columns);
      const found = kept;
      kept = undefined;
      return { ...found, columns: columns.map((word) => found.columns.find(({ name }) => name === word)!) };
    },
  };
}

/** The column of images, if there is one and no other is asked for. */
export function imageIn({ columns }: Table, { input }: Ask): string | undefined {
  const found = columns.filter(({ values }) => isImage(Array.from(values).find((cell) => cell !== null)));
  const [first] = input ? found.filter(({ name }) => input.includes(name)) : found;
  return first?.name;
}

/** Bytes of a row of numbers in memory, as tables hold them, by the first. */
export function numberBytes({ columns }: Table): number {
  return columns.reduce((sum, { values }) => sum + 8 * numbersIn(values[0] ?? null), 0);
}

function numbersIn(cell: Cell): number {
  if (!Array.isArray(cell)) return 1;
  return (cell as readonly Cell[]).reduce<number>((sum, inner) => sum + numbersIn(inner), 0);
}
