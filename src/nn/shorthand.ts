/**
 * Networks in one line, short enough to type: `28x28x1 conv16k5v pool conv32k5v pool dense128 dense10`.
 *
 *     text    [shape] [nobn] word …, or hidden units alone: 800,800
 *     shape   28x28x1 or 784, of one sample; left out where the caller knows it
 *     nobn    biases instead of batch norm
 *     word    kind, its number, suffixes, *n, @name
 *     convN deconvN dwK sepN denseN   layers with batch norm and a ReLU (dw: one filter of K × K for each channel; sep:
 *             dw3, then conv of 1 × 1); the last dense is the class layer and has neither
 *     resN preN fireS-A-B convmN-D-T   blocks: residual, pre-activation, SqueezeNet's, Conv-M
 *     poolK avgK gap upN dropP flatten relu leakyP sigmoid tanh maxoutP norm bnrelu   layers alone
 *     suffix  k5 kernel, s2 stride, d2 dilation, g4 groups, p1 padding, v no padding (default: as much as keeps the
 *             size), x2 maxout of so many pieces instead of the ReLU, bare neither batch norm nor ReLU (also lin)
 *     *n      n times, with the stride in the first alone; @name names it, so that at('name') of a network is after its
 *             ReLU and at('name:pre') before
 */
import { checkNames as checkOptionNames, checkWhole, shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import { type Shape, size } from '../graph/shape.js';
import { checkArchitecture, takes } from './architecture.js';
import type { LayerSpec } from './layer-specs.js';
import { shapeAfter } from './placed-layers.js';
import { at, type Parts, partsOf, type Surroundings, type Word, wordKinds } from './shorthand-words.js';
import { type Architecture, checkSpecs, type InputSpec } from './specs.js';

/** What parseShorthand() takes besides the words. */
export interface ShorthandOptions {
  /** The samples' input spec, if the caller knows it; a shape in the text must take them. */
  input?: InputSpec | undefined;
  /** How many classes the samples have: a layer of this many is appended if the text doesn't end with one. */
  classes?: number | undefined;
}

/** The network that the words stand for. */
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
  const appended = lacksClasses(parts, options.classes);
  if (appended) notes.push(`dense${options.classes} is appended for the ${options.classes} classes`);
  else if (list) notes.push(`${parts.at(-1)!.numbers[0]} at the end is taken for the number of classes`);
  const layers = expanded(parts, input.shape, { norm: !nobn, endsWithClasses: !appended });
  if (appended) layers.push({ dense: options.classes! });
  return { architecture: checkArchitecture({ input, layers }), notes };
}

/** The layers of all words. */
function expanded(
  parts: readonly Parts[],
  shape: Shape,
  { norm, endsWithClasses }: { norm: boolean; endsWithClasses: boolean },
): LayerSpec[] {
  const layers: LayerSpec[] = [];
  let input = shape;
  parts.forEach((part, i) => {
    for (let n = 0; n < part.times; n++) {
      const isLast = i === parts.length - 1 && n === part.times - 1;
      const made = layersOf(part, n, { input, norm, isClasses: endsWithClasses && isLast });
      layers.push(...made.layers);
      input = made.output;
    }
  });
  return layers;
}

/**
 * The layers of one word, said for the n-th time, and their output's shape.
 * @throws DistillError 'bad-argument' that names the word.
 */
export function layersOf(
  parts: Parts,
  n: number,
  around: Surroundings,
): { layers: LayerSpec[]; output: Shape } {
  const { s: _, ...others } = parts.suffixes;
  const own =
    n === 0 || parts.kind === 'pool' || parts.kind === 'avg' ? parts : { ...parts, suffixes: others };
  try {
    const layers = wordKinds[parts.kind].layers(own, around);
    checkSpecs({ input: { shape: around.input }, layers });
    return { layers, output: shapeAfter(layers, around.input) };
  } catch (cause) {
    if (!(cause instanceof DistillError)) throw cause;
    // The layer's place within the word says nothing to whoever wrote the word.
    throw new DistillError(cause.code, `${at(parts.word)}: ${cause.message.replace(/^layer [^:]*: /, '')}`, {
      cause,
    });
  }
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
      `${at(word)}: the samples ${size(shape) === size(known!.shape) ? `are ${known!.shape.join(' × ')}: give the data set the shape ${shape.join(' × ')}` : `have ${size(known!.shape)} numbers (${known!.shape.join(' × ')}); hidden layers alone are written 800,800`}`,
  );
  return { ...known, shape };
}

/** 800,800 means dense800 dense800. */
function unitsOf(word: Word): Word[] {
  return word.text.split(',').map((units) => ({ text: `dense${units}`, place: word.place }));
}

function checkNames(parts: readonly Parts[]): void {
  const names = new Set<string>();
  for (const { word, name } of parts) {
    demand(name === undefined || !names.has(name), () => `${at(word)}: ${name} is the name of another layer`);
    if (name !== undefined) names.add(name);
  }
}

/** Whether a layer for the classes is to be appended: the text ends neither with one nor with means over one. */
function lacksClasses(parts: readonly Parts[], classes: number | undefined): boolean {
  const [before, last] = [parts.at(-2), parts.at(-1)];
  const byMeans = last?.kind === 'gap' && before?.kind === 'conv';
  const width = last?.kind === 'dense' ? last.numbers[0] : byMeans ? before.numbers[0] : undefined;
  demand(
    classes !== undefined || width !== undefined,
    "the network has to end with a dense layer of the classes, such as dense10, as their number isn't known",
  );
  return classes !== undefined && width !== classes;
}
