import type { Dataset } from 'wasm-distill';
import { loadStream, type ReadControl, type SampleStream, someOf } from 'wasm-distill/data';
import { dataSha256 } from 'wasm-distill/jobs';
import type { Context } from '../context.ts';
import { counted } from '../format/numbers.ts';
import type { Bar } from '../terminal/progress.ts';
import type { Data } from './reader.ts';

/**
 * Samples of more bytes than this go by a stream. In memory they are there three times: their files, as they are decoded,
 * and the engine's copy, of which WebAssembly holds 4 GiB at most, all else included.
 */
const STREAM_FROM = 2 ** 30;

/** Bytes of samples that numbers are standardized by. */
const SOME_BYTES = 2 ** 25;

/** The most bytes of samples that are kept in memory. */
export function mostBytes({ streamFrom = STREAM_FROM }: Context): number {
  return streamFrom;
}

export function isStream(data: Data): data is SampleStream {
  return 'read' in data;
}

/** All that is known of a stream without its samples, of which there are none in it; what is in memory as it is. */
export function outlineOf(data: Data): Dataset {
  if (!isStream(data)) return data;
  const { shape, values, labels, size, classes, classNames } = data;
  const none = values === 'bytes' ? new Uint8Array(0) : new Float32Array(0);
  return { inputs: { shape, values: none }, labels, size, classes, ...(classNames && { classNames }) };
}

/** What was asked to be in memory. */
export function inMemory(data: Data): Dataset {
  if (isStream(data)) throw new Error('a stream was read where a data set was asked for');
  return data;
}

/** Of all samples. */
export function bytesOf(data: Data): number {
  return data.size * bytesOfOne(data);
}

function bytesOfOne(data: Data): number {
  const { shape, values } = outlineOf(data).inputs;
  return shape.reduce((a, b) => a * b, values.BYTES_PER_ELEMENT);
}

/** Loads what is small enough of a stream, such as a part of it. */
export async function resident(data: Data, context: Context, title: string): Promise<Data> {
  if (!isStream(data) || bytesOf(data) > mostBytes(context)) return data;
  return loaded(data, context, title);
}

export function loaded(part: SampleStream, context: Context, title: string): Promise<Dataset> {
  return withBar(context, title, (control) => loadStream(part, control));
}

/** Samples that tell what is made of all: these, or some of a stream, by which numbers are standardized. */
export async function someSamples(data: Data, context: Context): Promise<Dataset> {
  if (!isStream(data)) return data;
  const count = Math.max(1, Math.floor(SOME_BYTES / bytesOfOne(data)));
  return withBar(context, 'reading some samples', (control) => someOf(data, count, control));
}

/** A stream is read once for its hash, which is then known. */
export function hashOf(data: Data, context: Context): Promise<string> {
  return withBar(context, 'reading all data once', (control) => dataSha256(data, control));
}

/** A pass over a stream, with a bar from its first news on; work that has none shows none. */
export async function withBar<T>(
  { progress, controller: { signal } }: Context,
  title: string,
  work: (control: ReadControl) => Promise<T>,
): Promise<T> {
  let bar: Bar | undefined;
  let total = 0;
  const made = await work({
    signal,
    onProgress: ({ samples, totalSamples }) => {
      total = totalSamples;
      bar ??= progress.start(title, totalSamples);
      bar.update(samples);
    },
  });
  bar?.done(counted(total, 'sample'));
  return made;
}
