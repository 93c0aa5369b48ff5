import { checkNames, shown } from '../checks.js';
import type { SampleStream } from '../data/stream.js';
import { DistillError, demand } from '../errors.js';
import { isGzip } from '../formats/gzip.js';
import { decodeNpy, readNpyStart } from '../formats/npy.js';
import { elementBytes, readElements } from '../formats/npy-elements.js';
import { isZip } from '../formats/zip.js';
import { type ArrayDataset, arrayDataset } from './array-dataset.js';
import { type Source, slicesOf, unpackedBytesOf } from './bytes-of.js';
import { classLabels } from './class-labels.js';
import { type OneHot, oneHotArray } from './one-hot.js';

export interface StreamNpyOptions {
  /** The samples' labels: whole numbers, −1 for none, or names (default: all are unlabeled). */
  labels?: ArrayLike<number | bigint | string>;
  /** In place of `labels`: a second npy file with them, which is read whole. */
  labelsFrom?: Source;
  /** The classes of the training data, in order: labels are found among them by name. */
  classNames?: readonly string[];
}

/** Of a shard: some dozens of them fill a window, so that it mixes what lies far apart. */
const SHARD_BYTES = 2 ** 22;

/** No header is longer. */
const MOST_HEADER = 2 ** 20;

/**
 * An npy file as a stream: it is read in parts, and needn't fit into memory. Shapes and types of samples are those of
 * `arrayDataset`; they must lie one after the other (C order, NumPy's default).
 *
 * Rejects with 'missing' for files that can't be read, 'bad-file' for what is no such npy file, 'bad-argument'.
 */
export async function streamNpy(
  source: Source,
  options: StreamNpyOptions = {},
): Promise<SampleStream & Pick<ArrayDataset, 'turned' | 'oneHot'>> {
  checkNames(options, 'streamNpy', ['labels', 'labelsFrom', 'classNames']);
  const { file, name } = await slicesOf(source);
  const head = new Uint8Array(await file.slice(0, Math.min(MOST_HEADER, file.byteLength)));
  demandFile(
    !isZip(head) && !isGzip(head),
    name,
    'is packed, and only an npy file can be read in parts: unpack it, or save it by numpy.save',
  );
  const { descr, fortran, shape, start } = readNpyStart(head, name);
  const [count = 0, ...each] = shape;
  demandFile(count > 0, name, `has the shape [${shape}]: give [samples, …]`);
  demandFile(
    !fortran || each.length === 0,
    name,
    'is stored by columns, so that no sample lies in one place: save numpy.ascontiguousarray(array)',
  );
  const elements = each.reduce((a, b) => a * b, 1);
  const bytes = elements * elementBytes(descr, name);
  demandFile(
    bytes > 0 && file.byteLength === start + count * bytes,
    name,
    `has ${file.byteLength - start} bytes of data where ${count} samples need ${count * bytes}: get it again`,
  );
  const samples = async (first: number, end: number): Promise<ArrayDataset> => {
    const part = new Uint8Array(await file.slice(start + first * bytes, start + end * bytes));
    const where = `${name}, samples ${first} to ${end - 1}`;
    const data = readElements(part, descr, (end - first) * elements, where);
    return arrayDataset({ shape: [end - first, ...each], data } as Parameters<typeof arrayDataset>[0], {
      name: where,
    });
  };
  const most = Math.max(1, Math.floor(SHARD_BYTES / bytes));
  const shards = Array.from({ length: Math.ceil(count / most) }, (_, i) => Math.min(most, count - i * most));
  const { inputs, turned } = await samples(0, 1);
  const { labels, classNames, oneHot } = await labelsOf(options, count, name);
  return {
    shape: inputs.shape,
    values: inputs.values.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'floats',
    ...{ size: count, classes: classNames.length, classNames, labels, shards },
    read: async (shard) => (await samples(shard * most, shard * most + shards[shard]!)).inputs.values,
    ...(turned && { turned }),
    ...(oneHot && { oneHot }),
  };
}

async function labelsOf(
  { labels, labelsFrom, classNames }: StreamNpyOptions,
  count: number,
  name: string,
): Promise<{ labels: Int32Array; classNames: readonly string[]; oneHot?: true }> {
  demand(
    labels === undefined || labelsFrom === undefined,
    'labels and a file of others, labelsFrom, are given: give one of the two',
  );
  const read = labelsFrom === undefined ? undefined : await labelsIn(labelsFrom);
  const given = read ? (read.hot?.places ?? read.data) : labels;
  if (given === undefined)
    return { labels: new Int32Array(count).fill(-1), classNames: classNames ?? ['unlabeled'] };
  demand(
    typeof given?.length === 'number' && typeof given !== 'string',
    () => `${name}: labels must be a list, −1 where there is none, not ${shown(given)}`,
  );
  demandFile(
    given.length === count,
    name,
    `has ${count} samples, but there are ${given.length} labels: use those that belong to it`,
  );
  const found = classLabels(given, {
    name: `${name}, labels`,
    classNames: classNames ?? read?.hot?.classNames,
  });
  return { ...found, ...(read?.hot && { oneHot: true }) };
}

async function labelsIn(
  source: Source,
): Promise<{ data: ArrayLike<number | bigint | string>; hot: OneHot | undefined }> {
  const { bytes, name } = await unpackedBytesOf(source);
  const array = decodeNpy(bytes, name);
  return { data: array.data, hot: oneHotArray(array) };
}

function demandFile(condition: boolean, name: string, what: string): asserts condition {
  if (!condition) throw new DistillError('bad-file', `${name} ${what}`);
}
