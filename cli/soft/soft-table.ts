import { DistillError } from 'wasm-distill';
import type { Cell, Table, TableColumn } from 'wasm-distill/formats';
import { columnIds } from '../data/ids.ts';
import type { SoftAsk, SoftRows } from './soft-file.ts';

/**
 * Outputs in a table: one column of lists, or a column for each class. Where columns are called as the data's classes
 * are, others are left aside.
 */
export function rowsOfTable(table: Table, file: string, { id, classNames }: SoftAsk): SoftRows {
  const ids = id === undefined ? {} : { ids: columnIds(table, id, file) };
  const columns = table.columns.filter(({ name }) => name !== id);
  const lists = columns.filter(({ values }) =>
    Array.isArray(Array.from(values).find((cell) => cell !== null)),
  );
  if (lists.length > 1)
    throw new DistillError(
      'bad-file',
      `--soft ${file}: there are several columns of lists (${listed(lists)}): keep one`,
    );
  if (lists[0]) return { ...ofLists(lists[0], file), ...kindOf(lists[0].name), ...ids };
  const named = classNames.map((name) => columns.find((column) => column.name === name));
  if (named.every((column) => column !== undefined))
    return { ...ofColumns(named, table.rows, file), classNames, ...ids };
  const numbers = columns.filter(({ values }) => Array.from(values).every(isNumber));
  if (numbers.length === 0)
    throw new DistillError(
      'bad-file',
      `--soft ${file}: no column holds numbers or lists of them; there are ${listed(table.columns)}`,
    );
  const names = numbers.map(({ name }) => name);
  const known = names.some((name) => classNames.includes(name));
  return {
    ...ofColumns(numbers, table.rows, file),
    ...(known && { classNames: names }),
    ...(numbers.length === 1 && kindOf(names[0]!)),
    ...ids,
  };
}

function isNumber(cell: Cell): cell is number | bigint {
  return typeof cell === 'number' || typeof cell === 'bigint';
}

function kindOf(name: string): Pick<SoftRows, 'kind'> {
  return /logit/i.test(name) ? { kind: 'logits' } : /prob/i.test(name) ? { kind: 'probabilities' } : {};
}

function ofLists({ name, values }: TableColumn, file: string): SoftRows {
  const rows = values.length;
  const columns = (values[0] as readonly Cell[] | null)?.length ?? 0;
  const all = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const cells = values[row];
    if (!Array.isArray(cells) || cells.length !== columns || !cells.every(isNumber) || columns === 0)
      throw new DistillError(
        'bad-file',
        `--soft ${file}, row ${row + 1}: column ${JSON.stringify(name)} has no list of ${columns} numbers, as the first row has`,
      );
    all.set(cells.map(Number), row * columns);
  }
  return { values: all, rows, columns };
}

function ofColumns(columns: readonly TableColumn[], rows: number, file: string): SoftRows {
  const all = new Float64Array(rows * columns.length);
  for (const [c, { name, values }] of columns.entries())
    for (let row = 0; row < rows; row++) {
      const cell = values[row]!;
      if (!isNumber(cell))
        throw new DistillError(
          'bad-file',
          `--soft ${file}, row ${row + 1}: column ${JSON.stringify(name)} has no number`,
        );
      all[row * columns.length + c] = Number(cell);
    }
  return { values: all, rows, columns: columns.length };
}

function listed(columns: readonly TableColumn[]): string {
  const names = columns.slice(0, 8).map(({ name }) => name);
  return `${names.join(', ')}${columns.length > 8 ? ' …' : ''}`;
}
