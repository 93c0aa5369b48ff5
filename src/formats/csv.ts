/**
 * CSV (RFC 4180) and its kin by tabs, semicolons or bars. One loop over the bytes, which reads plain numbers as it goes:
 * to make a string of each cell first takes several times as long.
 */
import type { Bytes } from '../arrays.js';
import { brandOf, checkArray, checkBoolean, checkNames, shown } from '../checks.js';
import { demand } from '../errors.js';
import { placeOf, readRow, readRows } from './csv-rows.js';
import { type CsvText, csvText, LF, skipBlank } from './csv-text.js';
import type { Cell, Table } from './table.js';

export interface CsvOptions {
  /** What separates cells, one ASCII character (default: a tab for names in .tsv; else what the first row has most of: , ; tab |). */
  delimiter?: string;
  /** Whether the first row holds the columns' names (default: unless all its cells are numbers). */
  header?: boolean;
}

/**
 * Reads a table: UTF-8 (with its mark, UTF-16 too), quotes, doubled quotes and line ends within quotes, any line ends;
 * empty lines are passed over. A column of numbers alone comes as a Float64Array; in others a cell is a number where it
 * is written as one without quotes or leading zeros, null where it is empty, else text.
 *
 * scikit-learn's first row (rows, features, names of the classes) is understood.
 *
 * `name` is the file's name, for messages. Throws `bad-file` for rows of different lengths, `bad-argument` for options.
 */
export function parseCsv(bytes: Uint8Array, name: string, options: CsvOptions = {}): Table {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  checkNames(options, 'parseCsv', ['delimiter', 'header']);
  const { delimiter, header } = options;
  demand(
    delimiter === undefined || (typeof delimiter === 'string' && /^[\t\x20-\x7e]$/.test(delimiter)),
    () => `the delimiter must be one character, such as "," or a tab, not ${shown(delimiter)}`,
  );
  demand(
    delimiter === undefined || !/["\w.+-]/.test(delimiter),
    () => `the delimiter can't be ${shown(delimiter)}, of which cells consist`,
  );
  if (header !== undefined) checkBoolean(header, 'header');

  const data = asUtf8(bytes);
  const start = skipBlank(data, data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0);
  demand(start < data.length, () => `${name}: there is no row in it; give a file with some`, 'bad-file');
  const separator = delimiter?.charCodeAt(0) ?? (/\.tsv(\.gz)?$/i.test(name) ? 9 : separatorOf(data, start));
  return readTable(csvText(data, separator, name), start, header);
}

function readTable(text: CsvText, start: number, header: boolean | undefined): Table {
  const first = readRow(text, start, () => 'the first row');
  const known = header ?? first.cells.some((cell) => typeof cell === 'string');
  const next = known ? skipBlank(text.bytes, first.end) : start;
  demand(
    next < text.bytes.length,
    () => `${text.name}: there is no row after the columns' names; give a file with some`,
    'bad-file',
  );
  const second = known ? readRow(text, next, () => placeOf(text, 0, next)).cells : first.cells;
  const counted = header === undefined ? countsOf(first.cells, second.length) : undefined;
  const names = known && !counted ? first.texts : undefined;
  const { rows, columns } = readRows(text, next, names?.length ?? second.length);
  demand(
    counted === undefined || counted.rows === rows,
    () =>
      `${text.name}: its first row says that ${counted?.rows} follow, but there are ${rows}; get it again`,
    'bad-file',
  );
  return {
    rows,
    columns: columns.map((values, i) => ({ name: names?.[i] ?? String(i), values })),
    ...(counted && { classNames: { [String(second.length - 1)]: counted.names } }),
  };
}

/** What scikit-learn's files begin with: how many rows, how many features, the classes' names. */
function countsOf(
  [rows, features, ...names]: readonly Cell[],
  width: number,
): { rows: number; names: string[] } | undefined {
  const isCount = typeof rows === 'number' && Number.isInteger(rows) && features === width - 1;
  if (!isCount || names.length === 0 || !names.every((name) => typeof name === 'string')) return undefined;
  return { rows, names: names as string[] };
}

/** Of comma, semicolon, tab and bar the one that the first row has most of outside quotes. */
function separatorOf(bytes: Uint8Array, start: number): number {
  const counts = new Map([',', ';', '\t', '|'].map((character) => [character.charCodeAt(0), 0]));
  for (let at = start, quoted = false; at < bytes.length && (quoted || bytes[at] !== LF); at++) {
    const byte = bytes[at]!;
    if (byte === 0x22) quoted = !quoted;
    else if (!quoted && counts.has(byte)) counts.set(byte, counts.get(byte)! + 1);
  }
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}

/** The bytes in memory of their own kind; what a mark says to be UTF-16, as Excel's "Unicode text" is, as UTF-8. */
function asUtf8(bytes: Uint8Array): Bytes {
  // TextDecoder takes no shared memory.
  const shared = brandOf(bytes.buffer) === 'SharedArrayBuffer';
  const own = shared ? new Uint8Array(bytes) : (bytes as Bytes);
  const wide =
    own[0] === 0xff && own[1] === 0xfe ? 'utf-16le' : own[0] === 0xfe && own[1] === 0xff ? 'utf-16be' : '';
  return wide ? new TextEncoder().encode(new TextDecoder(wide).decode(own)) : own;
}
