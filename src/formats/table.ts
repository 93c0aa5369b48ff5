import { brandOf } from '../checks.js';
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

/** A table, and what messages call the file that it comes from. */
export interface NamedTable {
  readonly name: string;
  readonly table: Table;
}

/**
 * The rows of several tables as those of one, in their order.
 * @throws DistillError 'bad-file' for other columns, or other names of the classes, than the first one has.
 */
export function joinTables(parts: readonly NamedTable[]): Table {
  const [first] = parts as readonly [NamedTable];
  if (parts.length === 1) return first.table;
  for (const part of parts) checkSame(first, part);
  return {
    ...first.table,
    rows: parts.reduce((sum, { table }) => sum + table.rows, 0),
    columns: first.table.columns.map(({ name }, k) => ({
      name,
      values: joined(parts.map(({ table }) => table.columns[k]!.values)),
    })),
  };
}

/** Numbers stay typed where all are. */
function joined(parts: readonly ArrayLike<Cell>[]): ArrayLike<Cell> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const typed = parts.every((part) => brandOf(part) === 'Float64Array');
  const all = typed ? new Float64Array(length) : new Array<Cell>(length);
  let at = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) all[at++] = part[i]!;
  return all;
}

function checkSame(first: NamedTable, other: NamedTable): void {
  const names = ({ columns }: Table) => columns.map(({ name }) => name).join(', ');
  demand(
    names(first.table) === names(other.table),
    () =>
      `${other.name} has the columns ${names(other.table)} and ${first.name} ${names(first.table)}; give files that belong together`,
    'bad-file',
  );
  demand(
    JSON.stringify(first.table.classNames) === JSON.stringify(other.table.classNames),
    () => `${other.name} and ${first.name} name their classes differently; give files that belong together`,
    'bad-file',
  );
}
