import { DistillError, demand } from '../errors.js';
import type { Cell } from '../formats/table.js';

export interface ClassLabels {
  /** −1 where there is none. */
  labels: Int32Array;
  /** In order. */
  classNames: readonly string[];
}

export interface ClassLabelsOptions {
  /** What messages call the labels, as in "x.csv, column "species"". */
  name: string;
  /** The names that whole numbers from 0 stand for, where the file has them. */
  meanings?: readonly string[] | undefined;
  /** The classes of the training data: labels are found among them by name. */
  classNames?: readonly string[] | undefined;
}

const MOST_CLASSES = 65_536;

/** A whole number as one writes it: 7, not 007 or 7.0, which are names. */
const whole = /^(?:0|-?[1-9]\d*)$/;

/**
 * What the values of a label column stand for. Numbers from 0 that leave out at most every other class are the classes'
 * indices; other numbers are names, in numerical order; texts in the order of their code units. Unlabeled is what is
 * null, an empty text, NaN, or −1, except where all labels are −1 or 1.
 * @throws DistillError 'bad-file' for fractions, too many classes, and labels that the training data haven't.
 */
export function classLabels(values: ArrayLike<Cell>, options: ClassLabelsOptions): ClassLabels {
  const { name, meanings, classNames } = options;
  const distinct = new Map<Cell, number>();
  const ids = Int32Array.from(values, (value) => {
    const known = distinct.get(value);
    if (known !== undefined) return known;
    distinct.set(value, distinct.size);
    return distinct.size - 1;
  });
  const first = (id: number) => `${name}, row ${ids.indexOf(id) + 1}`;
  const texts = [...distinct.keys()].map((value, id) => textOf(value, () => first(id)));
  const labeled = new Set(texts.filter((text) => text !== ''));
  if (!(labeled.size === 2 && labeled.has('1'))) labeled.delete('-1');
  const fractional = texts.findIndex((text) => Number(text) % 1 !== 0 && Number.isFinite(Number(text)));
  if (fractional >= 0 && [...labeled].every((text) => Number.isFinite(Number(text))))
    throw new DistillError(
      'bad-file',
      `${first(fractional)}: the label is ${texts[fractional]}; regression isn't supported, labels are classes: give whole numbers or names`,
    );

  const named = meanings ? texts.map((text) => meaningOf(text, meanings)) : texts;
  const names = classNames ?? (meanings && [...meanings]) ?? ordered(labeled);
  demand(names.length > 0, () => `${name}: no row has a label; say that there are none`, 'bad-file');
  demand(
    names.length <= MOST_CLASSES,
    () =>
      `${name}: there are ${names.length} different labels, where 65,536 classes are possible; is it the right column?`,
    'bad-file',
  );
  const indices = new Map(names.map((text, i) => [text, i]));
  const classes = named.map((text, id) => {
    const index = indices.get(text);
    demand(
      index !== undefined || !labeled.has(texts[id]!),
      () =>
        `${first(id)}: the label ${JSON.stringify(text.slice(0, 60))} is none of the classes ${shownNames(names)}`,
      'bad-file',
    );
    return index ?? -1;
  });
  return { labels: ids.map((id) => classes[id]!), classNames: names };
}

function textOf(value: Cell, where: () => string): string {
  if (typeof value === 'object' && value !== null)
    throw new DistillError('bad-file', `${where()}: the label is a list; give one number or name a row`);
  return value === null || Number.isNaN(value) ? '' : String(value).trim();
}

function meaningOf(text: string, meanings: readonly string[]): string {
  return whole.test(text) ? (meanings[Number(text)] ?? text) : text;
}

/** Names of classes in their order. */
export function ordered(found: Iterable<string>): string[] {
  const names = [...new Set(found)];
  if (!names.every((name) => whole.test(name))) return names.sort(byCodeUnits);
  const numbers = names.map(Number).sort((a, b) => a - b);
  const classes = numbers.at(-1)! + 1;
  // Left out are classes that a part of the data lacks; {0, 255} aren't 256 of them.
  if (numbers[0] === 0 && classes <= 2 * numbers.length)
    return Array.from({ length: classes }, (_, i) => String(i));
  return names.sort((a, b) => Number(a) - Number(b) || byCodeUnits(a, b));
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function shownNames(names: readonly string[]): string {
  const some = names.slice(0, 10).map((name) => name.slice(0, 40));
  return names.length > 10 ? `${some.join(', ')} … (${names.length} in all)` : some.join(', ');
}
