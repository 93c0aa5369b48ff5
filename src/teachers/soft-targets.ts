import type { Engine } from '../backends/backend.js';
import { brandOf, checkNames, checkTemperature, shown } from '../checks.js';
import { type Augmentation, checkAugment, viewCount, viewOf, viewsOf } from '../data/augment/index.js';
import type { Dataset } from '../data/dataset.js';
import { samplesSha256 } from '../data/samples-hash.js';
import { checkData, inputsLike, isStream, readShard, type SampleStream } from '../data/stream.js';
import { DistillError, demand } from '../errors.js';
import { AnyPredictor } from '../evaluate/any-predictor.js';
import { type PredictOptions, predict } from '../evaluate/evaluate.js';
import { type AnyModel, checkAnyModels, isExternal } from '../evaluate/external.js';
import { CONTROL_NAMES, type ForwardControl } from '../evaluate/forward.js';
import { weightsSha256 } from '../nn/model-file.js';

/** Teachers' averaged probabilities at a temperature, tied to the samples and teachers they come from. */
export interface SoftTargets {
  temperature: number;
  classes: number;
  /** The augmentations whose every view the probabilities cover; if empty, only the samples as they are. */
  augment: readonly Augmentation[];
  /** [size, views, classes], in the order of the transfer set and of viewsOf. */
  probabilities: Float32Array;
  /** SHA-256 of the transfer set's samples, in order; of a stream also of how it is cut into shards. */
  transferSet: string;
  /** SHA-256 of each teacher's weights; of an external model what it says itself. */
  teachers: readonly string[];
}

/** A training run holds them in one WebAssembly memory. */
const MOST_BYTES = 2 ** 32;

/** What softTargets() takes besides teachers and data. */
export interface SoftTargetOptions extends PredictOptions {
  temperature: number;
  /**
   * The training's augmentations (default: none): soft targets are computed for every view of each sample. The same
   * bits as with teachers in the step, at one forward pass per view.
   */
  augment?: readonly Augmentation[];
}

/**
 * soft target = mean over the teachers of softmax(z/T) (Hinton, Vinyals, Dean 2015, section 2): probabilities are
 * averaged, not logits. A stream is read once for each view, and once for its hash; its soft targets are in memory.
 * @throws DistillError 'bad-argument' for no teachers and invalid options, 'mismatch' for teachers of other data,
 * 'memory' for more soft targets than a training can hold.
 */
export async function softTargets(
  engine: Engine,
  teachers: readonly AnyModel[],
  data: Dataset | SampleStream,
  options: SoftTargetOptions,
): Promise<SoftTargets> {
  checkNames(options, 'softTargets', ['temperature', 'augment', ...CONTROL_NAMES]);
  const { temperature, augment = [] } = options;
  checkTemperature(temperature);
  checkAnyModels(teachers, 'teachers');
  checkData(data);
  checkAugment(augment, inputsLike(data));
  return {
    temperature,
    classes: data.classes,
    augment,
    probabilities: await ofEveryView(engine, teachers, data, options),
    transferSet: await samplesSha256(data, { signal: options.signal }),
    teachers: await Promise.all(teachers.map(teacherSha256)),
  };
}

function teacherSha256(teacher: AnyModel): Promise<string> | string {
  return isExternal(teacher) ? teacher.sha256 : weightsSha256(teacher);
}

/** One view of all samples at a time, [size, views, classes]. */
async function ofEveryView(
  engine: Engine,
  teachers: readonly AnyModel[],
  data: Dataset | SampleStream,
  { temperature, augment = [], signal, onProgress }: SoftTargetOptions,
): Promise<Float32Array> {
  const { size, classes } = data;
  const views = viewCount(augment);
  const all = roomForSoftTargets(size, views, classes);
  let view = 0;
  const control = (): ForwardControl => {
    const before = view * size;
    const report = ({ samples }: { samples: number }) =>
      onProgress?.({ samples: before + samples, totalSamples: views * size });
    return { signal, onProgress: onProgress && report };
  };
  const keep = (rows: Float32Array) => {
    for (let i = 0; i < size; i++)
      all.set(rows.subarray(i * classes, (i + 1) * classes), (i * views + view) * classes);
    view++;
  };
  if (isStream(data)) {
    while (view < views)
      keep(await predict(engine, teachers, inView(data, augment, view), { temperature, ...control() }));
    return all;
  }
  const predictor = await AnyPredictor.create(engine, teachers, data, { temperature });
  try {
    for (const seen of viewsOf(data.inputs, augment)) {
      await predictor.show(seen);
      keep(await predictor.predict(control()));
    }
  } finally {
    await predictor.close();
  }
  return all;
}

/** A stream whose images are seen in one of their views. */
function inView(stream: SampleStream, augment: readonly Augmentation[], view: number): SampleStream {
  if (augment.length === 0) return stream;
  const { shape } = stream;
  return {
    ...stream,
    read: async (shard) => viewOf({ shape, values: await readShard(stream, shard) }, augment, view).values,
  };
}

/** Zeros, one for each. @throws DistillError 'memory' */
export function roomForSoftTargets(size: number, views: number, classes: number): Float32Array {
  const bytes = size * views * classes * 4;
  const refusal = (cause?: unknown) =>
    new DistillError(
      'memory',
      `soft targets of ${size} samples in ${views} views, ${classes} classes each, take ${Math.ceil(bytes / 2 ** 20)} MiB, more than a training's memory: use fewer augmentations or samples, or teachers in the step`,
      { cause },
    );
  if (bytes >= MOST_BYTES) throw refusal();
  try {
    return new Float32Array(size * views * classes);
  } catch (cause) {
    throw refusal(cause);
  }
}

/** @throws DistillError 'bad-argument' for what softTargets() and decodeSoftTargets() don't answer. */
export function checkSoftTargets(soft: unknown): asserts soft is SoftTargets {
  const { temperature, classes, augment, probabilities, transferSet, teachers } = Object(
    soft,
  ) as Partial<SoftTargets>;
  const bare = brandOf(soft).endsWith('Array')
    ? ": a bare array doesn't say its temperature or whose it is"
    : '';
  demand(
    brandOf(probabilities) === 'Float32Array' &&
      typeof temperature === 'number' &&
      Number.isInteger(classes) &&
      typeof transferSet === 'string' &&
      Array.isArray(teachers),
    () => `soft targets are what softTargets() or decodeSoftTargets() answers, not ${shown(soft)}${bare}`,
  );
  viewCount(augment as readonly Augmentation[]);
}

/** What soft targets must have been made with. */
export interface Alignment {
  temperature: number;
  /** The training's augmentations (default: none). */
  augment?: readonly Augmentation[] | undefined;
  /** SHA-256 of each teacher's weights (default: any teachers). */
  teachers?: readonly string[];
}

/**
 * Refuses soft targets made for other samples, another order, another temperature or other augmentations, or (where
 * given) by other teachers.
 * @throws DistillError 'mismatch'
 */
export async function checkAligned(
  soft: SoftTargets,
  data: Dataset | SampleStream,
  options: Alignment,
): Promise<void> {
  checkSoftTargets(soft);
  checkNames(options, 'checkAligned', ['temperature', 'augment', 'teachers']);
  checkData(data);
  const { temperature, augment = [], teachers } = options;
  const refuse = (what: string, remedy = 'make them again for this transfer set') => {
    throw new DistillError('mismatch', `the soft targets were made ${what}: ${remedy}`);
  };
  if (soft.classes !== data.classes) refuse(`for ${soft.classes} classes, not ${data.classes}`);
  if (described(soft.augment) !== described(augment))
    refuse(
      `for ${described(soft.augment)}, not ${described(augment)}`,
      'make them again with the same augment, or give teachers in place of soft, which see the augmented samples in each step',
    );
  if (sizeOf(soft) !== data.size) refuse(`for ${sizeOf(soft)} samples, not ${data.size}`);
  if (soft.temperature !== temperature) refuse(`at temperature ${soft.temperature}, not ${temperature}`);
  if (soft.transferSet !== (await samplesSha256(data))) refuse('for other samples or another order of them');
  if (teachers && soft.teachers.join() !== teachers.join()) refuse('by other teachers');
  checkProbabilities(soft);
}

/** The augmentations in human-readable form, whatever their order. */
function described(augment: readonly Augmentation[]): string {
  const named = augment
    .filter((augmentation) => !('shift' in augmentation && augmentation.shift === 0))
    .map((augmentation) => ('shift' in augmentation ? `shifts by ${augmentation.shift}` : 'mirror images'));
  return named.sort().join(' and ') || 'samples as they are';
}

function checkProbabilities({ probabilities, classes, augment }: SoftTargets): void {
  const bad = probabilities.findIndex((p) => !(p >= 0 && p <= 1));
  demand(
    bad < 0,
    () =>
      `soft target ${bad % classes} of sample ${Math.floor(bad / (viewCount(augment) * classes))} is ${probabilities[bad]}, which is no probability`,
  );
}

/** How many samples they cover. */
export function sizeOf({ probabilities, classes, augment }: SoftTargets): number {
  return probabilities.length / (viewCount(augment) * classes);
}
