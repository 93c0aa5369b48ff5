import { brandOf } from '../checks.js';
import { demand } from '../errors.js';
import type { Cell, Table, TableColumn } from '../formats/table.js';

export interface Features {
  /** Of one sample. */
  shape: readonly number[];
  /** [rows, …shape]; NaN where a value is missing. */
  values: Float32Array;
  /** How messages refer to features. */
  missing: { columnOf(feature: number): string };
}

const missingWords = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'None', '?'];

/** Whether a text is what tables write where there is no number. */
export function isMissing(text: string): boolean {
  return missingWords.includes(text.trim());
}

/** Columns as features. Refuses a missing value unless `mayMiss`, and what is no number. */
export function readFeatures(
  table: Table,
  inputs: readonly number[],
  name: string,
  mayMiss: boolean,
): Features {
  const { rows, columns } = table;
  const chosen = inputs.map((index) => columns[index]!);
  const shapes = chosen.map((column) => shapeOf(column, name));
  const widths = shapes.map((shape) => shape.reduce((a, b) => a * b, 1));
  const each = widths.reduce((a, b) => a + b, 0);
  demand(
    rows * each < 2 ** 30,
    () =>
      `${name}: ${rows} rows of ${each} numbers are more than fit into memory; give fewer rows or columns`,
    'memory',
  );
  const values = new Float32Array(rows * each);
  let at = 0;
  for (const [c, column] of chosen.entries()) {
    const place = { name, mayMiss, column };
    if (brandOf(column.values) === 'Float64Array') copyNumbers(place, values, at, each);
    else copyCells(place, shapes[c]!, values, at, each);
    at += widths[c]!;
  }
  const columnOf = (feature: number) => {
    let c = 0;
    for (let last = widths[0]!; feature >= last; last += widths[++c]!);
    return `${name}, column ${JSON.stringify(chosen[c]!.name)}`;
  };
  return { shape: chosen.length === 1 ? imageShape(shapes[0]!) : [each], values, missing: { columnOf } };
}

/** Puts numbers, one for each feature, where values are missing. */
export function fillMissing({ shape, values }: Features, fill: readonly number[], name: string): void {
  const each = shape.reduce((a, b) => a * b, 1);
  demand(
    fill.length === each,
    () => `${name}: there are ${fill.length} numbers to fill missing values with, but ${each} features`,
    'mismatch',
  );
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) values[i] = fill[i % each]!;
}

/** Rows of an image get a channel. */
export function imageShape(shape: readonly number[]): readonly number[] {
  if (shape.length === 0) return [1];
  return shape.length === 2 ? [...shape, 1] : shape;
}

interface Place {
  name: string;
  mayMiss: boolean;
  column: TableColumn;
}

function copyNumbers(place: Place, to: Float32Array, at: number, each: number): void {
  const values = place.column.values as Float64Array;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) demandPresent(place, i);
    to[i * each + at] = values[i]!;
  }
}

function copyCells(place: Place, shape: readonly number[], to: Float32Array, at: number, each: number): void {
  const { values } = place.column;
  const width = shape.reduce((a, b) => a * b, 1);
  for (let i = 0; i < values.length; i++) {
    const cell = values[i]!;
    const first = i * each + at;
    if (shape.length === 0) to[first] = numberOf(cell, place, i);
    else if (cell === null) to.fill(numberOf(null, place, i), first, first + width);
    else copyList(cell, shape, 0, first, to, place, i);
  }
}

/** Copies nested lists of this shape, and answers where the next number goes. */
function copyList(
  cell: Cell,
  shape: readonly number[],
  depth: number,
  at: number,
  to: Float32Array,
  place: Place,
  row: number,
): number {
  if (depth === shape.length) {
    to[at] = numberOf(cell, place, row);
    return at + 1;
  }
  demand(
    Array.isArray(cell) && cell.length === shape[depth],
    () =>
      `${whereIs(place, row)} isn't a list of ${shape.join(' × ')} numbers as in the first row; give all rows the same length`,
    'bad-file',
  );
  let next = at;
  for (const inner of cell) next = copyList(inner, shape, depth + 1, next, to, place, row);
  return next;
}

/** A cell's number; NaN where it is missing. */
function numberOf(cell: Cell, place: Place, row: number): number {
  if (typeof cell === 'number' && !Number.isNaN(cell)) return cell;
  if (typeof cell === 'bigint' || typeof cell === 'boolean') return Number(cell);
  const text = typeof cell === 'string' ? cell.trim() : undefined;
  if (cell === null || typeof cell === 'number' || (text !== undefined && isMissing(text))) {
    demandPresent(place, row);
    return NaN;
  }
  const value = text === undefined ? NaN : Number(text);
  demand(
    Number.isFinite(value),
    () =>
      `${whereIs(place, row)} is ${shownCell(cell)}, which is no number: leave the column out by naming the inputs, or give one column of 0 and 1 for each of its values`,
    'bad-file',
  );
  return value;
}

function demandPresent(place: Place, row: number): void {
  demand(
    place.mayMiss,
    () =>
      `${whereIs(place, row)} has no value: fill such in by missing: 'mean', or leave out the row or the column`,
    'bad-file',
  );
}

function whereIs({ name, column }: Place, row: number): string {
  return `${name}: row ${row + 1}, column ${JSON.stringify(column.name)}`;
}

function shownCell(cell: Cell): string {
  if (typeof cell === 'string') return JSON.stringify(cell.slice(0, 60));
  return brandOf(cell) === 'Uint8Array' ? 'bytes' : 'a list';
}

/** The lengths of a column's nested lists, by its first; [] of single values. */
function shapeOf({ values, name: column }: TableColumn, name: string): number[] {
  let first: Cell | undefined;
  if (brandOf(values) !== 'Float64Array')
    for (let i = 0; i < values.length && !Array.isArray(first); i++) first = values[i]!;
  const shape: number[] = [];
  for (let cell = first; Array.isArray(cell); cell = cell[0] as Cell | undefined) shape.push(cell.length);
  demand(
    !shape.includes(0),
    () => `${name}: column ${JSON.stringify(column)} has empty lists; leave it out by naming the inputs`,
    'bad-file',
  );
  return shape;
}
