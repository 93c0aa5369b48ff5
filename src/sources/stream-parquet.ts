import { shown } from '../checks.js';
import type { SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import type { ParquetFile } from '../formats/parquet.js';
import type { Cell, Table } from '../formats/table.js';
import { type Shape, sameShape } from '../graph/shape.js';
import {
  checkInputs,
  imageColumn,
  imageFiles,
  isOpened,
  type LoadParquetOptions,
  openParquetFile,
  type ParquetSource,
  parquetOptions,
  sourcesOf,
} from './load-parquet.js';
import { pictureShards } from './picture-shards.js';
import {
  chosenColumns,
  type TableDatasetOptions,
  type TableReading,
  tableDataset,
  tableLabels,
} from './table-dataset.js';

/** A row group, which is a shard of the stream. */
interface Group {
  readonly file: ParquetFile;
  readonly index: number;
  readonly rows: number;
  /** What messages call it. */
  readonly name: string;
}

/**
 * Parquet files as a stream, which needn't fit into memory; options, columns and errors are those of `loadParquet`. Shards
 * are the row groups: one at a time is unpacked, so a file of few large groups takes much memory. The first is read at
 * once, and of the others the label's column. Missing values can be filled with the means that `like` has.
 */
export async function streamParquet(
  source: ParquetSource | readonly ParquetSource[],
  options: LoadParquetOptions = {},
): Promise<SampleStream & { readonly reading: TableReading }> {
  const { image, pictures, rest } = parquetOptions(options, 'streamParquet');
  const groups = await groupsOf(sourcesOf(source, 'streamParquet'));
  const name = rest.name ?? groups[0]!.name;
  demand(
    rest.missing === undefined || rest.like?.fill !== undefined,
    () =>
      `${name}: the means that missing: 'mean' needs aren't known of a stream: read some rows by loadParquet, and give their reading as like`,
  );
  const first = await groups[0]!.file.read(groups[0]!.index);
  const column = imageColumn(first, image, name);
  checkInputs(first, column, { pictures, rest }, name);
  const chosen = chosenColumns(first, { ...rest, name }, column < 0 ? 'numbers' : 'images');
  const { label } = chosen;
  const { labels, classNames } = await labelsOf(groups, label, rest, name);
  const shared = {
    ...{ size: labels.length, classes: classNames.length, classNames, labels },
    shards: groups.map(({ rows }) => rows),
  };
  if (column < 0) {
    const fill = rest.like?.fill;
    const reading = { ...chosen, classNames, ...(fill && { fill }) };
    const { shape, read } = await numberShards(groups, reading, first);
    return { ...shared, shape, values: 'floats', read, reading };
  }
  const word = first.columns[column]!.name;
  const filesOf = async (shard: number) => {
    const { file, index, name } = groups[shard]!;
    return imageFiles(await file.read(index, [word]), 0, name);
  };
  const { shape, read } = await pictureShards(imageFiles(first, column, groups[0]!.name), filesOf, pictures);
  return { ...shared, shape, values: 'bytes', read, reading: { label, inputs: [word], classNames } };
}

/** The row groups of all files, which must be of one kind. */
async function groupsOf(sources: readonly ParquetSource[]): Promise<readonly Group[]> {
  const groups: Group[] = [];
  let first: { file: ParquetFile; name: string } | undefined;
  for (const source of sources) {
    const { file, name } = isOpened(source) ? source : await openParquetFile(source);
    first ??= { file, name };
    const kind = ({ columns, classNames }: ParquetFile) => JSON.stringify([columns, classNames]);
    demand(
      kind(file) === kind(first.file),
      () => `${name} and ${first!.name} have other columns or classes: give files that belong together`,
      'bad-file',
    );
    file.groups.forEach((rows, index) => {
      if (rows > 0) groups.push({ file, index, rows, name: `${name}, row group ${index + 1}` });
    });
  }
  demand(groups.length > 0, () => `${first!.name}: the Parquet file has no rows`, 'bad-file');
  return groups;
}

async function labelsOf(
  groups: readonly Group[],
  label: string | null,
  options: TableDatasetOptions,
  name: string,
): Promise<{ labels: Int32Array; classNames: readonly string[] }> {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const values: Cell[] = [];
  const { classNames } = groups[0]!.file;
  if (label !== null)
    for (const { file, index } of groups)
      for (const cell of Array.from((await file.read(index, [label])).columns[0]!.values)) values.push(cell);
  const named = label ?? '';
  const table: Table = {
    rows,
    columns: [{ name: named, values: label === null ? new Float64Array(rows) : values }],
    classNames,
  };
  return tableLabels(table, { ...options, label: label === null ? false : label, name });
}

/** Row groups of numbers, read as the first one was. */
async function numberShards(
  groups: readonly Group[],
  { inputs, fill }: TableReading,
  first: Table,
): Promise<{ shape: Shape; read(shard: number): Promise<Float32Array> }> {
  const like = { label: null, inputs, classNames: ['unlabeled'], ...(fill && { fill }) };
  const samples = (shard: number, rows: Table) =>
    tableDataset(rows, { label: false, like, name: groups[shard]!.name }).inputs;
  const { shape } = samples(0, first);
  return {
    shape,
    read: async (shard) => {
      const { file, index } = groups[shard]!;
      const read = samples(shard, await file.read(index, inputs));
      demand(
        sameShape(read.shape, shape),
        () =>
          `${groups[shard]!.name} has samples of shape ${shown(read.shape.join(' × '))}, the first one of ${shape.join(' × ')}: give rows of one length`,
        'bad-file',
      );
      return read.values as Float32Array;
    },
  };
}
