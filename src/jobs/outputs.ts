import type { Engine } from '../backends/backend.js';
import { viewCount } from '../data/augment/index.js';
import type { Dataset } from '../data/dataset.js';
import type { Labeled, SampleStream } from '../data/stream.js';
import { DistillError } from '../errors.js';
import type { AnyModel } from '../evaluate/external.js';
import type { ForwardControl } from '../evaluate/forward.js';
import { asFloat32, decodeSafetensors, encodeSafetensors, f32Tensor } from '../formats/safetensors.js';
import { featuresOf, hiddenOf, selectFeatures } from '../teachers/feature-selection.js';
import { logitsOf } from '../teachers/logits.js';
import { decodeSoftTargets, encodeSoftTargets } from '../teachers/soft-file.js';
import { roomForSoftTargets, type SoftTargets, softTargets } from '../teachers/soft-targets.js';
import type { OutputsJob } from './spec.js';

/** The teachers' outputs for each sample: soft targets, or any numbers, [size, columns]. */
export type Outputs =
  | { readonly kind: 'soft targets'; readonly soft: SoftTargets }
  | { readonly kind: 'table'; readonly values: Float32Array; readonly columns: number };

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
    return { kind: 'table', values, columns: data.classes };
  }
  const hidden = await hiddenOf(engine, teachers[0]!, data, control);
  if (what.kind === 'hidden') return { kind: 'table', values: hidden, columns: hidden.length / data.size };
  const some = Math.min(data.size, what.selectedBy);
  const activations = hidden.subarray(0, some * (hidden.length / data.size));
  const selected = selectFeatures(activations, data.labels.subarray(0, some), what.selection);
  return {
    kind: 'table',
    values: featuresOf(hidden, { size: data.size, selected }),
    columns: selected.length,
  };
}

/** How many forward passes of the teachers over the data these outputs take. */
export function passesOf(what: What): number {
  return what.kind === 'soft targets' ? viewCount(what.augment) : 1;
}

/** In place of a teacher's hidden units, whose number only its answers tell: where they are kept, any may be learned from. */
const SOME_UNITS = 64;

/** Outputs of zeros for this many samples: only a plan's shapes depend on them. */
export function outputsStandIn(what: What, data: Labeled): Outputs {
  if (what.kind === 'soft targets') {
    const { temperature, augment } = what;
    const probabilities = roomForSoftTargets(data.size, viewCount(augment), data.classes);
    return {
      kind: what.kind,
      soft: { temperature, augment, probabilities, classes: data.classes, transferSet: '', teachers: [] },
    };
  }
  const columns =
    what.kind === 'logits' ? data.classes : what.kind === 'hidden' ? SOME_UNITS : what.selection.count;
  return { kind: 'table', values: new Float32Array(data.size * columns), columns };
}

const FORMAT = 'wasm-distill outputs';

export function encodeOutputs(outputs: Outputs): Uint8Array {
  if (outputs.kind === 'soft targets') return encodeSoftTargets(outputs.soft);
  const { values, columns } = outputs;
  return encodeSafetensors([f32Tensor('values', [values.length / columns, columns], values)], {
    format: FORMAT,
  });
}

/** @throws DistillError 'bad-file' */
export function decodeOutputs(bytes: Uint8Array, what: What, name: string): Outputs {
  if (what.kind === 'soft targets') return { kind: what.kind, soft: decodeSoftTargets(bytes, name) };
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const values = tensors.get('values');
  if (metadata.format !== FORMAT || values?.shape.length !== 2)
    throw new DistillError('bad-file', `${name} is not a file of teachers' outputs of wasm-distill`);
  return { kind: 'table', values: asFloat32(values, name), columns: values.shape[1]! };
}
