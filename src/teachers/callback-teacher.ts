import { brandOf, checkList, checkNames, checkWhole, shown } from '../checks.js';
import type { Samples } from '../data/dataset.js';
import { pick } from '../data/select.js';
import { aborted, demand } from '../errors.js';
import type { ExternalModel } from '../evaluate/external.js';
import { sha256 } from '../formats/hash.js';
import { size } from '../graph/shape.js';
import { asLogits, checkOutputOptions, type OutputKind, type OutputOptions } from './as-logits.js';

/** Where answers are kept, each under 64 digits of hex: a Map, or anything that reads and writes later. */
export interface AnswerCache {
  get(key: string): Float32Array | undefined | Promise<Float32Array | undefined>;
  set(key: string, logits: Float32Array): unknown;
}

/** What a function may answer: all numbers in a row, [samples, classes], or a list for each sample. */
export type Answer = ArrayLike<number> | readonly ArrayLike<number>[];

export interface CallbackTeacherOptions extends OutputOptions {
  /** For people to read. */
  name: string;
  /** All that its answers depend on, such as a model's name and date and the prompt: what was cached under another version is asked again. */
  version: string;
  classes: number;
  /** In the order of its answers. */
  classNames?: readonly string[];
  /** Answers some samples, at most `batch` of them: what it rejects with ends the work, and what was answered before stays cached. */
  ask: (samples: Samples, signal?: AbortSignal) => Promise<Answer> | Answer;
  /** How many samples it is asked for at once, at most (default: 100). */
  batch?: number;
  /** Default: a Map of its own, which lasts as long as the teacher. */
  cache?: AnswerCache;
}

const NAMES = ['name', 'version', 'classes', 'classNames', 'ask', 'batch', 'cache', 'kind', 'temperature'];

/**
 * A teacher that is a function: a service, a program, a person. It is asked for each distinct sample once, one batch at a
 * time; the next one waits for the promise of the one before, so that whoever has to ask slowly waits there. Answers are
 * cached as soon as they come, under a hash of the sample and the teacher's version: after a failure only the rest is
 * asked. `kind` says whether it answers logits (default) or probabilities, made at `temperature`.
 *
 * Rejects with 'bad-argument' for invalid options; when asked with 'mismatch' and 'diverged' for answers of another length
 * and numbers that aren't finite, and with what `ask` and the cache reject with.
 */
export async function callbackTeacher(options: CallbackTeacherOptions): Promise<ExternalModel> {
  checkOptions(options);
  const { name, version, classes, classNames, batch = 100, kind = 'logits', temperature = 1 } = options;
  const described = JSON.stringify({ callback: 1, name, version, classes, kind, temperature });
  const own = await sha256([new TextEncoder().encode(described)]);
  const asked = {
    ...options,
    kind,
    temperature,
    batch,
    cache: options.cache ?? new Map<string, Float32Array>(),
  };
  return {
    ...{ name, classes, batch, sha256: own },
    ...(classNames && { classNames }),
    logits: (samples, signal) => answersTo(asked, own, samples, signal),
  };
}

interface Asked extends CallbackTeacherOptions {
  batch: number;
  cache: AnswerCache;
  kind: OutputKind;
  temperature: number;
}

async function answersTo(
  asked: Asked,
  own: string,
  samples: Samples,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const { cache, batch, classes, name } = asked;
  const { shape, values } = samples;
  const keys = await keysOf(samples, own);
  const known = new Map<string, Float32Array | undefined>();
  const open: number[] = [];
  for (const [i, key] of keys.entries()) {
    if (known.has(key)) continue;
    const cached = checkedCached(await cache.get(key), classes, name);
    known.set(key, cached);
    if (!cached) open.push(i);
  }
  for (let at = 0; at < open.length; at += batch) {
    if (signal?.aborted) throw aborted(`${name} was stopped`, signal);
    const some = open.slice(at, at + batch);
    const answer = await asked.ask({ shape, values: pick(values, some, size(shape)) }, signal);
    await keep(asked, answer, some, async (i, logits) => {
      known.set(keys[i]!, logits);
      await cache.set(keys[i]!, logits);
    });
  }
  const all = new Float32Array(keys.length * classes);
  for (const [i, key] of keys.entries()) all.set(known.get(key)!, i * classes);
  return all;
}

/** Each row of an answer, checked and as logits, as soon as it is found right. */
async function keep(
  { name, classes, kind, temperature }: Asked,
  answer: unknown,
  asked: readonly number[],
  found: (i: number, logits: Float32Array) => Promise<void>,
): Promise<void> {
  const rows = rowsOf(answer, asked.length, classes, name);
  for (const [k, i] of asked.entries()) {
    const row = rows(k);
    const { length } = row;
    demand(
      length === classes || (classes === 2 && length === 1),
      () =>
        `${name} answers ${length} numbers for sample ${i} of those it was asked for, where there are ${classes} classes`,
      'mismatch',
    );
    const bad = Array.from(row).findIndex((value) => typeof value !== 'number');
    demand(bad < 0, () => `${name} answers ${shown(row[bad])} for class ${bad} of sample ${i}`, 'mismatch');
    await found(
      i,
      asLogits(row, length, { kind, temperature }, () => `${name}: the answer for sample ${i}`),
    );
  }
}

/** The k-th row of an answer: an element of a list, or a part of one. */
function rowsOf(
  answer: unknown,
  count: number,
  classes: number,
  name: string,
): (k: number) => ArrayLike<number> {
  const isList = Array.isArray(answer) || /^Float(32|64)Array$/.test(brandOf(answer));
  const list = isList ? (answer as ArrayLike<number | ArrayLike<number>>) : [];
  const lists = list.length === count && Array.from(list).every((row) => Object(row).length >= 0);
  if (lists) return (k) => list[k] as ArrayLike<number>;
  const columns = list.length / count;
  demand(
    columns === classes || (classes === 2 && columns === 1),
    () =>
      `${name} answers ${shown(answer)} for ${count} samples, where a list for each, or ${count} × ${classes} numbers, are due`,
    'mismatch',
  );
  return (k) => Array.prototype.slice.call(list, k * columns, (k + 1) * columns);
}

function checkedCached(cached: unknown, classes: number, name: string): Float32Array | undefined {
  demand(
    cached === undefined ||
      (brandOf(cached) === 'Float32Array' && (cached as Float32Array).length === classes),
    () =>
      `the cache of ${name} answers ${shown(cached)}, where a Float32Array of ${classes}, or undefined, is due`,
    'mismatch',
  );
  return cached as Float32Array | undefined;
}

function keysOf(samples: Samples, own: string): Promise<string[]> {
  const { shape, values } = samples;
  const each = size(shape);
  const teacher = new TextEncoder().encode(`${own} ${brandOf(values)} ${shape.join()}\n`);
  return Promise.all(
    Array.from({ length: values.length / each }, (_, i) =>
      sha256([teacher, values.subarray(i * each, (i + 1) * each)]),
    ),
  );
}

function checkOptions(options: CallbackTeacherOptions): void {
  checkNames(options, 'callbackTeacher', NAMES);
  const { name, version, classes, classNames, ask, batch = 1, cache } = options;
  for (const [word, value] of Object.entries({ name, version }))
    demand(
      typeof value === 'string' && value !== '',
      () => `${word} of callbackTeacher must be a string, not ${shown(value)}`,
    );
  checkWhole(classes, 'classes of callbackTeacher', 1, 65_536);
  checkWhole(batch, 'batch of callbackTeacher', 1, Infinity);
  checkOutputOptions(options, `the answers of ${name}`);
  demand(
    typeof ask === 'function',
    () => `ask must be a function from samples to answers, not ${shown(ask)}`,
  );
  if (classNames !== undefined)
    checkList(classNames, 'classNames', `${classes} strings`, (word) => typeof word === 'string');
  demand(
    classNames === undefined || classNames.length === classes,
    () => `there are ${classNames?.length} class names for ${classes} classes`,
  );
  demand(
    cache === undefined || (typeof cache?.get === 'function' && typeof cache?.set === 'function'),
    () => `cache must have get(key) and set(key, logits), as a Map has, not ${shown(cache)}`,
  );
}
