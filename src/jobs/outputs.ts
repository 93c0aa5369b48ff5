import type { Engine } from '../backends/backend.js';
import { viewCount } from '../data/augment/index.js';
import type { Dataset } from '../data/dataset.js';
import type { Labeled, SampleStream } from '../data/stream.js';
import { DistillError, demand } from '../errors.js';
import { type AnyModel, type ExternalModel, isExternal } from '../evaluate/external.js';
import type { ForwardControl } from '../evaluate/forward.js';
import { asFloat32, decodeSafetensors, encodeSafetensors, f32Tensor } from '../formats/safetensors.js';
import { type Shape, size } from '../graph/shape.js';
import { classLayer, placedLayers } from '../nn/placed-layers.js';
import { featuresOf, hiddenOf, selectFeatures } from '../teachers/feature-selection.js';
import { logitsOf } from '../teachers/logits.js';
import { decodeSoftTargets, encodeSoftTargets } from '../teachers/soft-file.js';
import { roomForSoftTargets, type SoftTargets, softTargets } from '../teachers/soft-targets.js';
import type { OutputsJob } from './spec.js';

/** The teachers' outputs for each sample: soft targets, or any numbers, [size, …shape]. */
export type Outputs =
  | { readonly kind: 'soft targets'; readonly soft: SoftTargets }
  | { readonly kind: 'table'; readonly values: Float32Array; readonly shape: Shape };

type What = OutputsJob['what'];

/** Computes the teachers' outputs. */
export async function makeOutputs(
  engine: Engine,
  what: What,
  teachers: readonly AnyModel[],
  data: Dataset | SampleStream,
  control: ForwardControl,
): Promise<Outputs> {
  if (what.kind === 'soft targets') {
    const { temperature, augment } = what;
    return {
      kind: what.kind,
      soft: await softTargets(engine, teachers, data, { temperature, augment, ...control }),
    };
  }
  if (what.kind === 'logits') {
    const values = await logitsOf(engine, teachers, data, control);
    return { kind: 'table', values, shape: [data.classes] };
  }
  const hidden = await hiddenOf(engine, teachers[0]!, data, control);
  if (what.kind === 'hidden')
    return { kind: 'table', values: hidden, shape: shapeOf(teachers[0]!, hidden.length / data.size) };
  const some = Math.min(data.size, what.selectedBy);
  const activations = hidden.subarray(0, some * (hidden.length / data.size));
  const selected = selectFeatures(activations, data.labels.subarray(0, some), what.selection);
  return {
    kind: 'table',
    values: featuresOf(hidden, { size: data.size, selected }),
    shape: [selected.length],
  };
}

/** Of a teacher's hidden units for one sample, of which there are so many. */
function shapeOf(teacher: AnyModel, units: number): Shape {
  const shape = isExternal(teacher)
    ? (teacher.featuresShape ?? [units])
    : classLayer(placedLayers(teacher.architecture)).input;
  demand(
    size(shape) === units,
    () =>
      `the features of ${(teacher as ExternalModel).name} are of shape [${shape}], but it answers ${units} a sample`,
    'mismatch',
  );
  return shape;
}

/** How many forward passes of the teachers over the data these outputs take. */
export function passesOf(what: What): number {
  return what.kind === 'soft targets' ? viewCount(what.augment) : 1;
}

/**
 * Outputs of zeros for this many samples: only a plan's shapes depend on them. `hidden`: in place of the shape of a teacher's
 * hidden units, which only its answers tell.
 */
export function outputsStandIn(what: What, data: Labeled, hidden: Shape): Outputs {
  if (what.kind === 'soft targets') {
    const { temperature, augment } = what;
    const probabilities = roomForSoftTargets(data.size, viewCount(augment), data.classes);
    return {
      kind: what.kind,
      soft: { temperature, augment, probabilities, classes: data.classes, transferSet: '', teachers: [] },
    };
  }
  const shape =
    what.kind === 'logits' ? [data.classes] : what.kind === 'hidden' ? hidden : [what.selection.count];
  return { kind: 'table', values: new Float32Array(data.size * size(shape)), shape };
}

const FORMAT = 'wasm-distill outputs';

export function encodeOutputs(outputs: Outputs): Uint8Array {
  if (outputs.kind === 'soft targets') return encodeSoftTargets(outputs.soft);
  const { values, shape } = outputs;
  return encodeSafetensors([f32Tensor('values', [values.length / size(shape), ...shape], values)], {
    format: FORMAT,
  });
}

/** @throws DistillError 'bad-file' */
export function decodeOutputs(bytes: Uint8Array, what: What, name: string): Outputs {
  if (what.kind === 'soft targets') return { kind: what.kind, soft: decodeSoftTargets(bytes, name) };
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const values = tensors.get('values');
  if (metadata.format !== FORMAT || !values || values.shape.length < 2)
    throw new DistillError('bad-file', `${name} is not a file of teachers' outputs of wasm-distill`);
  return { kind: 'table', values: asFloat32(values, name), shape: values.shape.slice(1) };
}
