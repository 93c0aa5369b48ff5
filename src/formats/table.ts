import { demand } from '../errors.js';

/** A value of a table; null where there is none. */
export type Cell = string | number | bigint | boolean | null | Uint8Array | readonly Cell[];

export interface TableColumn {
  /** As the file has it; its index, "0", "1" …, where the file names none. */
  readonly name: string;
  /** One for each row: typed numbers where all are numbers. */
  readonly values: ArrayLike<Cell>;
}

/** What CSV, JSONL and Parquet hold. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** Names of the classes that a column's whole numbers stand for, by the column's name, where the file has them. */
  readonly classNames?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Where a column is, by its name or index; −1 is the last. `what` is what messages call it, `file` where it was looked for.
 * @throws DistillError 'bad-argument' with the columns there are.
 */
export function columnIndex(table: Table, column: string | number, what: string, file: string): number {
  const { columns } = table;
  if (typeof column === 'number') {
    const index = column < 0 ? columns.length + column : column;
    demand(
      Number.isInteger(index) && index >= 0 && index < columns.length,
      () =>
        `${file}: ${what} is column ${column}, but there are ${columns.length}, counted from 0: ${listed(table)}`,
    );
    return index;
  }
  const index = columns.findIndex(({ name }) => name === column);
  demand(
    index >= 0,
    () => `${file}: ${what} ${JSON.stringify(column)} is no column: there are ${listed(table)}`,
  );
  demand(
    columns.filter(({ name }) => name === column).length === 1,
    () => `${file}: there are two columns ${JSON.stringify(column)}; name ${what} by its index`,
  );
  return index;
}

/** The columns' names, in a sentence. */
export function listed({ columns }: Table): string {
  const names = columns.slice(0, 20).map(({ name }) => JSON.stringify(name.slice(0, 40)));
  return columns.length > 20 ? `${names.join(', ')} … (${columns.length} in all)` : names.join(', ');
}
