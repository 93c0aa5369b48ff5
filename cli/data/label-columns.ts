import { DistillError } from 'wasm-distill';
import type { Cell, Table, TableColumn } from 'wasm-distill/formats';

/**
 * A table whose label is one column. Where several are named, with commas between, these are to have a single 1 (or
 * true) in each row, as pandas' get_dummies makes them: one column of their names takes their place.
 * @throws DistillError 'bad-file' for rows in which they haven't.
 */
export function withOneLabel(rows: Table, label: string | false | null | undefined, name: string): Table {
  if (typeof label !== 'string' || !label.includes(',')) return rows;
  if (rows.columns.some((column) => column.name === label)) return rows;
  const named = label.split(',').map((word) => rows.columns.find((column) => column.name === word.trim()));
  const columns = named.filter((column) => column !== undefined);
  if (columns.length < named.length) return rows;
  const values = Array.from({ length: rows.rows }, (_, row) => hotIn(columns, row, label, name));
  const [first] = columns;
  return {
    ...rows,
    columns: rows.columns.flatMap((column) => {
      if (column === first) return [{ name: label, values }];
      return columns.includes(column) ? [] : [column];
    }),
  };
}

function hotIn(columns: readonly TableColumn[], row: number, label: string, name: string): string {
  const hot = columns.filter(({ values }) => isOne(values[row]!));
  const cold = columns.filter(({ values }) => isZero(values[row]!));
  if (hot.length === 1 && cold.length === columns.length - 1) return hot[0]!.name;
  throw new DistillError(
    'bad-file',
    `${name}, row ${row + 1}: the label's columns ${label} haven't a single 1 among zeros: name one column, or such`,
  );
}

const isOne = (cell: Cell) => Number(cell) === 1 || /^true$/i.test(String(cell));
const isZero = (cell: Cell) =>
  (cell !== null && cell !== '' && Number(cell) === 0) || /^false$/i.test(String(cell));
