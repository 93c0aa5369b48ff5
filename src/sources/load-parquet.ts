import { brandOf, checkNames, shown } from '../checks.js';
import { makeDataset } from '../data/dataset.js';
import { DistillError, demand } from '../errors.js';
import { isImage } from '../formats/decode-image.js';
import { openParquet, type ParquetFile, readParquet } from '../formats/parquet.js';
import { columnIndex, listed, type Table } from '../formats/table.js';
import { bytesOf, type Source, slicesOf } from './bytes-of.js';
import { checkPictureOptions, type PictureOptions, pictureOptions, samplesOf } from './pictures.js';
import {
  type TableDataset,
  type TableDatasetOptions,
  tableDataset,
  tableLabels,
  tableOptions,
} from './table-dataset.js';

export interface LoadParquetOptions extends PictureOptions, TableDatasetOptions {
  /** The column of images, by name or index (default: the first whose bytes begin as PNG or JPEG do). */
  image?: string | number;
}

/** A Parquet file of which only the end has been read: `loadParquet` and `streamParquet` read on from there. */
export interface OpenedParquet {
  /** What messages call it. */
  readonly name: string;
  readonly file: ParquetFile;
}

export type ParquetSource = Source | OpenedParquet;

/**
 * Opens a Parquet file: it tells its columns and how many rows there are before these are read.
 *
 * Rejects with 'missing' for files and packages that aren't there, 'bad-file'.
 */
export async function openParquetFile(source: Source): Promise<OpenedParquet> {
  const { file, name } = await slicesOf(source);
  return { name, file: await openParquet(file, name) };
}

export function isOpened(source: ParquetSource): source is OpenedParquet {
  return typeof (Object(source) as Partial<OpenedParquet>).file?.read === 'function';
}

/**
 * A data set from a Parquet file, or several of one kind. Where a column holds images (bytes, or { bytes, path } as
 * Hugging Face has them), these are the inputs, as bytes [height, width, 1 or 3]; else columns of numbers are, see
 * `tableDataset`. Class names are those of Hugging Face's metadata, if they are there. Needs the optional package
 * hyparquet, and for compression other than Snappy hyparquet-compressors.
 *
 * Rejects with 'missing' for files and packages that aren't there, with what `tableDataset` and `loadImages` throw.
 */
export async function loadParquet(
  source: ParquetSource | readonly ParquetSource[],
  options: LoadParquetOptions = {},
): Promise<TableDataset> {
  const { image, pictures, rest } = parquetOptions(options, 'loadParquet');
  const files: { name: string; file: Uint8Array | ParquetFile }[] = [];
  for (const one of sourcesOf(source, 'loadParquet')) {
    const { bytes, name } = isOpened(one) ? { bytes: one.file, name: one.name } : await bytesOf(one);
    files.push({ name, file: bytes });
  }
  const name = rest.name ?? files[0]!.name;
  const table = await readParquet(files);
  const column = imageColumn(table, image, name);
  checkInputs(table, column, { pictures, rest }, name);
  if (column < 0) return tableDataset(table, { ...rest, name });
  const { label, labels, classNames } = tableLabels(table, { ...rest, name });
  const inputs = await samplesOf(imageFiles(table, column, name), pictures);
  const dataset = makeDataset({ inputs, labels, classNames, name });
  return { ...dataset, classNames, reading: { label, inputs: [table.columns[column]!.name], classNames } };
}

/** The options by what they are of. @throws DistillError 'bad-argument' */
export function parquetOptions(options: LoadParquetOptions, what: string) {
  checkNames(options, what, ['image', ...pictureOptions, ...tableOptions]);
  const { image, size, crop, channels, signal, ...rest } = options;
  const pictures = {
    ...(size !== undefined && { size }),
    ...(crop !== undefined && { crop }),
    ...(channels !== undefined && { channels }),
    ...(signal !== undefined && { signal }),
  };
  checkPictureOptions(pictures);
  return { image, pictures, rest };
}

export function sourcesOf(
  source: ParquetSource | readonly ParquetSource[],
  what: string,
): readonly ParquetSource[] {
  const sources = Array.isArray(source) ? source : [source as ParquetSource];
  demand(sources.length > 0, () => `${what} was given no file`);
  return sources;
}

/** Refuses options of images for a table without, and of numbers for one with images. */
export function checkInputs(
  table: Table,
  column: number,
  { pictures, rest }: { pictures: PictureOptions; rest: TableDatasetOptions },
  name: string,
): void {
  demand(
    column >= 0 || Object.keys(pictures).length === 0,
    () => `${name}: no column holds images, so there is nothing to resize; there are ${listed(table)}`,
  );
  demand(
    column < 0 || (rest.inputs === undefined && rest.missing === undefined),
    () =>
      `${name}: its inputs are images, so neither inputs nor missing can be given; name another image column`,
  );
}

/** The column that holds images, by its name, or else the first whose bytes begin as images do; −1 where none does. */
export function imageColumn(table: Table, image: string | number | undefined, name: string): number {
  if (image !== undefined) return columnIndex(table, image, 'the image', name);
  return table.columns.findIndex(({ values }) => {
    for (let i = 0; i < values.length; i++) if (values[i] !== null) return isImage(values[i]);
    return false;
  });
}

export function imageFiles(table: Table, index: number, name: string): { name: string; bytes: Uint8Array }[] {
  const { name: column, values } = table.columns[index]!;
  return Array.from(values, (cell, i) => {
    const where = `${name}: row ${i + 1}, column ${JSON.stringify(column)}`;
    if (brandOf(cell) !== 'Uint8Array')
      throw new DistillError(
        'bad-file',
        `${where} holds ${shown(cell)} where an image's bytes are due: leave out the row, or store images in the file`,
      );
    return { name: where, bytes: cell as Uint8Array };
  });
}
