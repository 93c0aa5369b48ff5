import type { Dataset } from 'wasm-distill';
import { withoutLabels } from 'wasm-distill/data';
import type { Context } from '../context.ts';
import { json } from '../format/json.ts';
import { DEFAULTS } from '../options/defaults.ts';
import type { Progress } from '../terminal/progress.ts';
import { askFor, askOf, type DataOptions } from './ask.ts';
import { describe } from './describe.ts';
import { type DataFacts, factsOf } from './facts.ts';
import { type Preparation, preparationOf } from './preparation.ts';
import type { Data, Like } from './reader.ts';
import type { TrainingRows } from './rows.ts';
import { mostBytes, outlineOf } from './stream.ts';
import {
  checkAlike,
  demandLabels,
  isLabeled,
  likeOf,
  read,
  readerOf,
  readPlace,
  understood,
  unlabeledError,
} from './understand.ts';

export interface LoadedData extends Preparation {
  train: Data;
  /** Curves go by these, and the test data are looked at once, at the end. */
  validation?: Dataset;
  test: Dataset;
  facts: DataFacts;
  /** What further data are to be like. */
  like: Like;
  /** Where --soft is given: what outputs made elsewhere are bound to. */
  rows?: TrainingRows;
}

/** Data, and what was understood of them, which is also said. */
export async function loadData(options: DataOptions, context: Context, like: Like = {}): Promise<LoadedData> {
  const { parts, facts, made, rows } = await understood(options, context, like, { labeled: true });
  const { train, val, test } = parts;
  if (test === undefined) throw unlabeledError(options.data);
  demandLabels(test, facts.testSource ?? options.data);
  say(facts, context.progress);
  return {
    train,
    ...(val && { validation: val }),
    test,
    facts,
    like: likeOf(outlineOf(train), preparationOf({ ...made, images: like.images })),
    ...(rows && { rows }),
    ...made,
  };
}

/** Data to learn from without their labels, and what was understood of them. */
export async function loadSamples(
  options: DataOptions,
  context: Context,
  like: Like,
): Promise<{ train: Data; facts: DataFacts }> {
  const { parts, facts } = await understood(options, context, like);
  say(facts, context.progress);
  return { train: parts.train, facts };
}

/** Data to count errors on: all that --test names, read for a model where nothing is said of training data. */
export async function loadTests(
  options: DataOptions,
  context: Context,
  like: Like,
): Promise<{ test: Data; facts: DataFacts }> {
  const { data, test } = options;
  if (test === undefined || data !== DEFAULTS.data) return loadData(options, context, like);
  const { reader, reading } = await readPlace(test, askOf(options), like, { most: mostBytes(context) });
  const found = reading.test ?? reading.train;
  demandLabels(found, test);
  const { table, notes } = reading;
  const facts = factsOf({ test: outlineOf(found) }, { kind: reader.title, source: test, table, notes });
  say(facts, context.progress);
  return { test: found, facts };
}

/** All samples of a place, without their labels; of images in a folder also where each lies in it. */
export async function loadUnlabeled(
  where: string,
  options: Omit<DataOptions, 'data'>,
  context: Context,
  like: Like,
): Promise<{ data: Data; names: readonly string[] | undefined }> {
  const ask = { ...askOf({ ...options, data: where }), label: false } as const;
  const { train, names } = (await readPlace(where, ask, like, { most: mostBytes(context) })).reading;
  return { data: withoutLabels(train), names };
}

/** All samples of a place without their labels, to join others of a data set. */
export async function loadFurther(
  where: string,
  { like, train }: Pick<LoadedData, 'like' | 'train'>,
  options: DataOptions,
  context: Context,
): Promise<Data> {
  const reader = await readerOf(where);
  const ask = { ...askFor(reader, askOf(options)), label: false } as const;
  const found = (await read(reader, where, ask, like, { most: mostBytes(context) })).train;
  checkAlike(outlineOf(train), options.data, outlineOf(found), where);
  return withoutLabels(found);
}

/** Data of no class at all, with as many as a model has. */
export function withClasses(data: Data, classes: number): Data {
  if (data.classes === classes || isLabeled(data)) return data;
  const { classNames: _, ...rest } = data;
  return { ...rest, classes };
}

/** Says what is understood of the data, and what there is to add to that, in JSON as fields beside. */
export async function dryRun<D extends { facts: DataFacts }>(
  options: { json: boolean },
  progress: Progress,
  load: () => Promise<D>,
  more: (data: D) => Promise<object> = async () => ({}),
): Promise<void> {
  const data = await load();
  const added = await more(data);
  progress.close();
  if (options.json) process.stdout.write(json({ data: data.facts, ...added }));
}

export function say(facts: DataFacts, progress: Progress): void {
  for (const line of describe(facts)) progress.say(line);
}
