import { DistillError } from '../errors.js';

/**
 * A position in the JSON of a safetensors header. It isn't read by JSON.parse, which hides repeated keys; and the format has
 * only objects, strings and arrays of whole numbers, so nothing can nest deeply or be left unread.
 */
export interface Reader {
  readonly text: string;
  readonly file: string;
  at: number;
}

/** Reads `{"key": value, …}`; `readValue` must read the value of the key that it is given. */
export function readObject(reader: Reader, readValue: (key: string) => void): void {
  expect(reader, '{');
  if (accept(reader, '}')) return;
  const keys = new Set<string>();
  do {
    const key = readString(reader);
    if (keys.has(key)) throw badHeader(reader, `no second ${quote(key)} in one object`);
    keys.add(key);
    expect(reader, ':');
    readValue(key);
  } while (accept(reader, ','));
  expect(reader, '}');
}

export function readIntegers(reader: Reader): number[] {
  const values: number[] = [];
  expect(reader, '[');
  if (accept(reader, ']')) return values;
  do {
    values.push(readInteger(reader));
  } while (accept(reader, ','));
  expect(reader, ']');
  return values;
}

/** A whole number without sign, leading zeros, point or exponent, below 2^53. */
function readInteger(reader: Reader): number {
  skipSpace(reader);
  const start = reader.at;
  while (isDigit(reader.text.charCodeAt(reader.at))) reader.at++;
  const digits = reader.text.slice(start, reader.at);
  const value = Number(digits);
  if (digits === '' || (digits.length > 1 && digits[0] === '0') || !Number.isSafeInteger(value)) {
    throw badHeader(reader, 'a whole number below 2^53');
  }
  return value;
}

export function readString(reader: Reader): string {
  expect(reader, '"');
  const start = reader.at - 1;
  for (; reader.text[reader.at] !== '"'; reader.at++) {
    if (reader.text[reader.at] === '\\') reader.at++;
    if (reader.at >= reader.text.length) throw badHeader(reader, 'the end of a string');
  }
  reader.at++;
  let value: unknown;
  try {
    // The reader finds where a string ends; what it may contain, and what escapes mean, is left to JSON.parse.
    value = JSON.parse(reader.text.slice(start, reader.at));
  } catch {}
  // Half a surrogate pair can be escaped but isn't a character: no writer could write it back as UTF-8.
  if (typeof value !== 'string' || hasLoneSurrogate(value)) throw badHeader(reader, 'a valid string');
  return value;
}

function expect(reader: Reader, character: string): void {
  if (!accept(reader, character)) throw badHeader(reader, `a ${character}`);
}

/** Skips spaces, then `character` if it comes next. */
function accept(reader: Reader, character: string): boolean {
  skipSpace(reader);
  if (reader.text[reader.at] !== character) return false;
  reader.at++;
  return true;
}

function skipSpace(reader: Reader): void {
  while (' \t\n\r'.includes(reader.text[reader.at] ?? '?')) reader.at++;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** Quoted and cut to a length fit for a message: names in a hostile file can be of any length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

export function badHeader(reader: Reader, expected: string): DistillError {
  const { text, at, file } = reader;
  const near = quote(text.slice(Math.max(0, at - 20), at + 20));
  return badFile(file, `the header has to have ${expected} at character ${at}, near ${near}`);
}

export function badFile(file: string, found: string, advice?: string, options?: ErrorOptions): DistillError {
  return new DistillError(
    'bad-file',
    `${file}: ${found}; ${advice ?? 'get it again, or check that it is a safetensors file'}`,
    options,
  );
}
