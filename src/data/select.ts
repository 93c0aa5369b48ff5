import { brandOf, shown } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import { size } from '../graph/shape.js';
import { checkDataset, type Dataset } from './dataset.js';
import { checkData, isStream, readShard, type SampleStream } from './stream.js';

type Data = Dataset | SampleStream;

/**
 * The first `n` samples: of a data set as views into the same memory, of a stream as another stream.
 * @throws DistillError 'bad-argument' unless `n` is in 1 … size.
 */
export function take(data: Dataset, n: number): Dataset;
export function take(data: SampleStream, n: number): SampleStream;
export function take(data: Data, n: number): Data;
export function take(data: Data, n: number): Data {
  checkData(data);
  demand(
    Number.isInteger(n) && n >= 1 && n <= data.size,
    () => `can't take ${shown(n)} of ${data.size} samples; give a whole number from 1 to ${data.size}`,
  );
  if (isStream(data)) return ofStream(data, { length: n, at: (k) => k });
  const { shape, values } = data.inputs;
  return {
    ...data,
    inputs: { shape, values: values.subarray(0, n * size(shape)) },
    labels: data.labels.subarray(0, n),
    size: n,
  };
}

/**
 * The samples at these indices: some classes, a split, a new order. Of a data set they are copied, in the order given, and
 * an index may appear more than once. Of a stream they are another stream, in the stream's own order, which reads only
 * shards that samples are taken of.
 * @throws DistillError 'bad-argument' if there are none, for an index outside 0 … size − 1, and of a stream for indices
 * that don't ascend.
 */
export function select(data: Dataset, indices: ArrayLike<number>): Dataset;
export function select(data: SampleStream, indices: ArrayLike<number>): SampleStream;
export function select(data: Data, indices: ArrayLike<number>): Data;
export function select(data: Data, indices: ArrayLike<number>): Data {
  checkData(data);
  demand(indices?.length > 0, 'a data set of no samples was asked for');
  for (let k = 0; k < indices.length; k++) {
    const i = indices[k]!;
    if (!Number.isInteger(i) || i < 0 || i >= data.size)
      throw new DistillError(
        'bad-argument',
        `there is no sample ${shown(i)}: they go from 0 to ${data.size - 1}`,
      );
  }
  return isStream(data)
    ? ofStream(data, { length: indices.length, at: (k) => indices[k]! })
    : ofDataset(data, indices);
}

function ofDataset(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  checkDataset(dataset);
  const { shape, values } = dataset.inputs;
  const labels = Int32Array.from(indices, (i) => dataset.labels[i]!);
  return {
    ...dataset,
    inputs: { shape, values: pick(values, indices, size(shape)) },
    labels,
    size: indices.length,
  };
}

/** Sample numbers, which needn't be in memory. */
interface Indices {
  readonly length: number;
  at(k: number): number;
}

function ofStream(stream: SampleStream, indices: Indices): SampleStream {
  const { shape, values, classes, classNames } = stream;
  const labels = new Int32Array(indices.length);
  for (let k = 0; k < indices.length; k++) {
    demand(
      k === 0 || indices.at(k) > indices.at(k - 1),
      () =>
        `a stream's samples stay in its order, but sample ${indices.at(k)} was asked for after ${indices.at(k - 1)}: give ascending numbers`,
    );
    labels[k] = stream.labels[indices.at(k)]!;
  }
  const parts = partsOf(stream.shards, indices);
  return {
    ...{ shape, values, classes, ...(classNames && { classNames }) },
    ...{ size: indices.length, labels, shards: parts.map(({ places }) => places.length) },
    read: async (part) => {
      const { shard, places } = parts[part]!;
      const all = await readShard(stream, shard);
      return places.length === stream.shards[shard] ? all : pick(all, places, size(shape));
    },
  };
}

/** The shards that samples are taken of, and where in them these are. */
function partsOf(shards: readonly number[], indices: Indices): { shard: number; places: Uint32Array }[] {
  const parts: { shard: number; places: Uint32Array }[] = [];
  let [first, k] = [0, 0];
  for (const [shard, count] of shards.entries()) {
    const begin = k;
    while (k < indices.length && indices.at(k) < first + count) k++;
    const from = first;
    if (k > begin)
      parts.push({
        shard,
        places: Uint32Array.from({ length: k - begin }, (_, i) => indices.at(begin + i) - from),
      });
    first += count;
  }
  return parts;
}

/** Some of the samples, which have `each` numbers, copied in the order given. */
export function pick(
  values: Uint8Array | Float32Array,
  indices: ArrayLike<number>,
  each: number,
): Uint8Array | Float32Array {
  const length = indices.length * each;
  const some = brandOf(values) === 'Uint8Array' ? new Uint8Array(length) : new Float32Array(length);
  for (let k = 0; k < indices.length; k++) {
    const at = indices[k]! * each;
    some.set(values.subarray(at, at + each), k * each);
  }
  return some;
}
