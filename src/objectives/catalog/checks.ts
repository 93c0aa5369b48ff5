import { checkList, checkNumber, checkTemperature, checkWord, shown } from '../../checks.js';
import { demand } from '../../errors.js';

/** Checks of options, as the catalog's rows name them. */
export const isTemperature = (value: unknown): void => checkTemperature(value);

export const isWeight = (value: unknown, what: string): void =>
  checkNumber(value, what, 'a number of at least 0', (w) => w >= 0 && w < Infinity);

export const isShare = (value: unknown, what: string): void =>
  checkNumber(value, what, 'a number from 0 to 1', (share) => share >= 0 && share <= 1);

export const isPositive = (value: unknown, what: string): void =>
  checkNumber(value, what, 'a number above 0', (n) => n > 0 && n < Infinity);

export const isCount = (value: unknown, what: string): void =>
  checkNumber(value, what, 'a whole number of at least 1', (n) => Number.isInteger(n) && n >= 1);

export const isLayer = (value: unknown, what: string): void =>
  demand(typeof value === 'string', () => `${what} must be a layer's name, not ${shown(value)}`);

export const areLayers = (value: unknown, what: string): void =>
  checkList(value, what, "layers' names", (name) => typeof name === 'string');

export const isForm = (value: unknown, what: string): void => checkWord(value, what, ['paper', 'common']);

export const arePairs = (value: unknown, what: string): void => {
  const isName = (name: unknown) => typeof name === 'string';
  checkList(
    value,
    what,
    'pairs of names, { student, teacher }',
    (pair) => isName(Object(pair).student) && isName(Object(pair).teacher),
  );
  demand((value as unknown[]).length > 0, () => `${what} needs at least one pair, { student, teacher }`);
};
