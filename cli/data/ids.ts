import { DistillError } from 'wasm-distill';
import {
  asNumericArray,
  decodeSafetensors,
  type NamedTensor,
  type NumericArray,
  openParquet,
  readNpz,
  type Table,
  type TextArray,
} from 'wasm-distill/formats';
import { read } from '../files/run-files.ts';
import type { Ask } from './reader.ts';

/**
 * A table without the column by which rows are known, which is no input, and what it says of each row. Columns that were
 * asked for by number are so by name then.
 */
export function withoutIds(rows: Table, name: string, ask: Ask): { rows: Table; ask: Ask; ids?: string[] } {
  const { softId, label, input } = ask;
  if (softId === undefined) return { rows, ask };
  const called = (text: string) => {
    const isName = rows.columns.some((column) => column.name === text);
    return isName || !/^-?\d+$/.test(text) ? text : (rows.columns.at(Number(text))?.name ?? text);
  };
  return {
    rows: { ...rows, columns: rows.columns.filter((column) => column.name !== softId) },
    ask: {
      ...ask,
      ...(typeof label === 'string' && { label: label.split(',').map(called).join() }),
      ...(input && { input: input.map(called) }),
    },
    ids: columnIds(rows, softId, name),
  };
}

/** The cells of a column as text. @throws DistillError where it isn't there, or a row has none. */
export function columnIds({ columns }: Table, column: string, name: string): string[] {
  const found = columns.find((each) => each.name === column);
  if (!found)
    throw new DistillError(
      'bad-argument',
      `--soft-id: ${name} has no column ${JSON.stringify(column)}; there are ${columns.map((each) => each.name).join(', ')}`,
    );
  return Array.from(found.values, (cell, row) => {
    if (['string', 'number', 'bigint'].includes(typeof cell) && cell !== '' && !Number.isNaN(cell))
      return String(cell);
    throw new DistillError(
      'bad-file',
      `--soft-id: ${name}, row ${row + 1}: column ${JSON.stringify(column)} has no id`,
    );
  });
}

/** The ids of Parquet files' rows, of which nothing else is read. */
export async function parquetIds(files: readonly string[], column: string): Promise<string[]> {
  const ids: string[] = [];
  for (const name of files) {
    const file = await openParquet(await read(name), name);
    for (const group of file.groups.keys())
      ids.push(
        ...columnIds(await file.read(group, file.columns.includes(column) ? [column] : []), column, name),
      );
  }
  return ids;
}

/** Arrays of a file by their names, each read when it is asked for. */
export async function arraysIn(file: string): Promise<Map<string, () => NumericArray | TextArray>> {
  const bytes = await read(file);
  if (/\.npz$/i.test(file)) return readNpz(bytes, file);
  return tensorArrays(decodeSafetensors(bytes, file).tensors, file);
}

/** The tensors of safetensors, each turned into an array when it is asked for. */
export function tensorArrays(
  tensors: ReadonlyMap<string, NamedTensor>,
  file: string,
): Map<string, () => NumericArray> {
  return new Map([...tensors].map(([name, tensor]) => [name, () => asNumericArray(tensor, file)]));
}

/** The ids in an array of a file. */
export function arrayIds(
  arrays: ReadonlyMap<string, () => NumericArray | TextArray>,
  name: string,
  file: string,
): string[] {
  const found = arrays.get(name)?.();
  if (found?.shape.length !== 1)
    throw new DistillError(
      'bad-argument',
      `--soft-id: ${file} has no array ${JSON.stringify(name)} of one id a row; there are ${[...arrays.keys()].join(', ')}`,
    );
  return Array.from(found.data as ArrayLike<string | number | bigint>, String);
}
