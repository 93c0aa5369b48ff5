import type { Dataset } from '../data/dataset.js';
import { DistillError } from '../errors.js';
import { asFloat32, decodeSafetensors, encodeSafetensors, f32Tensor } from '../formats/safetensors.js';
import { sha256, type TrainedModel, weightsSha256 } from '../nn/model-file.js';
import type { Engine } from '../runtime/engine.js';
import { type PredictOptions, predict } from '../train/evaluate.js';

/** Teachers' averaged probabilities at a temperature, bound to the samples and the teachers they come from. */
export interface SoftTargets {
  temperature: number;
  classes: number;
  /** [size, classes], in the order of the transfer set. */
  probabilities: Float32Array;
  /** SHA-256 of the transfer set's images, in order. */
  transferSet: string;
  /** SHA-256 of each teacher's weights. */
  teachers: string[];
}

/**
 * soft target = mean over the teachers of softmax(z/T) (Hinton, Vinyals, Dean 2015, section 2): probabilities are
 * averaged, not logits.
 */
export async function softTargets(
  engine: Engine,
  teachers: readonly TrainedModel[],
  data: Dataset,
  options: PredictOptions & { temperature: number },
): Promise<SoftTargets> {
  return {
    temperature: options.temperature,
    classes: data.classes,
    probabilities: await predict(engine, teachers, data, options),
    transferSet: await sha256([data.images]),
    teachers: await Promise.all(teachers.map(weightsSha256)),
  };
}

/** Soft targets as a safetensors file. */
export function encodeSoftTargets({
  temperature,
  classes,
  probabilities,
  transferSet,
  teachers,
}: SoftTargets): Uint8Array {
  return encodeSafetensors([f32Tensor('soft', [probabilities.length / classes, classes], probabilities)], {
    format: 'wasm-distill soft targets',
    temperature: String(temperature),
    transferSet,
    teachers: teachers.join(' '),
  });
}

/** @throws DistillError 'bad-file' where it isn't a file of soft targets. */
export function decodeSoftTargets(bytes: Uint8Array, name: string): SoftTargets {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const soft = tensors.get('soft');
  const temperature = Number(metadata.temperature);
  if (metadata.format !== 'wasm-distill soft targets' || soft?.shape.length !== 2 || !(temperature > 0)) {
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
    classes: soft.shape[1]!,
    probabilities: asFloat32(soft, name),
    transferSet,
    teachers,
  };
}

/** Refuses soft targets made for other samples, another order, another temperature or (where given) other teachers. */
export async function checkAligned(
  soft: SoftTargets,
  data: Dataset,
  temperature: number,
  teachers?: readonly string[],
): Promise<void> {
  const refuse = (what: string) => {
    throw new DistillError(
      'mismatch',
      `the soft targets were made ${what}: make them again for this transfer set`,
    );
  };
  if (soft.classes !== data.classes) refuse(`for ${soft.classes} classes, not ${data.classes}`);
  if (soft.probabilities.length !== data.size * data.classes)
    refuse(`for ${soft.probabilities.length / soft.classes} samples, not ${data.size}`);
  if (soft.temperature !== temperature) refuse(`at temperature ${soft.temperature}, not ${temperature}`);
  if (soft.transferSet !== (await sha256([data.images]))) refuse('for other images or another order of them');
  if (teachers && soft.teachers.join() !== teachers.join()) refuse('by other teachers');
}
