import { checkNames } from '../checks.js';
import { checkArchitecture } from './architecture.js';
import type { LayerSpec } from './layer-specs.js';
import { parseShorthand } from './shorthand.js';
import type { Architecture } from './specs.js';

/**
 * An architecture as parseShorthand reads it, without the samples' values and normalization; JSON if shorthand can't
 * express it. Without names it is shorter, for people to read.
 */
export function shorthandOf(architecture: Architecture, options: { names?: boolean } = {}): string {
  checkNames(options, 'shorthandOf', ['names']);
  const { names = true } = options;
  checkArchitecture(architecture);
  const { input, layers } = names ? architecture : unnamed(architecture);
  const words = repeated(wordsOf(layers));
  const hasHidden = words.slice(0, -1).some((word) => /^dense\d+(?!.*bare)/.test(word));
  const text = [input.shape.join('x'), ...(hasHidden ? ['nobn'] : []), ...words].join(' ');
  return means(text, { input: { shape: input.shape }, layers }) ? text : JSON.stringify(architecture);
}

function unnamed({ input, layers }: Architecture): Architecture {
  return { input, layers: layers.map(({ name: _, ...spec }) => spec as LayerSpec) };
}

function wordsOf(layers: readonly LayerSpec[]): string[] {
  const words: string[] = [];
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i]!;
    const next = layers[i + 1];
    const isLast = i === layers.length - 1;
    if ('dense' in layer && next && 'relu' in next && layer.name === (next.name && `${next.name}.dense`)) {
      words.push(`dense${layer.dense}${named(next)}`);
      i++;
    } else if ('dense' in layer) words.push(`dense${layer.dense}${isLast ? '' : 'bare'}${named(layer)}`);
    else if ('dropout' in layer)
      words.push(`drop${String(layer.dropout).replace(/^0\./, '.')}${named(layer)}`);
    else words.push(`${'relu' in layer ? 'relu' : 'flatten'}${named(layer)}`);
  }
  return words;
}

function named({ name }: LayerSpec): string {
  return name === undefined ? '' : `@${name}`;
}

/** Merges equal words in a row; the last word stays separate, as it is the classes. */
function repeated(words: readonly string[]): string[] {
  const result: { word: string; times: number }[] = [];
  words.forEach((word, i) => {
    const before = result.at(-1);
    if (before?.word === word && i < words.length - 1) before.times++;
    else result.push({ word, times: 1 });
  });
  return result.map(({ word, times }) => (times > 1 ? `${word}*${times}` : word));
}

function means(text: string, architecture: Architecture): boolean {
  try {
    return sorted(parseShorthand(text).architecture) === sorted(architecture);
  } catch {
    return false;
  }
}

/** As text, independent of the order of keys. */
function sorted({ input, layers }: Architecture): string {
  const entries = (spec: object) => Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([input.shape, layers.map(entries)]);
}
