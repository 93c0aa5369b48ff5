import { type Dataset, DistillError } from 'wasm-distill';
import { type SampleStream, someOf } from 'wasm-distill/data';
import { counted } from '../format/numbers.ts';
import type { Settings } from '../options/options.ts';
import type { Progress } from '../terminal/progress.ts';
import { UsageError } from '../terminal/usage.ts';
import { askOf, checkTakes, type DataOptions } from './ask.ts';
import { factsOf } from './facts.ts';
import { type LoadedData, loadData, say } from './load.ts';
import { placeOf } from './place.ts';
import type { Preparation } from './preparation.ts';
import type { Like, StreamReading } from './reader.ts';
import { checkAlike, demandLabels, likeOf, readerOf, testsAt } from './understand.ts';
import { worded } from './wording.ts';

/**
 * Training data of more bytes than this go by a stream. In memory they are there three times: the file, its samples and
 * the engine's copy, of which WebAssembly holds 4 GiB at most, all else included.
 */
const STREAM_FROM = 2 ** 30;

/** Node reads no longer file at once. */
const MOST_READ = 2 ** 31 - 1;

/** Bytes of samples in a window. */
const WINDOW_BYTES = 2 ** 27;

/** Bytes of samples that numbers are standardized by. */
const SOME_BYTES = 2 ** 25;

/** What a single model learns from. */
export type TrainingData = Pick<LoadedData, 'validation' | 'test' | 'facts' | keyof Preparation> & {
  train: Dataset | SampleStream;
  /** Samples to the training data's network: all of them, or some of a stream. */
  some: Dataset;
  /** Of a stream: the most samples in a window. */
  window?: number;
};

type Options = DataOptions & Settings<'batch'>;

/** Like loadData, but training data of more than `most` bytes go by a stream, where their kind can. */
export async function loadTraining(
  options: Options,
  progress: Progress,
  most = STREAM_FROM,
): Promise<TrainingData> {
  const found = await foundStream(options, most);
  if (!found) {
    const data = await loadData(options, progress);
    return { ...data, some: data.train };
  }
  checkWhole(options);
  const { train, val } = found.reading;
  const outline = outlineOf(train);
  demandLabels(outline, options.data);
  const { test, testSource } = await testsFor(options, outline, found.reading);
  const window = Math.max(options.batch, Math.floor(WINDOW_BYTES / bytesOf(train)));
  const notes = [
    ...found.reading.notes,
    `${options.data} isn't kept in memory: it is read through once, then in each epoch in windows of ${counted(Math.min(window, train.size), 'sample')}`,
  ];
  const origin = { kind: found.title, source: options.data, testSource, table: undefined, notes };
  const facts = factsOf({ train: outline, val, test }, origin);
  say(facts, progress);
  const some = await someOf(train, Math.max(1, Math.floor(SOME_BYTES / bytesOf(train))));
  return { train, some, window, test, facts, ...(val && { validation: val }) };
}

/** Like loadData. @throws DistillError 'bad-argument' for training data that are too large to be read whole. */
export async function loadWhole(
  options: DataOptions,
  progress: Progress,
  like: Like = {},
): Promise<LoadedData> {
  if (await foundStream(options, MOST_READ))
    throw new DistillError(
      'bad-argument',
      `${options.data} is larger than 2 GiB, and distill keeps what teachers say of all samples in memory: give fewer samples, or go by a stream from JavaScript, train() with distillation({ teachers })`,
    );
  return loadData(options, progress, like);
}

async function foundStream(
  options: DataOptions,
  most: number,
): Promise<{ reading: StreamReading; title: string } | undefined> {
  const { data: where, test } = options;
  const reader = await readerOf(where);
  if (!reader.stream) return undefined;
  const [ask, place] = [askOf(options), await placeOf(where)];
  checkTakes(reader, ask, where);
  const reading = await worded(() => reader.stream!({ ...place, alone: test !== undefined }, ask, most));
  return reading && { reading, title: reader.title };
}

/** A stream can't be split. @throws UsageError */
function checkWhole({ data, val, limit }: DataOptions): void {
  const large = `${data}, which is large and read in windows`;
  if (val !== undefined)
    throw new UsageError(
      `--val can't split samples off ${large}: leave it out, or give a folder with x_train.npy and x_val.npy, labels beside them`,
    );
  if (limit !== undefined)
    throw new UsageError(
      `--limit can't choose samples of ${large}: leave it out, or save fewer in another file`,
    );
}

async function testsFor(
  options: DataOptions,
  train: Dataset,
  { val, test: own, testName }: StreamReading,
): Promise<{ test: Dataset; testSource: string | undefined }> {
  const { data: where, test: place } = options;
  const test = place === undefined ? own : await testsAt(place, askOf(options), likeOf(train, {}));
  if (!test)
    throw new UsageError(
      `${where} is large and read in windows, so that no test data can be split off it: name some with --test`,
    );
  const testSource = place ?? testName;
  for (const part of [val, test]) if (part) checkAlike(train, where, part, testSource ?? where);
  demandLabels(test, testSource ?? where);
  return { test, testSource };
}

/** All that is known of a stream without its samples, of which there are none in it. */
function outlineOf({ shape, values, labels, size, classes, classNames }: SampleStream): Dataset {
  const none = values === 'bytes' ? new Uint8Array(0) : new Float32Array(0);
  return { inputs: { shape, values: none }, labels, size, classes, ...(classNames && { classNames }) };
}

/** Of one sample. */
function bytesOf({ shape, values }: SampleStream): number {
  return shape.reduce((a, b) => a * b, values === 'bytes' ? 1 : 4);
}
