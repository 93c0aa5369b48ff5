/**
 * Networks in one line, short enough to type: `28x28x1 nobn dense800*2 drop.5 dense10`.
 *
 *     text    [shape] [nobn] word …, or hidden units alone: 800,800
 *     shape   28x28x1 or 784, of one sample; left out where the caller knows it
 *     word    kind, number, suffixes: denseN with a ReLU behind it, except the last one (`bare`: without), dropP, relu,
 *             flatten
 *     *n      n times; @name names it, so that at('name') of a network is after its ReLU and at('name:pre') before
 *
 * Hidden layers have batch norm unless the text begins with `nobn`. Neither batch norm nor convolution exists yet, so
 * networks are `nobn` ones of dense layers.
 */
import { checkNames as checkOptionNames, checkWhole, shown } from '../checks.js';
import { demand } from '../errors.js';
import { type Shape, size } from '../graph/shape.js';
import { checkArchitecture, takes } from './architecture.js';
import type { LayerSpec } from './layer-specs.js';
import { nearest } from './nearest.js';
import type { Architecture, InputSpec } from './specs.js';

export interface ShorthandOptions {
  /** The samples' input spec, if the caller knows it; a shape in the text must take them. */
  input?: InputSpec | undefined;
  /** How many classes the samples have: a layer of this many is appended if the text doesn't end with one. */
  classes?: number | undefined;
}

export interface ShorthandResult {
  architecture: Architecture;
  /** What was assumed beyond the text, in sentences. */
  notes: readonly string[];
}

function checkOptions(options: ShorthandOptions): void {
  checkOptionNames(options, 'parseShorthand', ['input', 'classes']);
  const { input, classes } = options;
  if (classes !== undefined) checkWhole(classes, 'classes', 1, Infinity);
  if (input !== undefined)
    demand(
      Array.isArray(input?.shape),
      () => `input must be what samples are, such as { shape: [28, 28, 1] }, not ${shown(input)}`,
    );
}

/** A word of the text; words expanded from one word keep its place. */
interface Word {
  readonly text: string;
  /** From 1. */
  readonly place: number;
}

/** `dense800bare*2` or `dense800@mid`, split into its parts. */
interface Parts {
  readonly word: Word;
  readonly kind: Kind;
  readonly number: string;
  readonly bare: boolean;
  readonly times: number;
  readonly name: string | undefined;
}

const KINDS = ['dense', 'drop', 'relu', 'flatten'] as const;
type Kind = (typeof KINDS)[number];

/** Keywords for layers that aren't supported yet. */
const LATER = /^(conv|deconv|convm|dw|sep|pool|avg|gap|res|pre|fire|norm|bnrelu|maxout)(?![a-z])/;
const ALONE = 'until then networks are `nobn` ones of dense, drop, relu and flatten';

/**
 * Reads a network in shorthand.
 * @throws DistillError 'bad-argument' with a sentence that points at the word.
 */
export function parseShorthand(text: string, options: ShorthandOptions = {}): ShorthandResult {
  checkOptions(options);
  demand(
    typeof text === 'string' && text.trim() !== '',
    'there is no network in an empty text: write one such as `nobn dense800 dense800`, or 800,800',
  );
  const notes: string[] = [];
  const words = text
    .trim()
    .replace(/\s*,\s*/g, ',')
    .split(/\s+/)
    .map((word, i): Word => ({ text: word, place: i + 1 }));
  const list = words.length === 1 && /^\d+(,\d+)*$/.test(words[0]!.text);
  const first = words[0]!;
  const shape = list ? undefined : shapeOf(words);
  const input = inputOf(shape, first, options.input);
  const nobn = list || words[0]?.text === 'nobn';
  if (list) words.splice(0, 1, ...unitsOf(first));
  else if (nobn) words.shift();
  const parts = words.map(partsOf);
  checkNames(parts);
  const classes = classesAppended(parts, options.classes, notes);
  if (list && classes.length === 0)
    notes.push(`${parts.at(-1)!.number} at the end is taken for the number of classes`);
  const layers = [
    ...parts.flatMap((part, i) => {
      const isLast = i === parts.length - 1 && classes.length === 0;
      return Array.from({ length: part.times }, (_, n) =>
        layersOf(part, isLast && n === part.times - 1, nobn),
      ).flat();
    }),
    ...classes,
  ];
  return { architecture: checkArchitecture({ input, layers }), notes };
}

/** Removes the shape from the words, if they begin with one. */
function shapeOf(words: Word[]): Shape | undefined {
  const { text } = words[0]!;
  if (!/^\d+([x×]\d+)*$/.test(text)) return undefined;
  words.shift();
  return text.split(/[x×]/).map(Number);
}

function inputOf(shape: Shape | undefined, word: Word, known: InputSpec | undefined): InputSpec {
  demand(
    shape !== undefined || known !== undefined,
    'the network has to begin with the shape of a sample, such as 784 or 28x28x1, as no samples are known',
  );
  if (!shape) return known!;
  demand(
    known === undefined || takes(shape, known.shape),
    () =>
      `${at(word)}: the samples have ${size(known!.shape)} numbers (${known!.shape.join(' × ')}); hidden layers alone are written 800,800`,
  );
  return { ...known, shape };
}

/** 800,800 means dense800 dense800. */
function unitsOf(word: Word): Word[] {
  return word.text.split(',').map((units) => ({ text: `dense${units}`, place: word.place }));
}

function partsOf(word: Word): Parts {
  const { text } = word;
  const found = /^([a-z]+)([\d.]*)(bare)?(?:\*(\d+))?(?:@([a-z_][\w.-]*))?$/i.exec(text);
  const kind = KINDS.find((known) => known === found?.[1]);
  if (!found || !kind) refuse(word);
  const [, , number = '', bare, times = '1', name] = found;
  demand(kind === 'dense' || !bare, () => `${at(word)}: only dense can be bare, which is without its ReLU`);
  const takesNumber = kind === 'dense' || kind === 'drop';
  demand(
    takesNumber ? number !== '' : number === '',
    () =>
      `${at(word)}: ${takesNumber ? `write its number right behind it, such as ${kind === 'drop' ? 'drop.5' : 'dense800'}` : `${kind} takes no number`}`,
  );
  demand(Number(times) >= 1 && Number(times) <= 1000, () => `${at(word)}: repeat it 1 to 1000 times`);
  demand(name === undefined || times === '1', () => `${at(word)}: what is repeated can't have a name`);
  return { word, kind, number, bare: bare !== undefined, times: Number(times), name };
}

/** Refuses an unknown word. */
function refuse(word: Word): never {
  const { text } = word;
  const head = /^[a-z]*/i.exec(text)![0];
  const guess = nearest(head.toLowerCase(), ['nobn', ...KINDS]);
  let what = `isn't known: known are nobn, ${KINDS.join(', ')}`;
  if (LATER.test(text)) what = `comes with convolution: ${ALONE}`;
  else if (text === 'nobn') what = 'stands at the beginning';
  else if (guess !== undefined && guess !== head)
    what += `; did you mean ${guess}${text.slice(head.length)}?`;
  else if (guess !== undefined) what = `can't be read: after ${guess} come a number, bare, *times and @name`;
  demand(false, `${at(word)} ${what}`);
}

function checkNames(parts: readonly Parts[]): void {
  const names = new Set<string>();
  for (const { word, name } of parts) {
    demand(name === undefined || !names.has(name), () => `${at(word)}: ${name} is the name of another layer`);
    if (name !== undefined) names.add(name);
  }
}

/** The class layer, if the text doesn't end with one. */
function classesAppended(parts: readonly Parts[], classes: number | undefined, notes: string[]): LayerSpec[] {
  const last = parts.at(-1);
  const width = last?.kind === 'dense' ? Number(last.number) : undefined;
  if (classes === undefined) {
    demand(
      width !== undefined,
      "the network has to end with a dense layer of the classes, such as dense10, as their number isn't known",
    );
    return [];
  }
  if (width === classes) return [];
  notes.push(`dense${classes} is appended for the ${classes} classes`);
  return [{ dense: classes }];
}

/** The layers of one word. */
function layersOf({ word, kind, number, bare, name }: Parts, isLast: boolean, nobn: boolean): LayerSpec[] {
  const named = name === undefined ? {} : { name };
  const value = Number(number);
  switch (kind) {
    case 'dense': {
      demand(
        Number.isInteger(value) && value >= 1 && value < 2 ** 24,
        () => `${at(word)}: a dense layer has a whole number of units from 1 to 16777215`,
      );
      if (isLast || bare) return [{ ...named, dense: value }];
      demand(
        nobn,
        () => `${at(word)}: hidden layers carry batch norm, which comes with convolution: ${ALONE}`,
      );
      return [
        { ...(name !== undefined && { name: `${name}.dense` }), dense: value },
        { ...named, relu: true },
      ];
    }
    case 'drop':
      demand(value >= 0 && value < 1, () => `${at(word)}: the share to drop is from 0 to below 1`);
      return [{ ...named, dropout: value }];
    case 'relu':
      return [{ ...named, relu: true }];
    case 'flatten':
      return [{ ...named, flatten: true }];
  }
}

/** How messages refer to a word. */
function at({ text, place }: Word): string {
  return `word ${place}, \`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
