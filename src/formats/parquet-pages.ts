import { DistillError } from '../errors.js';
import { levelsFit, type PageLayout, runsFit, valuesFit } from './parquet-runs.js';

/** A file that is read in parts: its size, and the bytes from `start` to before `end`. */
export interface Slices {
  readonly byteLength: number;
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** What the file's end says of a column in a row group. */
export interface ColumnMeta {
  readonly codec: string;
  readonly path_in_schema: readonly string[];
  readonly num_values: bigint;
  readonly total_compressed_size: bigint;
  readonly data_page_offset: bigint;
  readonly dictionary_page_offset?: bigint;
}

/** What is used of hyparquet's own modules. */
export interface PageReaders {
  parquetHeader(reader: { view: DataView; offset: number }): PageHeader;
  decompressPage(packed: Uint8Array, size: number, codec: string, compressors: unknown): Uint8Array;
}

interface PageHeader {
  readonly uncompressed_page_size?: number;
  readonly compressed_page_size?: number;
  readonly data_page_header?: { readonly num_values: number; readonly encoding?: string };
  readonly data_page_header_v2?: {
    readonly num_values: number;
    readonly num_rows: number;
    readonly encoding?: string;
    readonly definition_levels_byte_length: number;
    readonly repetition_levels_byte_length: number;
    readonly is_compressed?: boolean;
  };
  readonly dictionary_page_header?: { readonly num_values: number };
}

/** Where a column's values lie in the schema. */
export type Depth = Pick<PageLayout, 'repetition' | 'definition'>;

/** Unpacked, a page is some megabytes; more than so many is a bomb. */
const MOST_PAGE = 2 ** 30;

/**
 * Walks over the pages of a column in a row group before hyparquet does, which goes round in circles where a damaged
 * header says that its page has a negative size, and takes memory for whatever a header or a run claims.
 * @throws DistillError 'bad-file'
 */
export async function checkPages(
  file: Slices,
  column: ColumnMeta,
  depth: Depth,
  readers: PageReaders & { compressors: unknown },
  name: string,
): Promise<void> {
  const bad = (found: string) =>
    new DistillError('bad-file', `${name}: the Parquet file has a page ${found}; get the file again`);
  const data = Number(column.data_page_offset);
  const first = Math.min(Number(column.dictionary_page_offset || data), data);
  const end = first + Number(column.total_compressed_size);
  if (!(first >= 4 && end <= file.byteLength)) throw bad('outside of the file');
  const bytes = new Uint8Array(await file.slice(first, end));
  const reader = { view: new DataView(bytes.buffer), offset: 0 };
  const values = Number(column.num_values);
  let seen = 0;
  while (seen < values && reader.offset < bytes.length - 1) {
    const header = readers.parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    if (!isCount(packed, bytes.length - reader.offset) || !isCount(unpacked, MOST_PAGE))
      throw bad('of an impossible size');
    const page = header.data_page_header ?? header.data_page_header_v2;
    const count = (page ?? header.dictionary_page_header)?.num_values ?? 0;
    if (!isCount(count, values)) throw bad('of more values than its column has');
    const body = bytes.subarray(reader.offset, reader.offset + packed);
    const layout = { ...depth, count, encoding: page?.encoding };
    if (page && !bodyFits(body, header, layout, column.codec, readers))
      throw bad('whose runs are longer than the page');
    if (page) seen += count;
    reader.offset += packed;
  }
  if (seen !== values) throw bad('too few, or one too many');
}

function bodyFits(
  body: Uint8Array,
  { uncompressed_page_size: size = 0, data_page_header_v2: second }: PageHeader,
  layout: PageLayout,
  codec: string,
  { decompressPage, compressors }: PageReaders & { compressors: unknown },
): boolean {
  const runs = layout.encoding === 'RLE' || layout.encoding?.endsWith('_DICTIONARY');
  const levels = layout.repetition > 0 || layout.definition > 0;
  if (!second) return !(runs || levels) || runsFit(decompressPage(body, size, codec, compressors), layout);
  const { repetition_levels_byte_length: before, definition_levels_byte_length: length } = second;
  if (!isCount(before, body.length) || !isCount(length, body.length - before)) return false;
  if (!levelsFit(body.subarray(0, before), layout.repetition, layout.count)) return false;
  if (!levelsFit(body.subarray(before, before + length), layout.definition, layout.count)) return false;
  if (!isCount(second.num_rows, layout.count)) return false;
  const rest = body.subarray(before + length);
  const restSize = size - before - length;
  if (!runs || restSize <= 0) return restSize >= 0;
  const values = second.is_compressed === false ? rest : decompressPage(rest, restSize, codec, compressors);
  return valuesFit(values, 0, layout);
}

function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
