import { brandOf } from '../checks.js';
import { demand } from '../errors.js';
import { sameShape, size } from '../graph/shape.js';
import type { Dataset } from './dataset.js';
import { checkData, inputsLike, isStream, readShard, type SampleStream } from './stream.js';

type Data = Dataset | SampleStream;

/**
 * All samples of one data set, then all of another, such as labeled ones and further ones without labels. They have the
 * shape, kind of numbers, classes and names of the first; where nothing of the second is labeled, its own classes don't
 * matter. If one of them is a stream, so is the whole.
 * @throws DistillError 'mismatch' for samples of another shape or kind, and for labels of other classes.
 */
export function concatenate(first: Dataset, second: Dataset): Dataset;
export function concatenate(first: Data, second: Data): Data;
export function concatenate(first: Data, second: Data): Data {
  checkData(first);
  checkData(second);
  checkJoins(first, second);
  const labels = new Int32Array(first.size + second.size);
  labels.set(first.labels);
  labels.set(second.labels, first.size);
  if (isStream(first) || isStream(second)) return joined(first, second, labels);
  const { shape, values } = first.inputs;
  const length = values.length + second.inputs.values.length;
  const all = brandOf(values) === 'Uint8Array' ? new Uint8Array(length) : new Float32Array(length);
  all.set(values);
  all.set(second.inputs.values, values.length);
  return { ...first, inputs: { shape, values: all }, labels, size: labels.length };
}

function joined(first: Data, second: Data, labels: Int32Array): SampleStream {
  const { classes, classNames } = first;
  const [one, other] = [asStream(first), asStream(second)];
  const shards = [...one.shards, ...other.shards];
  return {
    ...{ shape: one.shape, values: one.values, classes, ...(classNames && { classNames }) },
    ...{ size: labels.length, labels, shards },
    read: (shard) =>
      shard < one.shards.length ? readShard(one, shard) : readShard(other, shard - one.shards.length),
  };
}

/** Bytes of a shard of what is in memory: some dozens of them fill a window. */
const SHARD_BYTES = 2 ** 22;

function asStream(data: Data): SampleStream {
  if (isStream(data)) return data;
  const { inputs, labels, size: count, classes } = data;
  const { shape, values } = inputs;
  const each = size(shape);
  const most = Math.max(1, Math.floor(SHARD_BYTES / (each * values.BYTES_PER_ELEMENT)));
  const shards = Array.from({ length: Math.ceil(count / most) }, (_, i) => Math.min(most, count - i * most));
  return {
    ...{ shape, values: brandOf(values) === 'Uint8Array' ? 'bytes' : 'floats', size: count, classes },
    ...{ labels, shards },
    read: async (shard) => values.subarray(shard * most * each, (shard * most + shards[shard]!) * each),
  };
}

function checkJoins(first: Data, second: Data): void {
  const [one, other] = [inputsLike(first), inputsLike(second)];
  const kind = ({ shape, values }: typeof one) =>
    `${brandOf(values) === 'Uint8Array' ? 'bytes' : 'floats'} of shape [${shape}]`;
  demand(
    sameShape(one.shape, other.shape) && kind(one) === kind(other),
    () => `samples that are ${kind(one)} can't be joined with ${kind(other)}`,
    'mismatch',
  );
  if (second.labels.every((label) => label < 0)) return;
  demand(
    first.classes === second.classes,
    () => `labels of ${first.classes} classes can't be joined with labels of ${second.classes}`,
    'mismatch',
  );
  const different = first.classNames?.findIndex((name, i) => name !== (second.classNames?.[i] ?? name)) ?? -1;
  demand(
    different < 0,
    () =>
      `class ${different} is ${JSON.stringify(first.classNames?.[different])} in the one data set and ${JSON.stringify(second.classNames?.[different])} in the other: map the labels to one order of classes first`,
    'mismatch',
  );
}

/** The same samples without their labels: what only teachers say of them is left to learn. */
export function withoutLabels(data: Dataset): Dataset;
export function withoutLabels(data: Data): Data;
export function withoutLabels(data: Data): Data {
  checkData(data);
  const labels = new Int32Array(data.size).fill(-1);
  // A stream may be an object of a class, whose read() isn't copied with the rest.
  return isStream(data) ? { ...data, read: (shard) => data.read(shard), labels } : { ...data, labels };
}
