import { brandOf, shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import { loadPackage } from './packages.js';
import { cellOf } from './parquet-cells.js';
import { type ColumnMeta, checkPages, type Depth, type PageReaders, type Slices } from './parquet-pages.js';
import { type Cell, joinTables, type NamedTable, type Table } from './table.js';

/** A Parquet file whose rows haven't been read. */
export interface ParquetFile {
  readonly rows: number;
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  /** As in `Table`. */
  readonly classNames: Readonly<Record<string, readonly string[]>>;
  /** The file's own texts by their keys. */
  readonly metadata: Readonly<Record<string, string>>;
  /** How many rows each row group has. */
  readonly groups: readonly number[];
  /** The rows of a row group, all columns or some. @throws DistillError 'bad-file' */
  read(group: number, columns?: readonly string[]): Promise<Table>;
}

/** What is used of hyparquet. */
interface Hyparquet {
  parquetMetadataAsync(file: Slices): Promise<Metadata>;
  parquetRead(options: {
    file: Slices;
    metadata: Metadata;
    compressors?: unknown;
    utf8: boolean;
    columns: readonly string[];
    rowStart: number;
    rowEnd: number;
    onChunk(chunk: { columnName: string; columnData: ArrayLike<unknown>; rowStart: number }): void;
  }): Promise<void>;
}

interface Metadata {
  readonly schema: readonly {
    readonly name: string;
    readonly num_children?: number;
    readonly repetition_type?: string;
  }[];
  readonly num_rows: bigint;
  readonly row_groups: readonly {
    readonly num_rows: bigint;
    readonly columns: readonly {
      readonly meta_data?: ColumnMeta;
    }[];
  }[];
  readonly key_value_metadata?: readonly { readonly key: string; readonly value?: string }[];
}

/** The most rows of a file: what arrays of a browser hold. */
const MOST_ROWS = 2 ** 32 - 2;

/**
 * Opens a Parquet file, reading its end only. Needs the optional package hyparquet, and hyparquet-compressors for other
 * compression than Snappy. Columns without annotation are bytes, those annotated as text are text. `name` is the
 * file's, for messages.
 * @throws DistillError 'bad-file', or 'missing' where a package is.
 */
export async function openParquet(file: Uint8Array | Slices, name: string): Promise<ParquetFile> {
  const slices = slicesOf(file, name);
  const { library, readers } = await loadLibrary(name);
  const metadata = await guarded(name, () => library.parquetMetadataAsync(slices));
  const columns = await guarded(name, () => columnsOf(metadata));
  const texts = await guarded(name, () => textsOf(metadata));
  const groups = checkGroups(metadata, slices.byteLength, name);
  const depths = depthsOf(metadata, name);
  const compressors = await compressorsFor(metadata, name);
  return {
    rows: groups.reduce((sum, rows) => sum + rows, 0),
    columns,
    classNames: classNamesOf(texts, columns),
    metadata: texts,
    groups,
    async read(group, chosen = columns) {
      const rows = groups[group];
      demand(rows !== undefined, () => `${name}: there is no row group ${group} of ${groups.length}`);
      const unknown = chosen.find((column) => !columns.includes(column));
      demand(
        unknown === undefined,
        () => `${name}: there is no column ${shown(unknown)}: there are ${columns.join(', ')}`,
      );
      const rowStart = groups.slice(0, group).reduce((sum, count) => sum + count, 0);
      const cells = new Map<string, Cell[]>(
        chosen.map((column) => [column, new Array<Cell>(rows).fill(null)]),
      );
      for (const [i, { meta_data }] of metadata.row_groups[group]!.columns.entries())
        if (chosen.includes(meta_data!.path_in_schema[0]!))
          await guarded(name, () =>
            checkPages(slices, meta_data!, depths[i]!, { ...readers, compressors }, name),
          );
      let filled = 0;
      await guarded(name, () =>
        library.parquetRead({
          ...{ file: slices, metadata, utf8: false, columns: chosen, rowStart, rowEnd: rowStart + rows },
          ...(compressors !== undefined && { compressors }),
          onChunk({ columnName, columnData, rowStart: first }) {
            const values = cells.get(columnName)!;
            const length = Math.min(columnData.length, rows - (first - rowStart));
            for (let i = 0; i < length; i++) values[first - rowStart + i] = cellOf(columnData[i]);
            filled += length;
          },
        }),
      );
      demand(
        filled === rows * chosen.length,
        () => `${name}: row group ${group} of the Parquet file lacks rows; get the file again`,
        'bad-file',
      );
      return {
        rows,
        columns: chosen.map((column) => ({ name: column, values: cells.get(column)! })),
        classNames: classNamesOf(texts, chosen),
      };
    },
  };
}

/** A Parquet file, opened or not, and what messages call it. */
export interface NamedParquet {
  readonly name: string;
  readonly file: Uint8Array | Slices | ParquetFile;
}

/**
 * All rows of a Parquet file, or of several that belong together, in their order. They must have the same columns.
 * @throws DistillError as `openParquet` does.
 */
export async function readParquet(
  files: readonly NamedParquet[],
  columns?: readonly string[],
): Promise<Table> {
  demand(Array.isArray(files) && files.length > 0, 'no Parquet file was given');
  const parts: NamedTable[] = [];
  for (const { name, file } of files) {
    const opened = isOpened(file) ? file : await openParquet(file, name);
    demand(opened.groups.length > 0, () => `${name}: the Parquet file has no rows`, 'bad-file');
    for (let group = 0; group < opened.groups.length; group++)
      parts.push({ name, table: await opened.read(group, columns) });
  }
  return joinTables(parts);
}

function isOpened(file: unknown): file is ParquetFile {
  return typeof (Object(file) as Partial<ParquetFile>).read === 'function';
}

function slicesOf(file: Uint8Array | Slices, name: string): Slices {
  if (brandOf(file) === 'Uint8Array') {
    const bytes = file as Uint8Array;
    return {
      byteLength: bytes.length,
      slice: (start, end = bytes.length) => new Uint8Array(bytes.subarray(start, end)).buffer,
    };
  }
  const slices = file as Slices;
  demand(
    typeof slices?.byteLength === 'number' && typeof slices.slice === 'function',
    () => `${name}: a Parquet file is a Uint8Array, or { byteLength, slice }, not ${shown(file)}`,
  );
  return slices;
}

/** What hyparquet throws at damaged files, as one sentence. */
async function guarded<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DistillError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError(
      'bad-file',
      `${name}: the Parquet file can't be read (${reason}); get or save it again`,
      {
        cause,
      },
    );
  }
}

/** The columns at the top, whatever is inside them. */
function columnsOf({ schema }: Metadata): string[] {
  const names: string[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = 0; child < (schema[at]!.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) names.push(schema[at]!.name);
  return names;
}

async function loadLibrary(name: string): Promise<{ library: Hyparquet; readers: PageReaders }> {
  const why = `${name}: Parquet is read by`;
  const library = (await loadPackage('hyparquet', why)) as Hyparquet;
  const { parquetHeader } = (await loadPackage('hyparquet/src/column.js', why)) as PageReaders;
  const { decompressPage } = (await loadPackage('hyparquet/src/datapage.js', why)) as PageReaders;
  return { library, readers: { parquetHeader, decompressPage } };
}

/** How deep the values of each stored column lie, once it is sure that the row groups have these columns. */
function depthsOf({ schema, row_groups }: Metadata, name: string): Depth[] {
  const leaves: (Depth & { path: string })[] = [];
  const visit = (at: number, parents: readonly string[], depth: Depth): number => {
    const { name: word, num_children = 0, repetition_type } = schema[at]!;
    const path = at === 0 ? parents : [...parents, word];
    const own =
      at === 0
        ? depth
        : {
            repetition: depth.repetition + (repetition_type === 'REPEATED' ? 1 : 0),
            definition: depth.definition + (repetition_type === 'REQUIRED' ? 0 : 1),
          };
    let next = at + 1;
    for (let child = 0; child < num_children; child++) next = visit(next, path, own);
    if (num_children === 0) leaves.push({ ...own, path: JSON.stringify(path) });
    return next;
  };
  const contradicts = () =>
    new DistillError('bad-file', `${name}: the Parquet file's columns contradict each other; get it again`);
  try {
    visit(0, [], { repetition: 0, definition: 0 });
  } catch {
    throw contradicts();
  }
  for (const { columns } of row_groups)
    if (
      columns.length !== leaves.length ||
      columns.some(({ meta_data }, i) => JSON.stringify(meta_data?.path_in_schema) !== leaves[i]!.path)
    )
      throw contradicts();
  return leaves;
}

/** How many rows each group has, once it is sure that the file can hold them. */
function checkGroups({ num_rows, row_groups }: Metadata, size: number, name: string): number[] {
  const groups = row_groups.map((group) => Number(group.num_rows));
  const rows = groups.reduce((sum, count) => sum + count, 0);
  const holds =
    groups.every((count) => Number.isInteger(count) && count >= 0 && count <= MOST_ROWS) &&
    rows === Number(num_rows) &&
    row_groups.every(({ columns }) =>
      columns.every(({ meta_data }) => Number(meta_data?.total_compressed_size) <= size),
    );
  demand(holds, () => `${name}: the Parquet file's sizes contradict each other; get it again`, 'bad-file');
  return groups;
}

async function compressorsFor({ row_groups }: Metadata, name: string): Promise<unknown> {
  const codecs = row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec));
  const other = codecs.find((codec) => codec !== 'UNCOMPRESSED' && codec !== 'SNAPPY');
  if (other === undefined) return undefined;
  const why = `${name}: it is compressed with ${other}, which is unpacked by`;
  const { compressors } = (await loadPackage('hyparquet-compressors', why)) as { compressors: unknown };
  return compressors;
}

/** Damaged files have other things in place of texts. */
function textsOf({ key_value_metadata = [] }: Metadata): Record<string, string> {
  const texts: [string, string][] = [];
  for (const { key, value } of key_value_metadata)
    if (typeof key === 'string' && typeof value === 'string') texts.push([key, value]);
  return Object.fromEntries(texts);
}

/** Names of classes that Hugging Face's datasets writes into a file. */
function classNamesOf(
  { huggingface: text }: Readonly<Record<string, string>>,
  columns: readonly string[],
): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  if (text === undefined) return found;
  let features: Record<string, { names?: unknown } | undefined> | undefined;
  try {
    features = JSON.parse(text)?.info?.features;
  } catch {
    return found; // It says nothing of the rows, so they are read without it.
  }
  for (const column of columns) {
    const names = features?.[column]?.names;
    if (Array.isArray(names) && names.every((word) => typeof word === 'string')) found[column] = names;
  }
  return found;
}
