/** The words of shorthand: how they are written, and the layers that each stands for. */
import { demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';
import { activated, convM, fire, named, preActivation, residual, separable } from './blocks.js';
import type { LayerSpec } from './layer-specs.js';
import { nearest } from './nearest.js';

/** A word of the text; words expanded from one word keep its place. */
export interface Word {
  readonly text: string;
  /** From 1. */
  readonly place: number;
}

/** `conv16k5s2v*2` or `dense800@mid`, split into its parts. */
export interface Parts {
  readonly word: Word;
  readonly kind: Kind;
  /** Right behind the kind: 16, .5, or 16-64-64. */
  readonly numbers: readonly number[];
  /** By their letters. */
  readonly suffixes: Readonly<Partial<Record<Letter, number>>>;
  /** No padding. */
  readonly valid: boolean;
  /** Neither batch norm nor an activation. */
  readonly bare: boolean;
  readonly times: number;
  readonly name: string | undefined;
}

/** Kernel, stride, dilation, groups, padding, pieces of maxout. */
type Letter = 'k' | 's' | 'd' | 'g' | 'p' | 'x';

/** Where a word stands. */
export interface Surroundings {
  /** What its layers are given. */
  readonly input: Shape;
  /** Whether layers have batch norm. */
  readonly norm: boolean;
  /** The class layer, which has neither batch norm nor an activation. */
  readonly isClasses: boolean;
}

interface WordKind {
  /** How many numbers come right behind it; optional ones may be left out. */
  readonly numbers: 0 | 1 | 3 | 'optional';
  /** A word with its numbers, for messages. */
  readonly example: string;
  /** What may follow: letters with a number each, v, bare. */
  readonly suffixes: readonly (Letter | 'v' | 'bare')[];
  layers(parts: Parts, surroundings: Surroundings): LayerSpec[];
}

const plain = (layer: LayerSpec): Pick<WordKind, 'numbers' | 'suffixes' | 'layers'> => ({
  numbers: 0,
  suffixes: [],
  layers: ({ name }) => [{ ...named(name), ...layer }],
});

const kinds = {
  conv: {
    numbers: 1,
    example: 'conv16',
    suffixes: ['k', 's', 'd', 'g', 'p', 'x', 'v', 'bare'],
    layers: (parts, around) => {
      const { k, d, g, x = 1 } = parts.suffixes;
      const own = { ...optional({ kernel: k, dilation: d, groups: g }), ...moving(parts) };
      return weighted({ conv: parts.numbers[0]! * x, ...own }, parts, around);
    },
  },
  deconv: {
    numbers: 1,
    example: 'deconv16',
    suffixes: ['k', 's', 'd', 'p', 'v', 'bare'],
    layers: (parts, around) => {
      const { k, d } = parts.suffixes;
      const own = { ...optional({ kernel: k, dilation: d }), ...moving(parts) };
      return weighted({ deconv: parts.numbers[0]!, ...own }, parts, around);
    },
  },
  dw: {
    numbers: 'optional',
    example: 'dw3',
    suffixes: ['s', 'd', 'p', 'v', 'bare'],
    layers: (parts, around) => {
      const { d } = parts.suffixes;
      const [depthwise = 3] = parts.numbers;
      return weighted({ depthwise, ...optional({ dilation: d }), ...moving(parts) }, parts, around);
    },
  },
  sep: {
    numbers: 1,
    example: 'sep32',
    suffixes: ['k', 's'],
    layers: ({ numbers: [filters], suffixes: { k: kernel = 3, s: stride = 1 }, name }, { norm }) =>
      separable(filters!, { kernel, stride, norm, name }),
  },
  res: {
    numbers: 1,
    example: 'res32',
    suffixes: ['s'],
    layers: ({ numbers: [filters], suffixes: { s: stride = 1 }, name }, { norm, input }) =>
      residual(filters!, { channels: input.at(-1)!, stride, norm, name }),
  },
  pre: {
    numbers: 1,
    example: 'pre32',
    suffixes: ['s'],
    layers: ({ numbers: [filters], suffixes: { s: stride = 1 }, name }, { norm, input }) =>
      preActivation(filters!, { channels: input.at(-1)!, stride, norm, name }),
  },
  fire: {
    numbers: 3,
    example: 'fire16-64-64',
    suffixes: [],
    layers: ({ numbers: [squeeze, expand1, expand3], name }, { norm }) =>
      fire(squeeze!, expand1!, expand3!, { norm, name }),
  },
  convm: {
    numbers: 3,
    example: 'convm16-8-8',
    suffixes: [],
    layers: ({ numbers: [own, dilated, transposed], name }, { norm }) =>
      convM(own!, dilated!, transposed!, { norm, name }),
  },
  dense: {
    numbers: 1,
    example: 'dense800',
    suffixes: ['x', 'bare'],
    layers: (parts, around) => {
      const { x = 1 } = parts.suffixes;
      if (around.isClasses) return [{ ...named(parts.name), dense: parts.numbers[0]! }];
      return weighted({ dense: parts.numbers[0]! * x }, parts, around);
    },
  },
  pool: {
    numbers: 'optional',
    example: 'pool2',
    suffixes: ['s', 'p'],
    layers: (parts) => [{ ...named(parts.name), pool: parts.numbers[0] ?? 2, ...moving(parts) }],
  },
  avg: {
    numbers: 'optional',
    example: 'avg2',
    suffixes: ['s', 'p'],
    layers: (parts) => [{ ...named(parts.name), avg: parts.numbers[0] ?? 2, ...moving(parts) }],
  },
  gap: { ...plain({ gap: true }), example: 'gap' },
  up: {
    numbers: 'optional',
    example: 'up2',
    suffixes: [],
    layers: ({ numbers: [upsample = 2], name }) => [{ ...named(name), upsample }],
  },
  drop: {
    numbers: 1,
    example: 'drop.5',
    suffixes: [],
    layers: ({ numbers: [dropout], name }) => [{ ...named(name), dropout: dropout! }],
  },
  flatten: { ...plain({ flatten: true }), example: 'flatten' },
  norm: { ...plain({ norm: 'batch' }), example: 'norm' },
  bnrelu: {
    ...plain({ relu: true }),
    example: 'bnrelu',
    layers: ({ name }) => [
      { ...named(name, '.norm'), norm: 'batch' },
      { ...named(name), relu: true },
    ],
  },
  relu: { ...plain({ relu: true }), example: 'relu' },
  leaky: {
    numbers: 'optional',
    example: 'leaky.01',
    suffixes: [],
    layers: ({ numbers: [leakyRelu = 0.01], name }) => [{ ...named(name), leakyRelu }],
  },
  sigmoid: { ...plain({ sigmoid: true }), example: 'sigmoid' },
  tanh: { ...plain({ tanh: true }), example: 'tanh' },
  maxout: {
    numbers: 1,
    example: 'maxout2',
    suffixes: [],
    layers: ({ numbers: [maxout], name }) => [{ ...named(name), maxout: maxout! }],
  },
} as const satisfies Record<string, WordKind>;

export type Kind = keyof typeof kinds;

export const wordKinds: { readonly [K in Kind]: WordKind } = kinds;

/** Longer ones first, so that convm isn't taken for conv. */
const KINDS = (Object.keys(kinds) as Kind[]).sort((a, b) => b.length - a.length);

/** A layer with weights, with batch norm and an activation unless it is bare. */
function weighted(
  layer: Parameters<typeof activated>[0],
  { kind, suffixes: { x }, bare, name }: Parts,
  { norm }: Surroundings,
): LayerSpec[] {
  if (!bare) return activated(layer, { norm, name }, x === undefined ? { relu: true } : { maxout: x });
  demand(x === undefined, () => `a bare ${kind} has no maxout: write maxout behind it`);
  // A bare convolution is one before batch norm, as where pre-activation blocks begin.
  return [{ ...named(name), ...layer, ...(norm && kind !== 'dense' && { bias: false }) }];
}

function moving({ suffixes: { s, p }, valid }: Parts): { stride?: number; pad?: number } {
  return optional({ stride: s, pad: valid ? 0 : p });
}

/** Without what is undefined. */
function optional<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/**
 * Splits a word into its parts.
 * @throws DistillError 'bad-argument' for a word that isn't one.
 */
export function partsOf(word: Word): Parts {
  const { text } = word;
  const kind = KINDS.find((known) => text.startsWith(known));
  const found =
    kind &&
    /^([\d.-]*)((?:[a-z]\d+|v|bare|lin)*)(?:\*(\d+))?(?:@([a-zA-Z_][\w.-]*))?$/.exec(text.slice(kind.length));
  if (!kind || !found) refuse(word);
  const [, digits = '', suffixes = '', times = '1', name] = found;
  // convn16 is no conv without its number.
  if (digits === '' && /^[a-z]\d/.test(suffixes) && !isSuffix(kind, suffixes[0]!)) refuse(word);
  demand(Number(times) >= 1 && Number(times) <= 1000, () => `${at(word)}: repeat it 1 to 1000 times`);
  demand(name === undefined || times === '1', () => `${at(word)}: what is repeated can't have a name`);
  return {
    ...{ word, kind, name, times: Number(times) },
    numbers: numbersOf(word, kind, digits),
    ...suffixesOf(word, kind, suffixes),
  };
}

function numbersOf(word: Word, kind: Kind, digits: string): number[] {
  const { numbers: count, example } = wordKinds[kind];
  const numbers =
    digits === '' ? [] : digits.split('-').map((part) => (part === '' ? Number.NaN : Number(part)));
  const expected = count === 'optional' ? numbers.length <= 1 : numbers.length === count;
  demand(expected && !numbers.some(Number.isNaN), () => {
    if (count === 0) return `${at(word)}: ${kind} takes no number`;
    const what = count === 3 ? 'its three numbers' : 'its number';
    return `${at(word)}: write ${what} right behind it, such as ${example}`;
  });
  return numbers;
}

function suffixesOf(word: Word, kind: Kind, text: string): Pick<Parts, 'suffixes' | 'valid' | 'bare'> {
  const known = wordKinds[kind].suffixes;
  const all = (text.match(/[a-z]\d+|v|bare|lin/g) ?? []).map((part) => (part === 'lin' ? 'bare' : part));
  const letters = all.map((part) => part.replace(/\d+$/, ''));
  for (const [i, letter] of letters.entries()) {
    const meant = known.map((one) => (one.length === 1 && one !== 'v' ? `${one}<n>` : one)).join(', ');
    demand(
      isSuffix(kind, letter),
      () => `${at(word)}: ${kind} takes ${meant === '' ? 'no suffix' : meant}, not ${all[i]}`,
    );
    demand(letters.indexOf(letter) === i, () => `${at(word)}: ${letter} is said twice`);
  }
  const [valid, padded] = [letters.includes('v'), letters.includes('p')];
  demand(!(valid && padded), () => `${at(word)}: v is without padding, p<n> with`);
  const suffixes = all.filter((part) => /\d/.test(part)).map((part) => [part[0]!, Number(part.slice(1))]);
  return { suffixes: Object.fromEntries(suffixes), valid, bare: letters.includes('bare') };
}

function isSuffix(kind: Kind, letter: string): boolean {
  return (wordKinds[kind].suffixes as readonly string[]).includes(letter);
}

/** Refuses an unknown word. */
function refuse(word: Word): never {
  const { text } = word;
  const head = /^[a-z]*/i.exec(text)![0];
  const known = ['nobn', ...Object.keys(kinds)];
  const guess =
    nearest(head.toLowerCase(), known) ?? KINDS.find((kind) => text.toLowerCase().startsWith(kind));
  let what = `isn't known: known are ${known.join(', ')}`;
  if (text === 'nobn') what = 'stands at the beginning';
  else if (guess === 'nobn' && guess === head)
    what = "can't be read: nobn stands alone, words have spaces between them";
  else if (guess !== undefined && guess !== head)
    what += `; did you mean ${guess}${text.slice(head.length)}?`;
  else if (guess !== undefined)
    what = `can't be read: after ${guess} come ${wordKinds[guess as Kind].numbers === 0 ? '' : 'a number, '}suffixes such as k5, *times and @name`;
  demand(false, `${at(word)} ${what}`);
}

/** How messages refer to a word. */
export function at({ text, place }: Word): string {
  return `word ${place}, \`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
