import { checkNames } from '../checks.js';
import { DistillError } from '../errors.js';
import type { Pair } from '../graph/names.js';
import type { Shape } from '../graph/shape.js';
import { paddingOf } from '../ops/window.js';
import { checkArchitecture } from './architecture.js';
import { branchesOf, type LayerSpec } from './layer-specs.js';
import { layersOf, parseShorthand } from './shorthand.js';
import { partsOf, type Surroundings } from './shorthand-words.js';
import type { Architecture } from './specs.js';
import { type LayerWindow, transposedWindowOf, windowOf } from './windows.js';

/**
 * An architecture as parseShorthand reads it, without the samples' values and normalization; JSON if shorthand can't
 * express it. Without names it is shorter, for people to read.
 */
export function shorthandOf(architecture: Architecture, options: { names?: boolean } = {}): string {
  checkNames(options, 'shorthandOf', ['names']);
  const { names = true } = options;
  checkArchitecture(architecture);
  const { input, layers } = architecture;
  const own = names ? layers : layers.map(unnamed);
  const texts = [true, false]
    .flatMap((norm) => {
      const words = wordsOf(own, input.shape, norm);
      return words ? [{ start: norm ? [] : ['nobn'], words: repeated(words) }] : [];
    })
    .sort((a, b) => a.words.length - b.words.length)
    .map(({ start, words }) => [input.shape.join('x'), ...start, ...words].join(' '));
  return texts.find((text) => means(text, { input, layers: own })) ?? JSON.stringify(architecture);
}

function unnamed({ name: _, ...spec }: LayerSpec): LayerSpec {
  const inner = (branches: readonly (readonly LayerSpec[])[]) =>
    branches.map((branch) => branch.map(unnamed));
  if ('sum' in spec) return { sum: inner(spec.sum) };
  return 'concat' in spec ? { concat: inner(spec.concat) } : (spec as LayerSpec);
}

/** A word for each run of layers; undefined if some have none. */
function wordsOf(layers: readonly LayerSpec[], shape: Shape, norm: boolean): string[] | undefined {
  /** Where no words for the rest were found. */
  const dead = new Set<number>();
  // The longest run isn't always right: before a block of pre-activation conv16 is bare, as the norm is the block's.
  const from = (i: number, input: Shape): string[] | undefined => {
    if (i === layers.length) return [];
    if (dead.has(i)) return undefined;
    const isClasses = i === layers.length - 1 && 'dense' in layers[i]!;
    for (const { text, length, output } of runs(layers.slice(i), { input, norm, isClasses })) {
      const rest = from(i + length, output);
      if (rest) return [text, ...rest];
    }
    dead.add(i);
    return undefined;
  };
  return from(0, shape);
}

/** A word, and how many layers it stands for. */
interface Run {
  text: string;
  length: number;
  output: Shape;
}

/** The words that the layers may begin with, those for the most layers first. */
function runs(layers: readonly LayerSpec[], around: Surroundings): Run[] {
  return guesses(layers)
    .flatMap((text) => tried(text, layers, around))
    .sort((a, b) => b.length - a.length);
}

/** The word, with the name that its layers have, if it stands for the first layers. */
function tried(text: string, layers: readonly LayerSpec[], around: Surroundings): Run[] {
  try {
    const { length } = expansion(text, around).layers;
    // What a word names is its last layer.
    const name = layers[length - 1]?.name;
    const whole = name === undefined ? text : `${text}@${name}`;
    const made = expansion(whole, around);
    const fits = sameLayers(made.layers, layers.slice(0, length));
    return fits ? [{ text: whole, length, output: made.output }] : [];
  } catch (error) {
    if (error instanceof DistillError) return [];
    throw error;
  }
}

function expansion(text: string, around: Surroundings): { layers: LayerSpec[]; output: Shape } {
  return layersOf(partsOf({ text, place: 1 }), 0, around);
}

/** Words that may stand for these layers and others after them; whether one does is tried. */
function guesses(layers: readonly LayerSpec[]): string[] {
  const [layer, ...after] = layers as [LayerSpec, ...LayerSpec[]];
  if ('conv' in layer) {
    const beside = after.slice(0, 3).map((next) => ('concat' in next ? filtersIn(next) : []));
    const fires = beside
      .filter(({ length }) => length === 2)
      .map((two) => `fire${layer.conv}-${two.join('-')}`);
    const groups = layer.groups === undefined ? '' : `g${layer.groups}`;
    return [...fires, ...weighted('conv', layer.conv, suffixesOf(windowOf(layer), 3) + groups, after)];
  }
  if ('deconv' in layer) return weighted('deconv', layer.deconv, suffixesOf(transposedOf(layer), 3), after);
  if ('depthwise' in layer) {
    const { kernel, stride } = windowOf(layer);
    const own = `${kernel[0] === 3 ? '' : `k${kernel[0]}`}${strideOf(stride)}`;
    const separable = after.slice(0, 3).flatMap((next) => ('conv' in next ? [`sep${next.conv}${own}`] : []));
    return [...separable, ...weighted('dw', kernel[0], suffixesOf(windowOf(layer), kernel[0]), after)];
  }
  if ('dense' in layer) return weighted('dense', layer.dense, '', after);
  if ('sum' in layer) return residuals(layer, ['res', 'pre']);
  if ('concat' in layer) return [`convm${filtersIn(layer).join('-')}`];
  const blocks = after.slice(0, 2).flatMap((next) => ('sum' in next ? residuals(next, ['pre']) : []));
  return [...blocks, ...single(layer)];
}

/** A layer with weights: with an activation, with maxout, bare. */
function weighted(word: string, count: number, suffixes: string, after: readonly LayerSpec[]): string[] {
  const pieces = after.slice(0, 2).flatMap((next) => ('maxout' in next ? [next.maxout] : []));
  return [
    ...pieces.map((p) => `${word}${count / p}x${p}${suffixes}`),
    `${word}${count}${suffixes}`,
    `${word}${count}${suffixes}bare`,
  ];
}

/** Blocks with as many filters, and the stride, as the first convolution in a sum. */
function residuals(spec: LayerSpec, words: readonly string[]): string[] {
  const first = branchesOf(spec)![0]!.find((layer) => 'conv' in layer);
  return first ? words.map((word) => `${word}${first.conv}${strideOf(windowOf(first).stride)}`) : [];
}

/** Of the first layer of each branch. */
function filtersIn(spec: LayerSpec): number[] {
  return branchesOf(spec)!.flatMap(([first]) => {
    if (first && 'conv' in first) return [first.conv];
    return first && 'deconv' in first ? [first.deconv] : [];
  });
}

/** A layer without weights. */
function single(layer: LayerSpec): string[] {
  if ('pool' in layer) return [`pool${pooling(windowOf(layer))}`];
  if ('avg' in layer) return [`avg${pooling(windowOf(layer))}`];
  if ('upsample' in layer) return [`up${layer.upsample}`];
  if ('dropout' in layer) return [`drop${decimal(layer.dropout)}`];
  if ('leakyRelu' in layer) return [`leaky${decimal(layer.leakyRelu)}`];
  if ('maxout' in layer) return [`maxout${layer.maxout}`];
  if ('norm' in layer) return ['bnrelu', 'norm'];
  return Object.keys(layer).filter((key) => key !== 'name');
}

function pooling({ kernel, stride, padding }: LayerWindow): string {
  const size = kernel[0] === 2 && stride[0] === 2 && padding[0] === 0 ? '' : kernel[0];
  return `${size}${stride[0] === kernel[0] ? '' : `s${stride[0]}`}${padding[0] === 0 ? '' : `p${padding[0]}`}`;
}

function decimal(value: number): string {
  return String(value).replace(/^0\./, '.');
}

function strideOf([down]: Pair): string {
  return down === 1 ? '' : `s${down}`;
}

/** What comes after a convolution's number; only what shorthand can say. */
function suffixesOf({ kernel, stride, padding, dilation }: LayerWindow, usual: number): string {
  const same = paddingOf('same', kernel, dilation, '');
  const pad = padding.every((p, side) => p === same[side]) ? '' : padding[0] === 0 ? 'v' : `p${padding[0]}`;
  const size = kernel[0] === usual ? '' : `k${kernel[0]}`;
  return `${size}${strideOf(stride)}${dilation[0] === 1 ? '' : `d${dilation[0]}`}${pad}`;
}

/** As suffixesOf takes it: what pad 'same' means for a transposed convolution is no padding to write. */
function transposedOf(spec: Parameters<typeof transposedWindowOf>[0]): LayerWindow {
  const own = transposedWindowOf(spec);
  const { kernel, dilation } = own;
  return spec.pad === undefined || spec.pad === 'same'
    ? { ...own, padding: paddingOf('same', kernel, dilation, '') }
    : own;
}

/** Merges equal words in a row, strides being in the first alone; the last word stays separate: it is the classes. */
function repeated(words: readonly string[]): string[] {
  const result: { word: string; next: string; times: number }[] = [];
  words.forEach((word, i) => {
    const before = result.at(-1);
    if (before?.next === word && !word.includes('@') && i < words.length - 1) before.times++;
    else
      result.push({
        word,
        next: /^(pool|avg)/.test(word) ? word : word.replace(/^([a-z]+[\d-]+.*?)s\d+/, '$1'),
        times: 1,
      });
  });
  return result.map(({ word, times }) => (times > 1 ? `${word}*${times}` : word));
}

function means(text: string, { input, layers }: Architecture): boolean {
  try {
    const read = parseShorthand(text).architecture;
    return read.input.shape.join() === input.shape.join() && sameLayers(read.layers, layers);
  } catch {
    return false;
  }
}

function sameLayers(a: readonly LayerSpec[], b: readonly LayerSpec[]): boolean {
  return a.length === b.length && JSON.stringify(a.map(canonical)) === JSON.stringify(b.map(canonical));
}

/** The same for layers that mean the same: keys in order, defaults filled in. */
function canonical(spec: LayerSpec): unknown {
  const branches = branchesOf(spec);
  const filled = {
    ...spec,
    ...(branches && {
      [Object.keys(spec).find((key) => key !== 'name')!]: branches.map((b) => b.map(canonical)),
    }),
    ...defaultsOf(spec),
  };
  return Object.entries(filled).sort(([a], [b]) => (a < b ? -1 : 1));
}

function defaultsOf(spec: LayerSpec): object {
  const { bias = true } = spec as { bias?: boolean };
  if ('conv' in spec) return { ...moved(windowOf(spec)), bias, groups: spec.groups ?? 1 };
  if ('depthwise' in spec) return { ...moved(windowOf(spec)), depthwise: 0, bias };
  if ('pool' in spec) return { ...moved(windowOf(spec)), pool: 0 };
  if ('avg' in spec) return { ...moved(windowOf(spec)), avg: 0 };
  if ('deconv' in spec) return { ...moved(transposedWindowOf(spec)), bias };
  if ('dense' in spec) return { bias };
  if ('norm' in spec) return { momentum: spec.momentum ?? 0.1, epsilon: spec.epsilon ?? 1e-5 };
  return {};
}

/** A window under the keys of specs. */
function moved({ kernel, stride, padding, dilation, ...others }: LayerWindow): object {
  return { kernel, stride, pad: padding, dilation, ...others };
}
