import { DistillError } from 'wasm-distill';
import { loadParquet, streamParquet } from 'wasm-distill/data';
import { readParquet, type Table } from 'wasm-distill/formats';
import { counted } from '../format/numbers.ts';
import { parquetIds } from './ids.ts';
import { filesNote, filesOf, ignoredNote } from './listing.ts';
import { imageIn, numberBytes, type OpenedFiles, openFiles } from './parquet-files.ts';
import { channelsOf, imagesOf, pictureBytes, picturesOf } from './pictures.ts';
import type { Ask, Data, Like, Reader, Reading } from './reader.ts';
import { inMemory, outlineOf } from './stream.ts';
import { howToRead, labeledOnce, notesOf, readingOf } from './table.ts';

/** Parquet: a file, several, or a folder with some, also in folders of it, as Hugging Face has them. */
export const parquet: Reader = {
  title: 'Parquet',
  takes: ['label', 'input', 'missing', 'size', 'crop', 'softId'],
  read: async (place, ask, like, most) => {
    const { train, val, test, ignored } = await filesOf(place, /\.parquet$/i, true);
    const reading = await readFiles(train, ask, like, most);
    const { softId, ...rest } = ask;
    if (softId !== undefined) reading.ids ??= await parquetIds(train, softId);
    const { inputs, classNames } = outlineOf(reading.train);
    const others: Like = {
      ...like,
      classNames: classNames!,
      ...(reading.table && { table: reading.table }),
      ...(reading.table === undefined && channelsOf(inputs.shape)),
    };
    for (const [part, files] of [
      ['val', val],
      ['test', test],
    ] as const)
      if (files.length > 0) reading[part] = inMemory((await readFiles(files, rest, others, Infinity)).train);
    if (place.folder === undefined && place.files.length === 1 && test[0] !== undefined)
      reading.testName = test[0];
    return { ...reading, notes: [...filesNote(train), ...reading.notes, ...ignoredNote(ignored)] };
  },
};

async function readFiles(names: readonly string[], ask: Ask, like: Like, most: number): Promise<Reading> {
  const files = await openFiles(names);
  const image = imageIn(files.first, ask);
  return image === undefined ? numbers(files, ask, like, most) : pictures(files, image, ask, like, most);
}

async function numbers(
  { opened, first, rows }: OpenedFiles,
  ask: Ask,
  like: Like,
  most: number,
): Promise<Reading> {
  const { name } = opened[0]!;
  // The means of all rows, which fill in what is missing, aren't known before these have been read; a label in several
  // columns is put together of all rows, too.
  const whole = ask.missing !== undefined || labeledOnce(first, name, ask, like) !== first;
  if (whole || rows * numberBytes(first) <= most)
    return readingOf(await readParquet(opened), name, ask, like);
  const train = await streamParquet(opened, howToRead(first, name, ask, like));
  return { train, table: train.reading, notes: notesOf(first, train, ask) };
}

async function pictures(
  { opened, first, rows }: OpenedFiles,
  image: string,
  ask: Ask,
  like: Like,
  most: number,
): Promise<Reading> {
  const { name } = opened[0]!;
  checkImages(name, ask);
  const { label } = ask;
  const made = picturesOf(ask, like);
  const large = rows * pictureBytes(firstOf(first, image), name, made) > most;
  const train: Data = await (large ? streamParquet : loadParquet)(opened, {
    image,
    ...(label !== undefined && { label: label === false ? false : columnOf(label) }),
    ...made,
    ...(like.classNames && { classNames: like.classNames }),
  });
  const { inputs, labels } = outlineOf(train);
  const unlabeled = label === false ? 0 : labels.filter((each) => each < 0).length;
  const notes = unlabeled > 0 ? [`${counted(unlabeled, 'row')} without a label`] : [];
  return { train, images: imagesOf(inputs.shape, made), notes };
}

/** The first image of a column that has some. */
function firstOf({ columns }: Table, image: string): Uint8Array {
  const { values } = columns.find(({ name }) => name === image)!;
  return Array.from(values).find((cell) => cell !== null) as Uint8Array;
}

function checkImages(name: string, { input, missing }: Ask): void {
  const wrong = missing
    ? '--missing fills in numbers'
    : (input?.length ?? 0) > 1 && '--input names several columns';
  if (wrong)
    throw new DistillError('bad-argument', `${name}: ${wrong}, but its inputs are images: leave it out`);
}

/** A name, or a number of a column that isn't called by it. */
function columnOf(text: string): string | number {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
