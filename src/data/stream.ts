import { brandOf, checkNames, checkWhole, checkWord, shown } from '../checks.js';
import { aborted, DistillError, demand } from '../errors.js';
import { type Shape, size } from '../graph/shape.js';
import { checkDataset, type Dataset, makeDataset, type Samples } from './dataset.js';

/**
 * Samples that needn't fit into memory: they lie in shards, each of which can be read, in any order and again. Their
 * labels are in memory, 4 bytes a sample. What train() learns from and predict() and evaluate() go over.
 */
export interface SampleStream {
  /** Of one sample, as in `Samples`. */
  readonly shape: Shape;
  /** Whether read() answers bytes (Uint8Array) or floats (Float32Array). */
  readonly values: 'bytes' | 'floats';
  /** How many samples there are, at least 1. */
  readonly size: number;
  /** How many classes there are, 1 to 65,536. */
  readonly classes: number;
  readonly classNames?: readonly string[];
  /** [size], in the order of the shards, each in 0 … classes − 1, or −1 if unknown. */
  readonly labels: Int32Array;
  /** How many samples each shard has, at least 1. What has been read of a shard is in memory for a while. */
  readonly shards: readonly number[];
  /**
   * A shard's samples, [shards[shard], …shape], always the same ones: a typed array that nobody writes to afterwards.
   * What it rejects with ends the training: errors that aren't DistillErrors become 'bad-file'.
   */
  read(shard: number): Promise<Uint8Array | Float32Array>;
}

/** What of a data set lies in memory in any case. */
export type Labeled = Pick<Dataset, 'labels' | 'size' | 'classes' | 'classNames'>;

export function isStream(data: unknown): data is SampleStream {
  return typeof (Object(data) as Partial<SampleStream>).read === 'function';
}

/** @throws DistillError 'bad-argument' for what is neither a data set nor a stream, or has parts that don't fit. */
export function checkData(data: unknown): asserts data is Dataset | SampleStream {
  if (isStream(data)) checkStream(data);
  else checkDataset(data);
}

function checkStream({
  shape,
  values,
  size: count,
  classes,
  labels,
  shards,
  classNames,
}: SampleStream): void {
  demand(
    Array.isArray(shape) && shape.length > 0 && shape.every((n) => Number.isInteger(n) && n >= 1),
    () => `the shape of a stream must be that of one sample, such as [28, 28, 1], not ${shown(shape)}`,
  );
  checkWord(values, 'the values of a stream', ['bytes', 'floats']);
  checkWhole(count, 'the size of a stream', 1, 2 ** 31 - 1);
  checkWhole(classes, 'the classes of a stream', 1, 65_536);
  demand(
    classNames === undefined || (Array.isArray(classNames) && classNames.length === classes),
    () => `the classNames of a stream must be ${classes} names, not ${shown(classNames)}`,
  );
  demand(
    Array.isArray(shards) && shards.every((n) => Number.isInteger(n) && n >= 1),
    () => `the shards of a stream must be numbers of samples, each at least 1, not ${shown(shards)}`,
  );
  const inShards = shards.reduce((sum, n) => sum + n, 0);
  demand(
    inShards === count,
    () => `the stream says that it has ${count} samples, but its shards have ${inShards}`,
  );
  demand(
    brandOf(labels) === 'Int32Array' && labels.length === count,
    () =>
      `the labels of a stream must be an Int32Array of ${count}, −1 where there is none, not ${shown(labels)}`,
  );
  const bad = labels.findIndex((label) => label < -1 || label >= classes);
  demand(bad < 0, () => `label ${bad} of the stream is ${labels[bad]}, but it has ${classes} classes`);
}

/** A data set's samples; of a stream none, in their shape and kind. */
export function inputsLike(data: Dataset | SampleStream): Samples {
  if (!isStream(data)) return data.inputs;
  return { shape: data.shape, values: data.values === 'bytes' ? new Uint8Array(0) : new Float32Array(0) };
}

/**
 * Reads a shard and checks it.
 * @throws DistillError 'bad-file' for what isn't the shard's samples, and in place of errors of other kinds.
 */
export async function readShard(stream: SampleStream, shard: number): Promise<Uint8Array | Float32Array> {
  const where = `shard ${shard} of the stream`;
  let values: Uint8Array | Float32Array;
  try {
    values = await stream.read(shard);
  } catch (cause) {
    if (cause instanceof DistillError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError('bad-file', `${where} can't be read (${reason}): check what its read() reads`, {
      cause,
    });
  }
  const brand = stream.values === 'bytes' ? 'Uint8Array' : 'Float32Array';
  const length = stream.shards[shard]! * size(stream.shape);
  demand(
    brandOf(values) === brand && values.length === length,
    () => `${where} must be a ${brand} of ${length}, but its read() answers ${shown(values)}`,
    'bad-file',
  );
  const bad = brand === 'Uint8Array' ? -1 : values.findIndex((v) => !Number.isFinite(v));
  demand(
    bad < 0,
    () =>
      `number ${bad % size(stream.shape)} of sample ${Math.floor(bad / size(stream.shape))} of ${where} is ${values[bad]}`,
    'bad-file',
  );
  return values;
}

/** How one goes along with a pass over a stream. */
export interface ReadControl {
  /** Ends it after the shard that is being read. */
  signal?: AbortSignal | undefined;
  /** Called after each shard. What it throws or rejects with ends the pass and rejects it. */
  onProgress?: ((progress: { samples: number; totalSamples: number }) => void) | undefined;
}

/**
 * Reads shards one after the other: all, or those given by their numbers.
 * @throws DistillError 'aborted', and as readShard does.
 */
export async function readShards(
  stream: SampleStream,
  visit: (values: Uint8Array | Float32Array, shard: number) => void | Promise<void>,
  control: ReadControl = {},
  chosen: readonly number[] = Array.from(stream.shards.keys()),
): Promise<void> {
  checkNames(control, 'the control', ['signal', 'onProgress']);
  const { signal, onProgress } = control;
  const totalSamples = chosen.reduce((sum, shard) => sum + stream.shards[shard]!, 0);
  let samples = 0;
  for (const shard of chosen) {
    if (signal?.aborted) throw aborted('the reading of a stream was stopped', signal);
    await visit(await readShard(stream, shard), shard);
    samples += stream.shards[shard]!;
    await onProgress?.({ samples, totalSamples });
  }
}

/**
 * All samples of a stream as a data set in memory, in their order: of a part of one, such as split() and select() answer.
 * @throws DistillError 'bad-argument', 'bad-file', 'aborted', 'memory'
 */
export async function loadStream(stream: SampleStream, control: ReadControl = {}): Promise<Dataset> {
  demand(isStream(stream), () => `a stream is needed, not ${shown(stream)}`);
  checkStream(stream);
  const { shape, labels, classes, classNames } = stream;
  const values = roomFor(stream, stream.size);
  let at = 0;
  const visit = (read: Uint8Array | Float32Array) => {
    values.set(read, at);
    at += read.length;
  };
  await readShards(stream, visit, control);
  return makeDataset({ inputs: { shape, values }, labels, classes, ...(classNames && { classNames }) });
}

function roomFor({ shape, values }: SampleStream, count: number): Uint8Array | Float32Array {
  const length = count * size(shape);
  try {
    return values === 'bytes' ? new Uint8Array(length) : new Float32Array(length);
  } catch (cause) {
    throw new DistillError(
      'memory',
      `this machine refused memory for ${count} samples of ${size(shape)} numbers: take fewer of them`,
      { cause },
    );
  }
}

/** Shards that some samples are taken from: a class may fill a shard, and each costs its reading. */
const MOST_SHARDS = 8;

/**
 * Some samples of a stream as a data set in memory, at most `count`, spread evenly over a few of its shards: what a mean
 * and deviation can be taken from (`standardize`), or a look at the data.
 * @throws DistillError 'bad-argument', 'bad-file', 'aborted', 'memory'
 */
export async function someOf(
  stream: SampleStream,
  count: number,
  control: ReadControl = {},
): Promise<Dataset> {
  demand(isStream(stream), () => `a stream is needed, not ${shown(stream)}`);
  checkStream(stream);
  checkWhole(count, 'the number of samples', 1, Infinity);
  const { shards, shape, labels, classes, classNames } = stream;
  const each = size(shape);
  const several = Math.min(MOST_SHARDS, shards.length, count);
  const chosen = Array.from({ length: several }, (_, i) => Math.floor((i * shards.length) / several));
  const most = Math.floor(count / several);
  const total = chosen.reduce((sum, shard) => sum + Math.min(shards[shard]!, most), 0);
  const values = roomFor(stream, total);
  const found = new Int32Array(total);
  let at = 0;
  const visit = (read: Uint8Array | Float32Array, shard: number) => {
    const first = shards.slice(0, shard).reduce((sum, n) => sum + n, 0);
    const taken = Math.min(shards[shard]!, most);
    for (let k = 0; k < taken; k++, at++) {
      const sample = Math.floor((k * shards[shard]!) / taken);
      values.set(read.subarray(sample * each, (sample + 1) * each), at * each);
      found[at] = labels[first + sample]!;
    }
  };
  await readShards(stream, visit, control, chosen);
  return makeDataset({
    inputs: { shape, values },
    labels: found,
    classes,
    ...(classNames && { classNames }),
  });
}
