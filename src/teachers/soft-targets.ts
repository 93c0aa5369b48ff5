import type { Engine } from '../backends/backend.js';
import { brandOf, checkNames, checkTemperature, shown } from '../checks.js';
import { type Augmentation, checkAugment, viewCount, viewsOf } from '../data/augment/index.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { DistillError, demand } from '../errors.js';
import { AnyPredictor } from '../evaluate/any-predictor.js';
import type { PredictOptions } from '../evaluate/evaluate.js';
import { type AnyModel, checkAnyModels, isExternal } from '../evaluate/external.js';
import { CONTROL_NAMES } from '../evaluate/forward.js';
import { sha256 } from '../formats/hash.js';
import { weightsSha256 } from '../nn/model-file.js';

/** Teachers' averaged probabilities at a temperature, tied to the samples and teachers they come from. */
export interface SoftTargets {
  temperature: number;
  classes: number;
  /** The augmentations whose every view the probabilities cover; if empty, only the samples as they are. */
  augment: readonly Augmentation[];
  /** [size, views, classes], in the order of the transfer set and of viewsOf. */
  probabilities: Float32Array;
  /** SHA-256 of the transfer set's samples, in order. */
  transferSet: string;
  /** SHA-256 of each teacher's weights; of an external model what it says itself. */
  teachers: readonly string[];
}

/** A training run holds them in one WebAssembly memory. */
const MOST_BYTES = 2 ** 32;

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
 * averaged, not logits.
 * @throws DistillError 'bad-argument' for no teachers and invalid options, 'mismatch' for teachers of other data,
 * 'memory' for more soft targets than a training can hold.
 */
export async function softTargets(
  engine: Engine,
  teachers: readonly AnyModel[],
  data: Dataset,
  options: SoftTargetOptions,
): Promise<SoftTargets> {
  checkNames(options, 'softTargets', ['temperature', 'augment', ...CONTROL_NAMES]);
  const { temperature, augment = [] } = options;
  checkTemperature(temperature);
  checkAnyModels(teachers, 'teachers');
  checkDataset(data);
  checkAugment(augment, data.inputs);
  return {
    temperature,
    classes: data.classes,
    augment,
    probabilities: await ofEveryView(engine, teachers, data, options),
    transferSet: await sha256([data.inputs.values]),
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
  data: Dataset,
  { temperature, augment = [], signal, onProgress }: SoftTargetOptions,
): Promise<Float32Array> {
  const { size, classes } = data;
  const views = viewCount(augment);
  checkSize(size, views, classes);
  const all = new Float32Array(size * views * classes);
  const predictor = await AnyPredictor.create(engine, teachers, data, { temperature });
  try {
    let view = 0;
    for (const seen of viewsOf(data.inputs, augment)) {
      await predictor.show(seen);
      const before = view * size;
      const report = ({ samples }: { samples: number }) =>
        onProgress?.({ samples: before + samples, totalSamples: views * size });
      const rows = await predictor.predict({ signal, onProgress: onProgress && report });
      for (let i = 0; i < size; i++)
        all.set(rows.subarray(i * classes, (i + 1) * classes), (i * views + view) * classes);
      view++;
    }
  } finally {
    await predictor.close();
  }
  return all;
}

function checkSize(size: number, views: number, classes: number): void {
  const bytes = size * views * classes * 4;
  demand(
    bytes < MOST_BYTES,
    () =>
      `soft targets of ${size} samples in ${views} views, ${classes} classes each, take ${Math.ceil(bytes / 2 ** 20)} MiB, more than a training's memory: use fewer augmentations or samples, or teachers in the step`,
    'memory',
  );
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
export async function checkAligned(soft: SoftTargets, data: Dataset, options: Alignment): Promise<void> {
  checkSoftTargets(soft);
  checkNames(options, 'checkAligned', ['temperature', 'augment', 'teachers']);
  checkDataset(data);
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
  if (soft.transferSet !== (await sha256([data.inputs.values])))
    refuse('for other samples or another order of them');
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
