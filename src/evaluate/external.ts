import { brandOf, shown } from '../checks.js';
import type { Dataset, Samples } from '../data/dataset.js';
import { isStream, readShard, type SampleStream } from '../data/stream.js';
import { aborted, DistillError, demand } from '../errors.js';
import { size } from '../graph/shape.js';
import { checkModel, type TrainedModel } from '../nn/model-file.js';
import type { ForwardControl } from './forward.js';

/**
 * A model that isn't a network of this library: an ONNX graph, a service, outputs that were stored. It can be evaluated,
 * and teach by what it answers; its answers' gradients are unknown, so that it can't run in a training step.
 */
export interface ExternalModel {
  /** For people to read. */
  readonly name: string;
  /** A SHA-256, as hex, of everything that its answers follow from: it goes into keys and files of soft targets. */
  readonly sha256: string;
  readonly classes: number;
  /** In the order of its answers. */
  readonly classNames?: readonly string[] | undefined;
  /** The most samples that it is asked for at once (default: 100). */
  readonly batch?: number | undefined;
  /** Logits of some samples, [samples, classes]; what knows probabilities alone answers their logarithms. */
  logits(samples: Samples, signal?: AbortSignal): Promise<Float32Array>;
  /** What is inside of it, [samples, units]: what a student can take as a hint. */
  features?(samples: Samples, signal?: AbortSignal): Promise<Float32Array>;
  /** Of these for one sample; maps as [height, width, channels] (default: rows of units). */
  readonly featuresShape?: readonly number[] | undefined;
}

/** A model of whatever kind. */
export type AnyModel = TrainedModel | ExternalModel;

const BATCH = 100;

export function isExternal(model: unknown): model is ExternalModel {
  return typeof (Object(model) as Partial<ExternalModel>).logits === 'function';
}

/**
 * Refuses what is no list of models, at least one; `what` says whose it is.
 * @throws DistillError 'bad-argument'
 */
export function checkAnyModels(models: unknown, what: string): asserts models is readonly AnyModel[] {
  demand(
    Array.isArray(models) && models.length > 0,
    () => `${what} must be a list of at least one trained model, not ${shown(models)}`,
  );
  for (const [i, model] of models.entries())
    if (isExternal(model)) checkExternal(model, `${what}[${i}]`);
    else checkModel(model, `${what}[${i}]`);
}

function checkExternal({ name, sha256, classes, batch = BATCH }: ExternalModel, what: string): void {
  demand(typeof name === 'string', () => `the name of ${what} must be a string, not ${shown(name)}`);
  demand(
    /^[0-9a-f]{64}$/.test(sha256),
    () => `the sha256 of ${what} must be 64 digits of hex, as sha256() answers them, not ${shown(sha256)}`,
  );
  for (const [word, value] of Object.entries({ classes, batch }))
    demand(
      Number.isInteger(value) && value >= 1,
      () => `${word} of ${what} must be a whole number of at least 1, not ${shown(value)}`,
    );
}

/** Logits of all samples, [size, classes], batch by batch. @throws DistillError 'mismatch', 'diverged', 'aborted' */
export async function logitsOfExternal(
  model: ExternalModel,
  data: Dataset | SampleStream,
  control: ForwardControl = {},
): Promise<Float32Array> {
  const { name, classes } = model;
  demand(
    classes === data.classes,
    () =>
      `${name} knows ${classes} classes, but the data have ${data.classes}: say which is which, by mapClasses or --teacher-classes`,
    'mismatch',
  );
  return answers(data, control, {
    name,
    batch: model.batch,
    columns: classes,
    ask: (samples, signal) => model.logits(samples, signal),
  });
}

/** The features of all samples, [size, units]. @throws DistillError 'mismatch', 'diverged', 'aborted' */
export async function featuresOfExternal(
  model: ExternalModel,
  data: Dataset | SampleStream,
  control: ForwardControl = {},
): Promise<Float32Array> {
  const { name, batch } = model;
  demand(
    model.features !== undefined,
    () => `${name} doesn't tell what is inside of it: it has no features`,
    'mismatch',
  );
  return answers(data, control, { name, batch, ask: (samples, signal) => model.features!(samples, signal) });
}

interface Question {
  name: string;
  batch: number | undefined;
  /** Numbers a sample (default: as many as the first answer has). */
  columns?: number;
  ask(samples: Samples, signal: AbortSignal | undefined): Promise<Float32Array>;
}

async function answers(
  data: Dataset | SampleStream,
  { signal, onProgress }: ForwardControl,
  { name, batch = BATCH, ask, ...question }: Question,
): Promise<Float32Array> {
  let all: Float32Array | undefined;
  let { columns } = question;
  let done = 0;
  for await (const samples of batches(data, batch)) {
    if (signal?.aborted) throw aborted(`${name} was stopped`, signal);
    const count = samples.values.length / size(samples.shape);
    const found = await ask(samples, signal);
    columns ??= found?.length / count;
    checkAnswer(name, found, { count, columns, first: done });
    all ??= new Float32Array(data.size * columns);
    all.set(found, done * columns);
    done += count;
    await onProgress?.({ samples: done, totalSamples: data.size });
  }
  return all!;
}

function checkAnswer(
  name: string,
  found: unknown,
  { count, columns, first }: { count: number; columns: number; first: number },
): asserts found is Float32Array {
  demand(
    brandOf(found) === 'Float32Array' && (found as Float32Array).length === count * columns && columns > 0,
    () => `${name} must answer a Float32Array of ${count} × ${columns} numbers, not ${shown(found)}`,
    'mismatch',
  );
  const values = found as Float32Array;
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw new DistillError(
      'diverged',
      `${name} answers ${values[bad]} for sample ${first + Math.floor(bad / columns)}: its answers must be finite`,
    );
}

/** All samples in their order; no batch goes on from one shard of a stream into the next. */
async function* batches(data: Dataset | SampleStream, most: number): AsyncGenerator<Samples> {
  if (!isStream(data)) {
    yield* cut(data.inputs, most);
    return;
  }
  const { shape } = data;
  for (const shard of data.shards.keys()) yield* cut({ shape, values: await readShard(data, shard) }, most);
}

function* cut({ shape, values }: Samples, most: number): Generator<Samples> {
  const step = most * size(shape);
  for (let at = 0; at < values.length; at += step) yield { shape, values: values.subarray(at, at + step) };
}
