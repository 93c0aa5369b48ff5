import { type Augmentation, viewCount } from '../data/augment/index.js';
import { DistillError } from '../errors.js';
import { asFloat32, decodeSafetensors, encodeSafetensors, f32Tensor } from '../formats/safetensors.js';
import { checkSoftTargets, type SoftTargets, sizeOf } from './soft-targets.js';

const FORMAT = 'wasm-distill soft targets';

/** Soft targets as a safetensors file. */
export function encodeSoftTargets(soft: SoftTargets): Uint8Array {
  checkSoftTargets(soft);
  const { temperature, classes, augment, probabilities, transferSet, teachers } = soft;
  const views = viewCount(augment);
  const shape = views === 1 ? [sizeOf(soft), classes] : [sizeOf(soft), views, classes];
  return encodeSafetensors([f32Tensor('soft', shape, probabilities)], {
    format: FORMAT,
    temperature: String(temperature),
    ...(views > 1 && { augment: JSON.stringify(augment) }),
    transferSet,
    teachers: teachers.join(' '),
  });
}

/** @throws DistillError 'bad-file' if it isn't a file of soft targets. */
export function decodeSoftTargets(bytes: Uint8Array, name: string): SoftTargets {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const soft = tensors.get('soft');
  const temperature = Number(metadata.temperature);
  const augment = readAugment(metadata);
  if (
    metadata.format !== FORMAT ||
    !(temperature > 0) ||
    !soft ||
    !augment ||
    !isTable(soft.shape, viewCount(augment))
  ) {
    throw new DistillError('bad-file', `${name} is not a file of soft targets of wasm-distill`);
  }
  const { transferSet = '' } = metadata;
  const teachers = (metadata.teachers ?? '').split(' ');
  if (![transferSet, ...teachers].every((hash) => /^[0-9a-f]{64}$/.test(hash))) {
    throw new DistillError(
      'bad-file',
      `${name} doesn't say which samples and teachers its soft targets belong to: make them again`,
    );
  }
  return {
    temperature,
    classes: soft.shape.at(-1)!,
    augment,
    probabilities: asFloat32(soft, name),
    transferSet,
    teachers,
  };
}

/** Earlier files call shifts `jitter`. */
function readAugment({ augment, jitter }: Record<string, string>): Augmentation[] | undefined {
  try {
    const list: unknown =
      augment === undefined ? (jitter ? [{ shift: Number(jitter) }] : []) : JSON.parse(augment);
    if (!Array.isArray(list)) return undefined;
    viewCount(list as Augmentation[]);
    return list as Augmentation[];
  } catch {
    return undefined;
  }
}

function isTable(shape: readonly number[], views: number): boolean {
  return views === 1 ? shape.length === 2 : shape.length === 3 && shape[1] === views;
}
