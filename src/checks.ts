import { demand } from './errors.js';

/** How a given value reads in a sentence: short, and distinguishing "1" from 1. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (typeof value === 'function') return 'a function';
  if (value === null || typeof value !== 'object') return String(value);
  const brand = brandOf(value);
  const { length } = value as { length?: unknown };
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return brand.endsWith('Array') && typeof length === 'number'
    ? `a ${brand} of ${length}`
    : `${article(brand)} ${brand}`;
}

function article(noun: string): string {
  return /^[AEIOU]/.test(noun) ? 'an' : 'a';
}

/**
 * 'Float32Array', 'Map', 'Object' …: by the built-in's own tag, so that values from another realm (a vm, an iframe)
 * count too.
 */
export function brandOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** Refuses anything but a plain object with known keys; `what` says whose keys they are. */
export function checkNames(value: unknown, what: string, known: readonly string[]): void {
  demand(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    () => `${what} must be an object, not ${shown(value)}`,
  );
  const unknown = Object.keys(value as object).find((name) => !known.includes(name));
  demand(unknown === undefined, () => `${what} has no option ${unknown}: there are ${known.join(', ')}`);
}

/** Refuses a word that isn't one of the known ones. */
export function checkWord<W extends string>(
  value: unknown,
  what: string,
  known: readonly W[],
): asserts value is W {
  demand(
    known.includes(value as W),
    () => `${what} must be ${known.map((word) => `'${word}'`).join(' or ')}, not ${shown(value)}`,
  );
}

/** Refuses anything but a number that satisfies `holds`; `which` completes "… must be". */
export function checkNumber(
  value: unknown,
  what: string,
  which: string,
  holds: (value: number) => boolean,
): asserts value is number {
  demand(typeof value === 'number' && holds(value), () => `${what} must be ${which}, not ${shown(value)}`);
}

/** A whole number in [least, most]. */
export function checkWhole(
  value: unknown,
  what: string,
  least: number,
  most: number,
): asserts value is number {
  const format = (n: number) => n.toLocaleString('en-US');
  const range =
    most === Infinity ? `of at least ${format(least)}` : `from ${format(least)} to ${format(most)}`;
  checkNumber(value, what, `a whole number ${range}`, (n) => Number.isInteger(n) && n >= least && n <= most);
}

/** A seed of the random streams. */
export function checkSeed(value: unknown): asserts value is number {
  checkNumber(
    value,
    'the seed',
    'a whole number from 0 to 4294967295',
    (n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32,
  );
}
