import * as v from 'valibot';
import { FORMATS, type FormatName } from '../files/formats.ts';

/** Schemas that read options; the messages complete "--name must be …". */

const NETWORK =
  'whole numbers of units such as 800,800 (each from 1 to 65536, at most 16 layers), or a network in shorthand';

export function real(what: string, test: (value: number) => boolean) {
  return v.pipe(
    v.string(),
    v.regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, what),
    v.transform(Number),
    v.finite(what),
    v.check(test, what),
  );
}

export function whole(least: number, most: number) {
  return real(
    `a whole number from ${least} to ${most}`,
    (n) => Number.isInteger(n) && n >= least && n <= most,
  );
}

/** A learning rate, or the one that the library's recipe has. */
export function rate() {
  const what = 'auto or a positive number';
  return v.union([v.pipe(v.literal('auto')), real(what, (lr) => lr > 0)], what);
}

export function flag() {
  return v.optional(v.boolean(), false);
}

export function path() {
  return v.optional(v.pipe(v.string(), v.nonEmpty('a path')));
}

/** Formats of models. */
export function formats() {
  const what = `${FORMATS.join(' or ')}, or several of them with commas between`;
  const isFormat = (word: string) => FORMATS.some((format) => format === word);
  return v.pipe(
    v.string(),
    v.transform((text) => text.split(',')),
    v.check((words) => words.every(isFormat), what),
    v.transform((words) => [...new Set(words)] as FormatName[]),
  );
}

/** One number for both sides, or height x width. */
export function imageSize() {
  const what = 'a whole number of pixels from 1 to 16384, or height and width such as 24x32';
  return v.pipe(
    v.string(),
    v.regex(/^\d+(x\d+)?$/, what),
    v.transform((text): [number, number] => {
      const [height, width = height] = text.split('x').map(Number);
      return [height!, width!];
    }),
    v.check((sides) => sides.every((side) => side >= 1 && side <= 16384), what),
  );
}

/** Numbers with commas between; one alone is a list, too. */
export function numbers() {
  const what = 'a number, or several with commas between';
  const number = '[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?';
  return v.pipe(
    v.string(),
    v.regex(new RegExp(`^${number}(,\\s*${number})*$`, 'i'), what),
    v.transform((text) => text.split(',').map(Number)),
  );
}

/** A number of a softmax. */
export function temperature() {
  return real('a number from 0.01 to 1000', (t) => t >= 0.01 && t <= 1000);
}

/** A network; the library parses it once the data determine its input. */
export function network() {
  return v.pipe(
    v.string(),
    v.nonEmpty(NETWORK),
    v.check((text) => !/^\d+(,|$)/.test(text) || isUnits(text), NETWORK),
  );
}

function isUnits(text: string): boolean {
  const units = text.split(',').map(Number);
  return units.length <= 16 && units.every((n) => Number.isInteger(n) && n >= 1 && n <= 65536);
}
