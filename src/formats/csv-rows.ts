import type { DistillError } from '../errors.js';
import { badCsv, CR, type CsvText, LF, skipBlank } from './csv-text.js';
import type { Cell } from './table.js';

const QUOTE = 0x22;

/** Powers of ten: up to 22 they are exact, so that a number of up to 15 digits by one of them is rounded once. */
const tens = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;

/** What numbers look like, for those that the loop doesn't read itself. Not 007, which is a name. */
const number = /^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/** A row of any number of cells: as values and as they are written, and where it ends. `where` is what messages call it. */
export function readRow(
  text: CsvText,
  at: number,
  where: () => string,
): { cells: Cell[]; texts: string[]; end: number } {
  const cells: Cell[] = [];
  const texts: string[] = [];
  for (let next = at; ; next++) {
    const { value, text: written, end } = readCell(text, next, where);
    cells.push(value);
    texts.push(written);
    next = end;
    if (text.bytes[end] !== text.separator) return { cells, texts, end };
  }
}

/** All rows from `at` on, which must have `width` cells each. */
export function readRows(
  text: CsvText,
  at: number,
  width: number,
): { rows: number; columns: (Float64Array | Cell[])[] } {
  const { bytes, separator } = text;
  const most = mostRows(bytes, at, width);
  const columns: (Float64Array | Cell[])[] = Array.from({ length: width }, () => new Float64Array(most));
  const where = (start: number) => () => placeOf(text, rows, start);
  let rows = 0;
  for (let next = skipBlank(bytes, at); next < bytes.length; next = skipBlank(bytes, next)) {
    const start = next;
    for (let k = 0; k < width; k++) {
      // Plain numbers right here: a sign, digits, perhaps a point among them.
      let from = next;
      const negative = bytes[from] === 0x2d;
      if (negative) from++;
      let p = from;
      let whole = 0;
      let digit = bytes[p]! - 48;
      for (; digit >= 0 && digit <= 9; digit = bytes[++p]! - 48) whole = whole * 10 + digit;
      let digits = p - from;
      let decimals = 0;
      if (bytes[p] === 0x2e) {
        const point = p;
        digit = bytes[++p]! - 48;
        for (; digit >= 0 && digit <= 9; digit = bytes[++p]! - 48) whole = whole * 10 + digit;
        decimals = p - point - 1;
        digits += decimals;
      }
      const ends = p >= bytes.length || bytes[p] === separator || bytes[p] === LF || bytes[p] === CR;
      const leading = bytes[from] === 48 && digits - decimals > 1;
      let value: Cell;
      if (ends && digits > 0 && digits <= 15 && !leading) {
        value = decimals > 0 ? whole / tens[decimals]! : whole;
        if (negative) value = -value;
      } else ({ value, end: p } = readCell(text, next, where(start)));

      const column = columns[k]!;
      if (typeof value === 'number') column[rows] = value;
      else if (Array.isArray(column)) column[rows] = value;
      else columns[k] = [...column.subarray(0, rows), value];
      next = p;
      if (k < width - 1) {
        if (bytes[next] !== separator) throw ragged(text, where(start)(), k + 1, width);
        next++;
      }
    }
    if (next < bytes.length && bytes[next] === separator)
      throw ragged(text, where(start)(), readRow(text, start, where(start)).cells.length, width);
    rows++;
  }
  return { rows, columns: columns.map((c) => (Array.isArray(c) || rows === most ? c : c.subarray(0, rows))) };
}

/** A cell of any kind from `at` on, and where it ends: at a separator, the line's end or the file's. */
function readCell(
  text: CsvText,
  at: number,
  where: () => string,
): { value: Cell; text: string; end: number } {
  const { bytes, separator } = text;
  if (bytes[at] === QUOTE) return readQuoted(text, at, where);
  let end = at;
  while (end < bytes.length && bytes[end] !== separator && bytes[end] !== LF && bytes[end] !== CR) end++;
  const written = textOf(text, at, end, where).trim();
  const value = written === '' ? null : number.test(written) ? Number(written) : written;
  return { value, text: written, end };
}

function readQuoted(
  text: CsvText,
  at: number,
  where: () => string,
): { value: Cell; text: string; end: number } {
  const { bytes, separator, name } = text;
  let end = at + 1;
  let doubled = false;
  for (; bytes[end] !== QUOTE || bytes[end + 1] === QUOTE; end++) {
    if (end >= bytes.length)
      throw badCsv(name, `${where()} has a quote that doesn't end; write "" for one in a text`);
    if (bytes[end] !== QUOTE) continue;
    doubled = true;
    end++;
  }
  const inner = textOf(text, at + 1, end, where);
  const after = bytes[end + 1];
  if (after !== undefined && after !== separator && after !== LF && after !== CR)
    throw badCsv(name, `${where()} has something after a closing quote; write "" for a quote within a text`);
  const value = doubled ? inner.replaceAll('""', '"') : inner;
  return { value, text: value, end: end + 1 };
}

function textOf(text: CsvText, from: number, to: number, where: () => string): string {
  const found = text.slice(from, to);
  if (found === undefined)
    throw badCsv(text.name, `${where()} has a text that isn't UTF-8; save the file as UTF-8`);
  return found;
}

/** No more rows than line ends, nor than bytes for their cells: else a hostile file could ask for any amount of memory. */
function mostRows(bytes: Uint8Array, from: number, width: number): number {
  let lines = 1;
  for (let at = from; at < bytes.length; at++) if (bytes[at] === LF || bytes[at] === CR) lines++;
  return Math.min(lines, Math.ceil((bytes.length - from + 1) / width));
}

/** What messages call a row, by its number from 0 and where it starts. */
export function placeOf({ bytes }: CsvText, row: number, start: number): string {
  return `row ${row + 1} (line ${lineOf(bytes, start)})`;
}

function lineOf(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let i = 0; i < at; i++) if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) line++;
  return line;
}

function ragged({ name }: CsvText, where: string, cells: number, width: number): DistillError {
  return badCsv(
    name,
    `${where} has ${cells} ${cells === 1 ? 'cell' : 'cells'} where ${width} are expected; give all rows the same columns`,
  );
}
