import type { Bytes } from '../arrays.js';
import { DistillError } from '../errors.js';

/** The bytes of a table as text. */
export interface CsvText {
  readonly bytes: Uint8Array;
  /** The byte between cells. */
  readonly separator: number;
  readonly name: string;
  /** Some bytes as text, or undefined where they aren't UTF-8. */
  slice(from: number, to: number): string | undefined;
}

const WINDOW = 2 ** 16;

/** Decodes ASCII by windows and slices: a decoder's call, or a string made byte by byte, takes several times as long as a short cell. */
export function csvText(bytes: Bytes, separator: number, name: string): CsvText {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const ascii = new TextDecoder('latin1');
  let start = 0;
  let text = '';
  const slice = (from: number, to: number) => {
    let at = from;
    while (at < to && bytes[at]! < 128) at++;
    if (at < to || to - from > WINDOW / 4) return decoded(utf8, bytes.subarray(from, to));
    if (from < start || to > start + text.length) {
      start = from;
      text = ascii.decode(bytes.subarray(start, start + WINDOW));
    }
    return text.slice(from - start, to - start);
  };
  return { bytes, separator, name, slice };
}

function decoded(utf8: TextDecoder, bytes: Bytes): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Where the next line that isn't empty begins. */
export function skipBlank(bytes: Uint8Array, at: number): number {
  let start = at;
  while (bytes[start] === LF || bytes[start] === CR) start++;
  return start;
}

export const LF = 0x0a;
export const CR = 0x0d;

export function badCsv(name: string, found: string): DistillError {
  return new DistillError('bad-file', `${name}: ${found}`);
}
