import { DistillError, demand } from '../errors.js';
import { asFloat32, decodeSafetensors, encodeSafetensors, f32Tensor } from '../formats/safetensors.js';
import { checkState, type EpochResult, type TrainingState } from './trainer.js';

const FORMAT = 'wasm-distill checkpoint';

/**
 * A training state as a safetensors file. `fingerprint` says which run it belongs to; reading it with another one is
 * refused. What the caller adds to the metadata is kept.
 */
export function encodeCheckpoint(
  state: TrainingState,
  fingerprint: string,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  checkState(state);
  const { step, history, tensors } = state;
  return encodeSafetensors(
    [...tensors].map(([name, values]) => f32Tensor(name, [values.length], values)),
    { ...metadata, format: FORMAT, fingerprint, step: String(step), history: JSON.stringify(history) },
  );
}

/** @throws DistillError 'bad-file' for a damaged file, 'mismatch' for a checkpoint of another run. */
export function decodeCheckpoint(bytes: Uint8Array, fingerprint: string, name: string): TrainingState {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  demand(metadata.format === FORMAT, () => `${name} is not a checkpoint of wasm-distill`, 'bad-file');
  demand(
    metadata.fingerprint === fingerprint,
    () =>
      `${name} belongs to a run with other options or data: give the same ones, or start afresh without --resume`,
    'mismatch',
  );
  return {
    step: Number(metadata.step),
    history: historyIn(metadata.history, name),
    tensors: new Map([...tensors.values()].map((tensor) => [tensor.name, asFloat32(tensor, name)])),
  };
}

function historyIn(text: string | undefined, name: string): EpochResult[] {
  try {
    const history: unknown = JSON.parse(text ?? '');
    if (Array.isArray(history)) return history as EpochResult[];
  } catch {
    // Reported below.
  }
  throw new DistillError(
    'bad-file',
    `${name}: the history in its metadata can't be read: the checkpoint is damaged`,
  );
}
