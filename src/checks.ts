import { demand } from './errors.js';

/** How a given value reads in a sentence: short, and distinguishing "1" from 1. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (value === null || typeof value !== 'object') return String(value);
  const brand = brandOf(value);
  const { length } = value as { length?: unknown };
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return brand.endsWith('Array') && typeof length === 'number'
    ? `${article(brand)} ${brand} of ${length}`
    : `${article(brand)} ${brand}`;
}

function article(noun: string): string {
  return /^([AEIO]|U(?!int))/.test(noun) ? 'an' : 'a';
}

/**
 * 'Float32Array', 'Map', 'Object' …: by the built-in's own tag, so that values from another realm (a vm, an iframe)
 * count too.
 */
export function brandOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/**
 * Refuses anything but a plain object with known keys; `what` says whose keys they are. Two kinds of keys mean the same
 * everywhere, and an error in them would only show up in a timer: `signal` and callbacks such as `onProgress`.
 */
export function checkNames(value: unknown, what: string, known: readonly string[]): void {
  demand(isObject(value), () => `the options of ${what} must be an object, not ${shown(value)}`);
  for (const [name, given] of Object.entries(value)) {
    demand(known.includes(name), () => `${what} has no option ${name}: there are ${known.join(', ')}`);
    if (given === undefined) continue;
    if (name === 'signal') checkSignal(given, what);
    if (/^on[A-Z]/.test(name))
      demand(typeof given === 'function', () => `${name} of ${what} must be a function, not ${shown(given)}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By what it does, so that one of another realm or of a library counts. */
function checkSignal(value: unknown, what: string): void {
  const given = isObject(value) ? value : {};
  demand(
    typeof given.aborted === 'boolean' && typeof given.addEventListener === 'function',
    () =>
      `the signal of ${what} must be an AbortSignal, such as new AbortController().signal, not ${shown(value)}`,
  );
}

/** Refuses what createEngine() doesn't answer: most of all its promise, where the await was forgotten. */
export function checkEngine(value: unknown): void {
  demand(isObject(value) && typeof value.load === 'function', () =>
    brandOf(value) === 'Promise'
      ? 'the engine is a promise: write `await createEngine()`'
      : `the engine must be what createEngine() answers, not ${shown(value)}`,
  );
}

/** Refuses what isn't an array of this type. */
export function checkArray(
  value: unknown,
  what: string,
  type: 'Float32Array' | 'Int32Array' | 'Uint8Array',
): void {
  const buffer = brandOf(value) === 'ArrayBuffer' ? `: write new ${type}(buffer)` : '';
  demand(
    brandOf(value) === type,
    () => `${what} must be ${article(type)} ${type}, not ${shown(value)}${buffer}`,
  );
}

/** Refuses what isn't a list of such elements; `which` says what they are. */
export function checkList(
  value: unknown,
  what: string,
  which: string,
  holds: (element: unknown) => boolean,
): void {
  demand(
    Array.isArray(value) && value.every(holds),
    () => `${what} must be a list of ${which}, not ${shown(value)}`,
  );
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

export function checkBoolean(value: unknown, what: string): asserts value is boolean {
  demand(typeof value === 'boolean', () => `${what} must be true or false, not ${shown(value)}`);
}

/** A whole number in [least, most]. */
export function checkWhole(
  value: unknown,
  what: string,
  least: number,
  most: number,
): asserts value is number {
  const holds = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  demand(holds, () => {
    const format = (n: number) => n.toLocaleString('en-US'); // not before it is needed: a host's first takes 25 ms
    const range =
      most === Infinity ? `of at least ${format(least)}` : `from ${format(least)} to ${format(most)}`;
    return `${what} must be a whole number ${range}, not ${shown(value)}`;
  });
}

/** A softmax's temperature. Its square and its inverse have to be f32 numbers too: outside, losses become NaN. */
export function checkTemperature(value: unknown): asserts value is number {
  checkNumber(value, 'the temperature', 'a positive number', (t) => t > 0);
  checkNumber(value, 'the temperature', 'a number from 1e-18 to 1e18', (t) => t >= 1e-18 && t <= 1e18);
}

/** A number that is finite and above 0 as f32, too. */
export function isPositive(value: number): boolean {
  return Math.fround(value) > 0 && Math.fround(value) < Infinity;
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
