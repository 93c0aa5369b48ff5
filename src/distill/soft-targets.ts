import type { Engine } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import { shiftCount, shiftedImages } from '../data/shift.js';
import { DistillError } from '../errors.js';
import { asFloat32, decodeSafetensors, encodeSafetensors, f32Tensor } from '../formats/safetensors.js';
import { sha256, type TrainedModel, weightsSha256 } from '../nn/model-file.js';
import { type PredictOptions, Predictor } from '../train/evaluate.js';

/** Teachers' averaged probabilities at a temperature, bound to the samples and the teachers they come from. */
export interface SoftTargets {
  temperature: number;
  classes: number;
  /** The images are shifted by up to so many pixels each way; 0: they are as they are. */
  jitter: number;
  /**
   * [size, (2·jitter + 1)², classes], in the order of the transfer set; an image's shifts row by row, from −jitter pixels
   * down and −jitter to the right.
   */
  probabilities: Float32Array;
  /** SHA-256 of the transfer set's images, in order. */
  transferSet: string;
  /** SHA-256 of each teacher's weights. */
  teachers: string[];
}

/** A training holds them in one WebAssembly memory. */
const MOST_BYTES = 2 ** 32;

export interface SoftTargetOptions extends PredictOptions {
  temperature: number;
  /**
   * Greatest shift in pixels each way (default 0): soft targets are made for every shift of each image, for a training with
   * this jitter. The same bits as teachers that relabel in the step, for (2·jitter + 1)² forward passes in all.
   */
  jitter?: number;
}

/**
 * soft target = mean over the teachers of softmax(z/T) (Hinton, Vinyals, Dean 2015, section 2): probabilities are
 * averaged, not logits.
 * @throws DistillError 'bad-argument' for no teachers or a jitter that is no number of pixels, 'mismatch' for teachers of
 * other data, 'memory' for more soft targets than a training can hold.
 */
export async function softTargets(
  engine: Engine,
  teachers: readonly TrainedModel[],
  data: Dataset,
  options: SoftTargetOptions,
): Promise<SoftTargets> {
  return {
    temperature: options.temperature,
    classes: data.classes,
    jitter: options.jitter ?? 0,
    probabilities: await ofEveryShift(engine, teachers, data, options),
    transferSet: await sha256([data.images]),
    teachers: await Promise.all(teachers.map(weightsSha256)),
  };
}

/** One shift of all images at a time, [size, (2·jitter + 1)², classes]. */
async function ofEveryShift(
  engine: Engine,
  teachers: readonly TrainedModel[],
  data: Dataset,
  { temperature, jitter = 0, signal, onProgress }: SoftTargetOptions,
): Promise<Float32Array> {
  const { size, classes } = data;
  const shifts = shiftCount(jitter);
  checkSize(size, shifts, classes);
  const all = new Float32Array(size * shifts * classes);
  const architectures = teachers.map(({ architecture }) => architecture);
  const predictor = await Predictor.create(engine, architectures, data, temperature);
  const ofShift = async (shift: number, images: Uint8Array) => {
    await predictor.show(images);
    const report = ({ samples }: { samples: number }) =>
      onProgress?.({ samples: shift * size + samples, totalSamples: shifts * size });
    const rows = await predictor.predict(teachers, { signal, onProgress: onProgress && report });
    for (let i = 0; i < size; i++)
      all.set(rows.subarray(i * classes, (i + 1) * classes), (i * shifts + shift) * classes);
  };
  try {
    let shift = 0;
    for (let down = -jitter; down <= jitter; down++)
      for (let right = -jitter; right <= jitter; right++)
        await ofShift(shift++, shiftedImages(data, down, right));
  } finally {
    await predictor.close();
  }
  return all;
}

function checkSize(size: number, shifts: number, classes: number): void {
  const bytes = size * shifts * classes * 4;
  if (bytes >= MOST_BYTES)
    throw new DistillError(
      'memory',
      `soft targets of ${size} samples in ${shifts} shifts, ${classes} classes each, take ${Math.ceil(bytes / 2 ** 20)} MiB, more than a training's memory: use less jitter or fewer samples, or teachers that relabel in the step`,
    );
}

/** Soft targets as a safetensors file. */
export function encodeSoftTargets(soft: SoftTargets): Uint8Array {
  const { temperature, classes, jitter, probabilities, transferSet, teachers } = soft;
  const size = sizeOf(soft);
  const shape = jitter === 0 ? [size, classes] : [size, shiftCount(jitter), classes];
  return encodeSafetensors([f32Tensor('soft', shape, probabilities)], {
    format: 'wasm-distill soft targets',
    temperature: String(temperature),
    ...(jitter > 0 && { jitter: String(jitter) }),
    transferSet,
    teachers: teachers.join(' '),
  });
}

/** @throws DistillError 'bad-file' where it isn't a file of soft targets. */
export function decodeSoftTargets(bytes: Uint8Array, name: string): SoftTargets {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const soft = tensors.get('soft');
  const temperature = Number(metadata.temperature);
  // Files from before there was jitter, and those without it, don't name it.
  const jitter = Number(metadata.jitter ?? 0);
  if (
    metadata.format !== 'wasm-distill soft targets' ||
    !(temperature > 0) ||
    !soft ||
    !isTable(soft.shape, jitter)
  ) {
    throw new DistillError('bad-file', `${name} is not a file of soft targets of wasm-distill`);
  }
  const { transferSet = '' } = metadata;
  const teachers = (metadata.teachers ?? '').split(' ');
  if (![transferSet, ...teachers].every((hash) => /^[0-9a-f]{64}$/.test(hash))) {
    throw new DistillError(
      'bad-file',
      `${name} doesn't say which images and teachers its soft targets belong to: make them again`,
    );
  }
  return {
    temperature,
    classes: soft.shape.at(-1)!,
    jitter,
    probabilities: asFloat32(soft, name),
    transferSet,
    teachers,
  };
}

function isTable(shape: readonly number[], jitter: number): boolean {
  if (jitter === 0) return shape.length === 2;
  return Number.isInteger(jitter) && jitter > 0 && shape.length === 3 && shape[1] === shiftCount(jitter);
}

/** What soft targets have to be made with. */
export interface Alignment {
  temperature: number;
  /** Of the training (default 0). */
  jitter?: number | undefined;
  /** SHA-256 of each one's weights (default: any teachers). */
  teachers?: readonly string[];
}

/**
 * Refuses soft targets made for other samples, another order, another temperature or jitter, or (where given) by other
 * teachers.
 */
export async function checkAligned(
  soft: SoftTargets,
  data: Dataset,
  { temperature, jitter = 0, teachers }: Alignment,
): Promise<void> {
  const refuse = (what: string, remedy = 'make them again for this transfer set') => {
    throw new DistillError('mismatch', `the soft targets were made ${what}: ${remedy}`);
  };
  if (soft.classes !== data.classes) refuse(`for ${soft.classes} classes, not ${data.classes}`);
  if (soft.jitter !== jitter)
    refuse(
      `for jitter ${soft.jitter}, not ${jitter}`,
      `make them again with softTargets' \`jitter\`, or give \`teachers\` in place of \`soft\`, which relabel the shifted images in each step`,
    );
  if (sizeOf(soft) !== data.size) refuse(`for ${sizeOf(soft)} samples, not ${data.size}`);
  if (soft.temperature !== temperature) refuse(`at temperature ${soft.temperature}, not ${temperature}`);
  if (soft.transferSet !== (await sha256([data.images]))) refuse('for other images or another order of them');
  if (teachers && soft.teachers.join() !== teachers.join()) refuse('by other teachers');
}

/** How many samples they are of. */
function sizeOf({ probabilities, classes, jitter }: SoftTargets): number {
  return probabilities.length / (shiftCount(jitter) * classes);
}
