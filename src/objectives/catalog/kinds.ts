import { checkBoolean, checkList, checkNumber, checkTemperature, checkWord, shown } from '../../checks.js';
import { demand } from '../../errors.js';

/** What an option of the catalog can be. */
export interface Kind {
  /** "a number of at least 0" */
  readonly takes: string;
  /** @throws DistillError 'bad-argument' for what it can't be; `what` says which option of what. */
  readonly check: (value: unknown, what: string) => void;
}

// Written without calls: bundlers would keep these.

export const aTemperature: Kind = {
  takes: 'a positive number',
  check: (value) => checkTemperature(value),
};

export const aWeight: Kind = {
  takes: 'a number of at least 0',
  check: (value, what) => checkNumber(value, what, aWeight.takes, (w) => w >= 0 && w < Infinity),
};

export const aShare: Kind = {
  takes: 'a number from 0 to 1',
  check: (value, what) => checkNumber(value, what, aShare.takes, (share) => share >= 0 && share <= 1),
};

export const aPositive: Kind = {
  takes: 'a number above 0',
  check: (value, what) => checkNumber(value, what, aPositive.takes, (n) => n > 0 && n < Infinity),
};

export const aSwitch: Kind = { takes: 'true or false', check: checkBoolean };

/** Of what paper and public codes differ in. */
export const aForm: Kind = {
  takes: 'paper or common',
  check: (value, what) => checkWord(value, what, ['paper', 'common']),
};

export const aLayer: Kind = {
  takes: "a layer's name",
  check: (value, what) =>
    demand(typeof value === 'string', () => `${what} must be ${aLayer.takes}, not ${shown(value)}`),
};

export const someLayers: Kind = {
  takes: "layers' names",
  check: (value, what) => checkList(value, what, someLayers.takes, (name) => typeof name === 'string'),
};

export const somePairs: Kind = {
  takes: 'pairs of names, { student, teacher }',
  check: (value, what) => checkPairs(value, what, somePairs.takes, isName),
};

/** Of kept maps the teacher's layer has no name. */
export const pairsOrKept: Kind = {
  takes: 'pairs of names, { student, teacher }; of a kept map one, { student }',
  check: (value, what) =>
    checkPairs(value, what, somePairs.takes, (name) => name === undefined || isName(name)),
};

function checkPairs(
  value: unknown,
  what: string,
  takes: string,
  isTeacher: (name: unknown) => boolean,
): void {
  const isPair = (pair: unknown) => isName(Object(pair).student) && isTeacher(Object(pair).teacher);
  checkList(value, what, takes, isPair);
  demand((value as unknown[]).length > 0, () => `${what} needs at least one pair, { student, teacher }`);
}

function isName(name: unknown): boolean {
  return typeof name === 'string';
}
