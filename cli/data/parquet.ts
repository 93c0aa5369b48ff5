import { DistillError } from 'wasm-distill';
import { loadParquet } from 'wasm-distill/data';
import { openParquet, readParquet } from 'wasm-distill/formats';
import { read } from '../files/run-files.ts';
import { counted } from '../format/numbers.ts';
import { parquetIds } from './ids.ts';
import { filesOf, ignoredNote } from './listing.ts';
import {
  type Ask,
  channelsOf,
  imagesOf,
  type Like,
  picturesOf,
  type Reader,
  type Reading,
} from './reader.ts';
import { readingOf } from './table.ts';

/** Parquet: a file, several, or a folder with some, also in folders of it, as Hugging Face has them. */
export const parquet: Reader = {
  title: 'Parquet',
  takes: ['label', 'input', 'missing', 'size', 'crop', 'softId'],
  read: async (place, ask, like) => {
    const { train, val, test, ignored } = await filesOf(place, /\.parquet$/i, true);
    const reading = await readFiles(train, ask, like);
    const { softId, ...rest } = ask;
    if (softId !== undefined) reading.ids ??= await parquetIds(train, softId);
    const others: Like = {
      ...like,
      classNames: reading.train.classNames!,
      ...(reading.table && { table: reading.table }),
      ...(reading.table === undefined && channelsOf(reading.train.inputs.shape)),
    };
    for (const [part, files] of [
      ['val', val],
      ['test', test],
    ] as const)
      if (files.length > 0) reading[part] = (await readFiles(files, rest, others)).train;
    if (place.folder === undefined && place.files.length === 1 && test[0] !== undefined)
      reading.testName = test[0];
    return { ...reading, notes: [...filesNote(train), ...reading.notes, ...ignoredNote(ignored)] };
  },
};

function filesNote(files: readonly string[]): string[] {
  return files.length > 1
    ? [`${counted(files.length, 'file')} to learn from, in the order of their names`]
    : [];
}

async function readFiles(files: readonly string[], ask: Ask, like: Like): Promise<Reading> {
  const image = await imageColumn(files[0]!, ask);
  if (image === undefined) {
    const opened = [];
    for (const name of files) opened.push({ name, file: await read(name) });
    return readingOf(await readParquet(opened), files[0]!, ask, like);
  }
  checkImages(files[0]!, ask);
  const { label } = ask;
  const pictures = picturesOf(ask, like);
  const train = await loadParquet(files, {
    image,
    ...(label !== undefined && { label: label === false ? false : columnOf(label) }),
    ...pictures,
    ...(like.classNames && { classNames: like.classNames }),
  });
  const unlabeled = label === false ? 0 : train.labels.filter((each) => each < 0).length;
  const images = imagesOf(train, pictures);
  return { train, images, notes: unlabeled > 0 ? [`${counted(unlabeled, 'row')} without a label`] : [] };
}

/** The column of images, if there is one and no other is asked for, by the first rows. */
async function imageColumn(file: string, { input }: Ask): Promise<string | undefined> {
  const opened = await openParquet(await read(file), file);
  if (opened.groups.length === 0) return undefined;
  const { columns } = await opened.read(0);
  const found = columns.filter(({ values }) => isImage(Array.from(values).find((cell) => cell !== null)));
  const [first] = input ? found.filter(({ name }) => input.includes(name)) : found;
  return first?.name;
}

function isImage(cell: unknown): boolean {
  if (!(cell instanceof Uint8Array)) return false;
  const png = cell[0] === 0x89 && cell[1] === 0x50 && cell[2] === 0x4e;
  return png || (cell[0] === 0xff && cell[1] === 0xd8);
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
