import type { Bytes } from '../arrays.js';
import { brandOf, checkArray, shown } from '../checks.js';
import { DistillError } from '../errors.js';
import type { Cell, Table } from './table.js';

/** More columns than data have: a hostile file could have as many as it has rows, and their product of cells. */
const MOST_CELLS = 2 ** 28;

/**
 * Reads a table of one JSON object a line, or of one JSON list of objects. Columns are in the order in which their names
 * first appear; a row without one has null there. Lists as values stay lists; objects within rows are refused.
 *
 * `name` is the file's name, for messages. Throws `bad-file`.
 */
export function parseJsonl(bytes: Uint8Array, name: string): Table {
  checkArray(bytes, name ?? 'the file', 'Uint8Array');
  const objects = readObjects(textOf(bytes, name), name);
  const columns = new Map<string, Cell[]>();
  for (const [row, { where, fields }] of objects.entries()) {
    for (const [key, value] of Object.entries(fields)) {
      if (!isCell(value))
        throw badJson(name, `${where} has ${JSON.stringify(key)} as an object; give numbers, texts or lists`);
      let column = columns.get(key);
      if (!column) {
        if ((columns.size + 1) * objects.length > MOST_CELLS)
          throw badJson(
            name,
            `${where} makes it ${columns.size + 1} columns of ${objects.length} rows; give fewer`,
          );
        column = new Array<Cell>(objects.length).fill(null);
        columns.set(key, column);
      }
      column[row] = value;
    }
  }
  if (columns.size === 0) throw badJson(name, 'there is no row in it; give one object a line');
  return { rows: objects.length, columns: [...columns].map(([key, values]) => ({ name: key, values })) };
}

interface Row {
  where: string;
  fields: object;
}

function readObjects(text: string, name: string): Row[] {
  const whole = /^\s*\[/.test(text);
  const rows = whole
    ? listed(text, name).map((value, i) => ({ where: `element ${i}`, value }))
    : text
        .split(/\r?\n/)
        .map((line, i) => ({ where: `line ${i + 1}`, line }))
        .filter(({ line }) => line.trim() !== '')
        .map(({ where, line }) => ({ where, value: parsed(line, `${name}: ${where}`) }));
  return rows.map(({ where, value }) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw badJson(name, `${where} is ${shown(value)}, not an object; give {"column": value, …}`);
    return { where, fields: value };
  });
}

function listed(text: string, name: string): readonly unknown[] {
  return parsed(text, `${name}: the list`) as readonly unknown[];
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError('bad-file', `${where} isn't JSON (${reason}); correct it`, { cause });
  }
}

function isCell(value: unknown): value is Cell {
  return Array.isArray(value) ? nested(value, 0) : value === null || typeof value !== 'object';
}

/** Lists within lists, 8 deep at most. */
function nested(list: readonly unknown[], depth: number): boolean {
  return list.every((value) =>
    Array.isArray(value)
      ? depth < 8 && nested(value, depth + 1)
      : value === null || typeof value !== 'object',
  );
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    const own = brandOf(bytes.buffer) === 'SharedArrayBuffer' ? new Uint8Array(bytes) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(own as Bytes);
  } catch (cause) {
    throw new DistillError('bad-file', `${name}: it isn't UTF-8; save it as UTF-8`, { cause });
  }
}

function badJson(name: string, found: string): DistillError {
  return new DistillError('bad-file', `${name}: ${found}`);
}
