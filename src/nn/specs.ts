/** Networks as plain JSON. Lightweight, as wasm-distill/infer loads these modules too. */
import { demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';
import { type AtomSpec, branchesOf, fields, type LayerSpec, layerName } from './layer-specs.js';

/**
 * x becomes (x − mean) / deviation. Each list has one number for all entries, or one for each entry of the last
 * dimension.
 */
export interface Normalization {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** What a model takes: samples as in the data set. */
export interface InputSpec {
  /** Of one sample: [784], [28, 28, 1], [13]. */
  readonly shape: Shape;
  /** What the data set holds: bytes 0 to 255, or any numbers. */
  readonly values?: 'bytes' | 'floats';
  /** If absent, numbers are taken as they are. */
  readonly normalization?: Normalization;
}

/** A network's definition as plain JSON: stored in files, hashed into keys, sent to workers. */
export interface Architecture {
  readonly input: InputSpec;
  readonly layers: readonly LayerSpec[];
}

/** For `input` of a model of gray or color bytes: 0 to 255 become 0 to 1. */
export const byteInput = {
  values: 'bytes',
  normalization: { mean: [0], deviation: [255] },
} as const satisfies Partial<InputSpec>;

/**
 * Checks the JSON itself: keys, values, names. Whether layers fit together is checked by checkArchitecture, which knows
 * what they compute.
 * @throws DistillError 'bad-argument' with a sentence that says what is wrong and where.
 */
export function checkSpecs(value: unknown): asserts value is Architecture {
  checkKeys('an architecture', value, ['input', 'layers'], ['input', 'layers']);
  checkInput(value.input);
  const { layers } = value;
  demand(
    Array.isArray(layers) && layers.length > 0,
    `layers must be a list of at least one layer, not ${text(layers)}`,
  );
  checkLayers(layers, '', new Set(), 0);
}

/** Composites in composites; more would only be an attack on the stack. */
const DEEPEST = 16;

/** Checks a list of layers whose unnamed ones are `<prefix><place>`, and adds their paths to those of the network. */
function checkLayers(
  layers: readonly unknown[],
  prefix: string,
  paths: Set<string>,
  depth: number,
): asserts layers is LayerSpec[] {
  layers.forEach((layer: unknown, i) => {
    const at = place(layer, `${prefix}${i}`);
    checkLayer(layer, at);
    const path = pathOf(layer, `${prefix}${i}`);
    demand(!paths.has(path), () => `${at}: two layers have this name`);
    paths.add(path);
    const branches = branchesOf(layer) ?? [];
    demand(branches.length === 0 || depth < DEEPEST, () => `${at}: composites nest at most ${DEEPEST} deep`);
    branches.forEach((branch, b) => {
      checkLayers(branch, `${path}.${b}.`, paths, depth + 1);
    });
  });
}

/** What a layer's parameters and its output go by: its name, or else its place. */
export function pathOf({ name }: LayerSpec, place: string): string {
  return name ?? place;
}

function checkInput(input: unknown): asserts input is InputSpec {
  checkKeys('input', input, ['shape', 'values', 'normalization'], ['shape']);
  const { shape, values, normalization } = input;
  demand(
    isList(shape, (n) => Number.isInteger(n) && n >= 1) && shape.reduce((a, b) => a * b, 1) < 2 ** 31,
    () => `input.shape must be a list of whole numbers from 1, such as [28, 28, 1], not ${text(shape)}`,
  );
  demand(
    values === undefined || values === 'bytes' || values === 'floats',
    () => `input.values must be "bytes" or "floats", not ${text(values)}`,
  );
  if (normalization !== undefined) checkNormalization(normalization, shape.at(-1)!);
}

function checkNormalization(value: unknown, last: number): void {
  const name = 'input.normalization';
  checkKeys(name, value, ['mean', 'deviation'], ['mean', 'deviation']);
  // As f32, the precision of the arithmetic.
  const rules = {
    mean: ['finite', (n: number) => Number.isFinite(Math.fround(n))],
    deviation: ['positive', (n: number) => n > 0 && Math.fround(1 / n) > 0 && Math.fround(1 / n) < Infinity],
  } as const;
  for (const [key, [kind, holds]] of Object.entries(rules)) {
    const list = value[key];
    demand(
      isList(list, holds) && (list.length === 1 || list.length === last),
      () =>
        `${name}.${key} must be a list of 1${last === 1 ? '' : ` or ${last}`} ${kind} numbers, not ${text(list)}`,
    );
  }
}

const COMPOSITES = ['sum', 'concat'];

function checkLayer(layer: unknown, at: string): asserts layer is LayerSpec {
  demand(isObject(layer), () => `${at} must be an object, such as {"dense": 10}, not ${text(layer)}`);
  const words = Object.keys(layer).filter((key) => Object.hasOwn(fields, key) || COMPOSITES.includes(key));
  demand(
    words.length === 1,
    () => `${at} must be one of ${[...Object.keys(fields), ...COMPOSITES].join(', ')}, not ${text(layer)}`,
  );
  const { name } = layer;
  demand(
    name === undefined || (typeof name === 'string' && /^[a-z_][\w.-]*$/i.test(name)),
    () => `${at}: a name is letters, digits, . _ or - and begins with a letter, not ${text(name)}`,
  );
  if (COMPOSITES.includes(words[0]!)) checkComposite(layer, words[0]!, at);
  else checkValues(layer, words, at);
}

function checkComposite(layer: Record<string, unknown>, word: string, at: string): void {
  checkKeys(at, layer, ['name', word]);
  const branches = layer[word];
  demand(
    Array.isArray(branches) && branches.length >= 2 && branches.every(Array.isArray),
    () => `${at}: ${word} must be a list of at least two lists of layers, not ${text(branches)}`,
  );
}

function checkValues(layer: Record<string, unknown>, words: readonly string[], at: string): void {
  const known = fields[layerName(layer as unknown as AtomSpec)];
  checkKeys(at, layer, ['name', ...Object.keys(known)], words);
  for (const [key, { what, holds }] of Object.entries(known))
    demand(
      layer[key] === undefined || holds(layer[key]),
      () => `${at}: ${key} must be ${what}, not ${text(layer[key])}`,
    );
}

/** How messages refer to a layer. */
function place(layer: unknown, at: string): string {
  const name = isObject(layer) ? layer.name : undefined;
  return `layer ${at}${typeof name === 'string' ? ` (${name.slice(0, 80)})` : ''}`;
}

/** Refuses what is no object of known keys, or lacks one that is needed; `what` is what messages call it. */
export function checkKeys(
  what: string,
  value: unknown,
  known: readonly string[],
  needed: readonly string[] = [],
): asserts value is Record<string, unknown> {
  demand(isObject(value), () => `${what} must be an object, not ${text(value)}`);
  const wrong = Object.keys(value).find((key) => !known.includes(key));
  demand(wrong === undefined, () => `${what} has no ${text(wrong)}: known are ${known.join(', ')}`);
  const missing = needed.find((key) => value[key] === undefined);
  demand(missing === undefined, `${what} needs ${missing}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown, holds: (n: number) => boolean): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((n) => typeof n === 'number' && holds(n));
}

/** A wrong value in a message. */
function text(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
